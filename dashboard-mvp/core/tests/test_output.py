"""What commands print."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal

import pytest
from zakaz.cli import output
from zakaz.moscow import MOSCOW

NOON = datetime(2026, 2, 1, 12, 0, tzinfo=MOSCOW)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"), ("", "–"), (0, "0"), (True, "yes"), (False, "no"),
        (NOON, "2026-02-01 12:00:00"), (date(2026, 2, 1), "2026-02-01"),
        (Decimal("1.50"), "1.50"), (1.234, "1.23"),
        ([202601, 202602], "202601, 202602"), ([], "–"),
    ],
)  # fmt: skip
def test_values_are_shown_as_people_read_them(value: object, text: str) -> None:
    """Absence is a dash, zero is zero."""
    assert output.shown(value) == text


def test_json_keeps_money_and_instants_exact(capsys: pytest.CaptureFixture[str]) -> None:
    """Decimals and instants are texts; nothing passes through a float."""
    output.emit_json({"price": Decimal("0.10"), "at": NOON, "day": date(2026, 2, 1), "m": {1}})

    assert json.loads(capsys.readouterr().out) == {
        "price": "0.10", "at": "2026-02-01T12:00:00+03:00", "day": "2026-02-01", "m": [1],
    }  # fmt: skip


def test_a_table_into_a_pipe_keeps_its_rows_whole(capsys: pytest.CaptureFixture[str]) -> None:
    """A long value is not folded, and numbers stand to the right."""
    output.print_table(("name", "count"), [("x" * 120, 5), ("y", 1000)])

    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines() if line.strip()]
    assert lines[2].split() == ["x" * 120, "5"]
    assert lines[3].endswith(" 1000")
    assert lines[2].endswith("    5")


def test_pairs_are_aligned(capsys: pytest.CaptureFixture[str]) -> None:
    """Values stand under each other."""
    output.print_pairs([("a", 1), ("long name", None)])

    assert capsys.readouterr().out == "a          1\nlong name  –\n"
