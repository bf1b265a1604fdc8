"""A panel as an Excel workbook: one sheet, typed cells, written with the standard library.

Text is always an inline string, so a name that looks like a formula stays a name. Amounts, counts
and ratios are numbers, days and Moscow instants are Excel dates; NULL is an empty cell.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from zakaz.moscow import as_moscow

from zakaz_web.panel import Cell, Column, Panel, printable

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_EPOCH = date(1899, 12, 30)  # Excel's day nought
_LONGEST = 32_767  # letters a cell may hold
_STAMP = (1980, 1, 1, 0, 0, 0)  # the same panel is the same file, byte for byte

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

# Cell styles by place in cellXfs: plain, head, money, whole, ratio, day, instant, factor.
_STYLES = {"money": 2, "cost": 2, "count": 3, "change": 4, "share": 4, "factor": 7}
_HEADING, _DAY, _INSTANT = 1, 5, 6
_WIDTHS = {"text": 34}
_FORMATS = (
    "General",
    "General",
    "#,##0.00",
    "#,##0",
    "0.0%",
    "yyyy-mm-dd",
    "yyyy-mm-dd hh:mm",
    "0.00",
)


def to_xlsx(panel: Panel) -> bytes:
    """Write a panel as a workbook with one sheet of its rows and columns."""
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
            f'<sheet name="{panel.name[:31]}" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": _relations(
            [("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml")]
        ),
        "xl/styles.xml": _styles(),
        "xl/worksheets/sheet1.xml": _sheet(panel),
    }
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            info = ZipInfo(name, _STAMP)
            info.compress_type = ZIP_DEFLATED
            archive.writestr(info, (_HEAD + text).encode())
    return out.getvalue()


def _sheet(panel: Panel) -> str:
    head = "".join(_text(column.label, _HEADING) for column in panel.columns)
    kinds = panel.kinds or ("",) * len(panel.rows)
    # Some readers refuse rows without their number.
    rows = "".join(
        f'<row r="{at}">{"".join(_cells(panel.columns, row, kind))}</row>'
        for at, (row, kind) in enumerate(zip(panel.rows, kinds, strict=True), 2)
    )
    widths = "".join(
        f'<col min="{at}" max="{at}" customWidth="1" width="{_WIDTHS.get(column.kind, 16)}"/>'
        for at, column in enumerate(panel.columns, 1)
    )
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    view = f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
    return (
        f'<worksheet xmlns="{_MAIN}">{view}<cols>{widths}</cols>'
        f'<sheetData><row r="1">{head}</row>{rows}</sheetData></worksheet>'
    )


def _cells(columns: tuple[Column, ...], row: tuple[Cell, ...], own: str) -> Iterator[str]:
    for column, value in zip(columns, row, strict=True):
        if value is None:
            yield "<c/>"
        elif isinstance(value, str):
            yield _text(value, 0)
        elif isinstance(value, datetime):
            at = as_moscow(value)
            seconds = at.hour * 3600 + at.minute * 60 + at.second
            yield _number(str(_days(at.date()) + Decimal(seconds) / 86_400), _INSTANT)
        elif isinstance(value, date):
            yield _number(str(_days(value)), _DAY)
        else:
            style = _STYLES.get(own if column.kind == "figure" else column.kind, 0)
            is_whole = style == _STYLES["money"] and not isinstance(value, Decimal)
            yield _number(str(value), _STYLES["count"] if is_whole else style)


def _text(value: str, style: int) -> str:
    kept = escape(printable(value[:_LONGEST]))
    return f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{kept}</t></is></c>'


def _number(value: str, style: int) -> str:
    return f'<c s="{style}"><v>{value}</v></c>'


def _days(day: date) -> int:
    return (day - _EPOCH).days


def _styles() -> str:
    formats = "".join(
        f'<numFmt numFmtId="{164 + at}" formatCode="{code}"/>' for at, code in enumerate(_FORMATS)
    )
    cells = "".join(
        f'<xf numFmtId="{164 + at}" fontId="{int(at == _HEADING)}" fillId="0" borderId="0" xfId="0"'
        ' applyNumberFormat="1" applyFont="1"/>'
        for at in range(len(_FORMATS))
    )
    font = '<sz val="11"/><name val="Calibri"/>'
    return (
        f'<styleSheet xmlns="{_MAIN}"><numFmts count="{len(_FORMATS)}">{formats}</numFmts>'
        f'<fonts count="2"><font>{font}</font><font><b/>{font}</font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
        "</cellStyleXfs>"
        f'<cellXfs count="{len(_FORMATS)}">{cells}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
        "</styleSheet>"
    )


def _relations(targets: list[tuple[str, str]]) -> str:
    links = "".join(
        f'<Relationship Id="rId{at}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def _content_types() -> str:
    parts = {
        "workbook.xml": "sheet.main",
        "styles.xml": "styles",
        "worksheets/sheet1.xml": "worksheet",
    }
    names = "".join(
        f'<Override PartName="/xl/{name}" ContentType="{_TYPE}.{kind}+xml"/>'
        for name, kind in parts.items()
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{names}</Types>"
    )
