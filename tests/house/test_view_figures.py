"""No view shows a figure that stands in its own text: demo data has a store of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import sqlglot
from sqlglot import exp

VIEW = re.compile(r"^infra/clickhouse/views/.+\.sql$")


def invented(sql: str) -> list[str]:
    """Give the items of every SELECT list, at any depth, whose figure comes from no column."""
    (view,) = sqlglot.parse(sql, dialect="clickhouse")
    assert view is not None
    return [
        item.sql(dialect="clickhouse")
        for select in view.find_all(exp.Select)
        for item in select.expressions
        if not item.find(exp.Column, exp.Star) and any(_numbers(item))
    ]


def _numbers(item: exp.Expression) -> Iterator[bool]:
    """Tell of every number whether it is a figure: an empty side of a union is 0 and is none."""
    for literal in item.find_all(exp.Literal):
        is_scale = isinstance(literal.parent, exp.DataTypeParam) or (
            isinstance(literal.parent, exp.Anonymous)
            and literal.arg_key == "expressions"
            and literal.index == 1
        )
        if not literal.is_string and not is_scale:
            yield float(literal.this) != 0


def test_h17_no_view_shows_a_figure_that_stands_in_its_text(texts: dict[str, str]) -> None:
    """Every figure of every view comes from a column; only the empty side of a union is 0."""
    views = {name: text for name, text in texts.items() if VIEW.match(name)}
    assert len(views) > 10
    assert {name: found for name, text in views.items() if (found := invented(text))} == {}


@pytest.mark.parametrize(
    "item",
    ["1000 AS revenue", "toDecimal64(12.5, 2) AS spend", "CAST(7 AS UInt64) AS orders", "2 * 21"],
)
def test_h17_a_planted_figure_is_found(item: str) -> None:
    """A number, one in another type, one that is calculated, and one in a part of a union."""
    assert invented(f"CREATE OR REPLACE VIEW bi.v_x AS SELECT d, {item} FROM zakaz.f")
    half = f"SELECT d, sum(x) AS x FROM zakaz.f GROUP BY d UNION ALL SELECT today(), {item}"
    assert invented(f"CREATE OR REPLACE VIEW bi.v_x AS SELECT * FROM ({half})")


def test_h17_zero_and_constants_of_formulas_are_no_figures() -> None:
    """An empty side is 0, of whatever type, and a share may be multiplied."""
    sql = "SELECT d, 0 AS a, toDecimal64(0, 2) AS b, CAST(0, 'Decimal(38, 2)') AS c, 1000 * x AS m"
    assert invented(f"CREATE OR REPLACE VIEW bi.v_x AS {sql} FROM zakaz.f") == []
