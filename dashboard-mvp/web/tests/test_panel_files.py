"""Panels as files: CSV and JSON of the very rows a reader sees."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from decimal import Decimal

import pytest
from zakaz_web import kpi
from zakaz_web.panel import Column, Panel, ordered, plain, to_csv, to_json

COLUMNS = (Column("name", "text", "Имя"), Column("sum", "money", "Сумма"))


def panel(*rows: tuple[str, Decimal | None]) -> Panel:
    """Make a small panel."""
    return Panel("small", COLUMNS, rows, tuple(str(at) for at in range(len(rows))))


def lines(made: Panel) -> list[list[str]]:
    """Read a CSV back."""
    return list(csv.reader(io.StringIO(to_csv(made).decode("utf-8-sig"), newline="")))


def test_csv_is_rfc_4180_in_utf_8() -> None:
    """Commas, CRLF, doubled quotes, and a mark that tells Excel the encoding."""
    raw = to_csv(panel(('Шоу "Лёд", Томск', Decimal("1234.50"))))
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.decode("utf-8-sig") == 'Имя,Сумма\r\n"Шоу ""Лёд"", Томск",1234.50\r\n'


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "|", "%"])
def test_r17_a_text_that_starts_like_a_formula_is_marked_as_text(start: str) -> None:
    """A spreadsheet shows such a name and does not run it."""
    assert "'" + start + "SUM(A1)" == lines(panel((start + "SUM(A1)", None)))[1][0]


@pytest.mark.parametrize("lang", ["ru", "en"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_NONE])
def test_found_e9_no_cell_is_a_formula_wherever_the_line_is_split(
    lang: str, delimiter: str, quoting: int
) -> None:
    """Split at commas, semicolons or tabs, with quotes or without, no cell begins like one."""
    parts = ["=1+1", '"=1+1', " @SUM(A1)", "+1", "|x", "%y", "-2+3", "＝1+1"]
    names = [*parts, *(f"Шоу{sign}{part}" for sign in ",;\t\r\n" for part in parts), "a;;\n=1"]
    made = Panel("p", COLUMNS, tuple((name, Decimal("1.00")) for name in names))
    text = to_csv(made, lang).decode("utf-8-sig")
    for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting):  # type: ignore[arg-type]
        for cell in line:
            assert not re.match(r"""[\s"]*([=+@|%＝]|-(?! ))""", cell), cell


@pytest.mark.parametrize("name", ["Ростов-на-Дону", "1 + 1 = 2", "Цена: 100%; скидка", "a, - b"])
def test_a_text_that_is_no_formula_is_left_as_it_is(name: str) -> None:
    """Signs within a name are of no harm, and the file holds the name."""
    assert lines(panel((name, None)))[1][0] == name


def test_field_p27_control_characters_are_replaced() -> None:
    """A NUL in a name does not reach the file, where it ends some programs' reading."""
    made = panel(("А\0Б\x1b\x7f", None))
    assert lines(made)[1][0] == "А\ufffdБ\ufffd\ufffd"


def test_field_p20_a_russian_csv_is_what_russian_excel_opens() -> None:
    """Semicolons and decimal commas, or all is one column and 1.05 a day; days stay days."""
    columns = (*COLUMNS, Column("day", "day", "День"), Column("n", "count", "Число"))
    made = Panel("p", columns, (("Лёд, 1.05", Decimal("-1234.50"), date(2025, 6, 1), 7),))
    raw = to_csv(made, "ru")
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.decode("utf-8-sig") == (
        "Имя;Сумма;День;Число\r\nЛёд, 1.05;-1234,50;2025-06-01;7\r\n"
    )


def test_a_negative_amount_stays_a_number() -> None:
    """Only text can be a formula; a minus before digits of ours is an amount."""
    assert lines(panel(("a", Decimal("-5.00"))))[1][1] == "-5.00"


def test_json_keeps_every_kopeck() -> None:
    """Amounts travel as text: a float could not hold them."""
    made = to_json(panel(("a", Decimal("12345678901234.56")), ("b", None)))
    assert made["rows"] == [["a", "12345678901234.56"], ["b", None]]


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (0, "0"), (Decimal("1.50"), "1.50"), (date(2025, 6, 1), "2025-06-01"), ("x", "x")],
)
def test_plain_values(value: object, text: str) -> None:
    """Machines read dots, ISO days and nothing for NULL."""
    assert text == plain(value)  # type: ignore[arg-type]


def test_null_comes_last_in_either_order() -> None:
    """A row without a figure never leads the table."""
    made = panel(("a", None), ("b", Decimal(1)), ("c", Decimal(2)))
    assert "".join(str(row[0]) for row in ordered(made, "-sum", ("sum",)).rows) == "cba"
    assert "".join(str(row[0]) for row in ordered(made, "sum", ("sum",)).rows) == "bca"


def test_names_sort_as_people_expect() -> None:
    """Case does not count, and ё stands with е."""
    made = panel(("ёлка", None), ("Ель", None), ("Жук", None))
    assert [row[0] for row in ordered(made, "name", ("name",)).rows] == ["ёлка", "Ель", "Жук"]


def test_a_ratio_of_nothing_is_nothing() -> None:
    """Zero in the denominator gives None, and a change from nothing has no size."""
    assert kpi.divide(Decimal(5), 0) is None
    assert kpi.change(Decimal(5), Decimal(0)) is None
    assert kpi.change(None, Decimal(5)) is None
    assert Decimal("-1.0000") == kpi.change(0, 5)


def test_the_dictionary_names_only_sums_that_exist() -> None:
    """Each KPI is made of columns that panels/kpi.sql gives."""
    from zakaz_web import queries

    sql = queries.load("kpi").sql
    for figure in kpi.dictionary():
        for name in figure.ratio or (figure.sum,):
            assert f"AS {name}_sum" in sql
            assert f"AS compared_{name}" in sql
            assert f"AS previous_{name}" in sql
