"""Panels as workbooks: the same cells as the CSV, typed, and text that is never a formula."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from starlette.testclient import TestClient
from zakaz.moscow import MOSCOW
from zakaz_web.panel import Cell, Column, Panel
from zakaz_web.xlsx import to_xlsx

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FORMATS = ["General", "General", "#,##0.00", "#,##0", "0.0%", "yyyy-mm-dd", "yyyy-mm-dd hh:mm"]
FORMATS += ["0.00"]


def cells(book: bytes) -> list[list[tuple[str, str] | None]]:
    """Read a workbook back: the format and the text of each cell, None where it is empty."""
    with ZipFile(io.BytesIO(book)) as archive:
        assert archive.testzip() is None
        parts = {}
        for name in archive.namelist():
            parts[name] = ElementTree.fromstring(archive.read(name))  # noqa: S314 (our own bytes)
    sheet = parts["xl/worksheets/sheet1.xml"]
    assert not list(sheet.iter(f"{MAIN}f"))
    return [[_cell(cell) for cell in row] for row in sheet.iter(f"{MAIN}row")]


def _cell(cell: ElementTree.Element) -> tuple[str, str] | None:
    text = "".join(cell.itertext())
    if len(cell) == 0:
        return None
    if cell.get("t") == "inlineStr":
        return "text", text
    return FORMATS[int(cell.get("s", "0"))], text


def one(kind: str, value: Cell) -> tuple[str, str] | None:
    """Give what a single cell becomes."""
    return cells(to_xlsx(Panel("one", (Column("a", kind, "А"),), ((value,),))))[1][0]


@pytest.mark.parametrize(
    ("kind", "value", "cell"),
    [
        ("text", "Ёлка", ("text", "Ёлка")),
        ("text", '=HYPERLINK("x")', ("text", '=HYPERLINK("x")')),
        ("text", "<b>&amp;</b>", ("text", "<b>&amp;</b>")),
        ("text", "a\x00b\x0b", ("text", "a\ufffdb\ufffd")),
        ("text", " края ", ("text", " края ")),
        ("count", 0, ("#,##0", "0")),
        ("money", Decimal("-1234567.89"), ("#,##0.00", "-1234567.89")),
        ("money", 12, ("#,##0", "12")),
        ("cost", Decimal("14.40"), ("#,##0.00", "14.40")),
        ("share", Decimal("0.6250"), ("0.0%", "0.6250")),
        ("factor", Decimal("3.4251"), ("0.00", "3.4251")),
        ("day", date(2025, 6, 14), ("yyyy-mm-dd", "45822")),
        ("day", date(1900, 3, 1), ("yyyy-mm-dd", "61")),
        ("instant", datetime(2025, 6, 14, 18, tzinfo=MOSCOW), ("yyyy-mm-dd hh:mm", "45822.75")),
        ("money", None, None),
    ],
)
def test_a_cell_keeps_its_type(kind: str, value: Cell, cell: tuple[str, str] | None) -> None:
    """Numbers and days can be reckoned with, text stays text, NULL is empty."""
    assert cell == one(kind, value)


def test_a_figure_is_of_the_kind_of_its_row() -> None:
    """The panel of the tiles holds roubles, counts and shares in one column."""
    columns = (Column("kpi", "text", "Показатель"), Column("value", "figure", "Значение"))
    rows = (("ДРР", Decimal("0.1171")), ("Билеты", 7263), ("Расход", Decimal("12.50")))
    made = cells(to_xlsx(Panel("kpi", columns, rows, kinds=("share", "count", "money"))))
    assert [row[1] for row in made[1:]] == [
        ("0.0%", "0.1171"),
        ("#,##0", "7263"),
        ("#,##0.00", "12.50"),
    ]


def test_a_long_text_is_cut_where_excel_would_refuse_it() -> None:
    """A cell holds 32 767 letters; a longer text would make the whole file unreadable."""
    found = one("text", "я" * 40_000)
    assert found is not None
    assert len(found[1]) == 32_767


def test_field_p22_rows_carry_their_number() -> None:
    """Some readers refuse a row that does not say which one it is."""
    panel = Panel("p", (Column("a", "text", "А"),), (("x",), (None,)))
    with ZipFile(io.BytesIO(to_xlsx(panel))) as archive:
        sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))  # noqa: S314
    assert [row.get("r") for row in sheet.iter(f"{MAIN}row")] == ["1", "2", "3"]


def test_the_same_panel_is_the_same_file() -> None:
    """No clock is written into the file."""
    panel = Panel("p", (Column("a", "text", "А"),), (("x",),))
    assert to_xlsx(panel) == to_xlsx(panel)


@pytest.mark.parametrize(
    "panel", ["kpi", "cities", "events", "inventory", "marketing_kpi", "utm_kpi"]
)
def test_a_workbook_holds_the_cells_of_its_panel(client: TestClient, panel: str) -> None:
    """Each panel of the pages comes as a workbook with the rows and columns of its JSON."""
    answer = client.get(f"/panel/{panel}.xlsx")
    assert answer.headers["content-disposition"].endswith('.xlsx"')
    made = cells(answer.content)
    data = client.get(f"/panel/{panel}.json").json()
    assert [column["label"] for column in data["columns"]] == [cell and cell[1] for cell in made[0]]
    assert len(data["rows"]) == len(made) - 1 > 0
    for row, line in zip(data["rows"], made[1:], strict=True):
        for value, cell in zip(row, line, strict=True):
            assert (value is None) == (cell is None)
            if cell is not None and "yyyy" not in cell[0]:
                assert str(value) == cell[1]
