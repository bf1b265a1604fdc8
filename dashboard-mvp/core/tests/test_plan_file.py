"""The plan file: whole and sound, or refused with a reason for every bad line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from zakaz import plan_file
from zakaz.errors import DataError
from zakaz.plan_file import PlanLine

HEADING = "sales_date,event_id,plan_tickets,plan_revenue\n"
Write = Callable[[str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Give a function that writes a plan."""

    def to_file(content: str | bytes) -> Path:
        path = tmp_path / "plan.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return to_file


def refusal(path: Path) -> str:
    """Give why a file is refused."""
    with pytest.raises(DataError) as refused:
        plan_file.read(path)
    return str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "sales_date;event_id;plan_tickets;plan_revenue\n2026-02-01;17;10;1500,50\n",
        'plan_revenue,event_id,sales_date,plan_tickets\n"1500,50",17,01.02.2026,10\n',
        "\ufeffДата;ID события;План билетов;План выручки\r\n01.02.2026;17;10;1 500,50\r\n;;;\r\n",
        ' Sales_Date ,event_id,plan_tickets,plan_revenue\n\n2026-02-01,"17",10,1500.50',
    ],
    ids=["semicolons", "commas", "russian-with-mark", "loose"],
)
def test_columns_are_found_by_name(write: Write, text: str) -> None:
    """Semicolons or commas, any order, Russian headings, a byte order mark, empty lines."""
    expected = PlanLine(date(2026, 2, 1), "17", 10, Decimal("1500.50"))
    assert plan_file.read(write(text)) == [expected]


def test_optional_columns_are_taken_and_the_name_is_not(write: Write) -> None:
    """Currency and account are kept, the event's name is for people; one figure is enough."""
    text = "sales_date,event_id,event_name,plan_tickets,currency,account_id\n"
    text += '2026-02-01,17,"Ёлка, ""Гала""",10,kzt,main\n'
    (line,) = plan_file.read(write(text))
    assert line == PlanLine(date(2026, 2, 1), "17", 10, Decimal(0), "KZT", "main")


def test_r4_every_bad_line_is_named_with_its_reasons(write: Write) -> None:
    """One bad line refuses the file; a quoted line break does not shift the numbers."""
    text = "sales_date,event_id,event_name,plan_tickets\n"
    text += '2026-02-01,17,"two\nlines",1\n'
    text += "30.02.2026,17,,x\n"
    text += "2026-02-01,17,again,1\n"
    text += "2026-02-02,17\n"
    told = refusal(write(text))
    assert "3 lines of" in told
    assert "nothing was imported" in told
    assert "line 4: sales_date: '30.02.2026' is no day" in told
    assert "plan_tickets: 'x' is no number of tickets" in told
    assert "line 5: plans the same day and event as line 2" in told
    assert "line 6: 2 cells under 4 headings" in told


def test_many_bad_lines_are_counted(write: Write) -> None:
    """Twenty are told, the others counted."""
    told = refusal(write(HEADING + "x,17,1,1\n" * 33))
    assert told.startswith("33 lines of")
    assert told.count("line ") == 20
    assert "and 13 more" in told


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "sales_date is missing; event_id is missing"),
        ("x" * 200_000, "sales_date is missing; event_id is missing"),
        (HEADING, "no line of a plan"),
        ("sales_date,event_id\n2026-02-01,17\n", "one of plan_tickets and plan_revenue"),
        (HEADING.replace("plan_tickets", "tickets"), "there is no column 'tickets'"),
        (HEADING.replace("plan_tickets", "event_id"), "event_id comes twice"),
        ("дата;событие;план билетов\n".encode("cp1251"), "not UTF-8"),
        (HEADING.encode("utf-16"), "not UTF-8"),
        (HEADING + '2026-02-01,17,1,"5\n', "line 2: unexpected end of data"),
        (HEADING + f"2026-02-01,17,1,{'5' * 200_000}\n", "line 2: field larger than"),
    ],
    ids=[
        "empty",
        "no-text",
        "heading-only",
        "no-figure",
        "unknown",
        "twice",
        "cp1251",
        "utf-16",
        "quote",
        "megabytes",
    ],
)
def test_a_file_that_is_no_plan_says_how_to_mend_it(
    write: Write, content: str | bytes, reason: str
) -> None:
    """Missing, unknown and doubled columns, other encodings and open quotes are told in words."""
    assert reason in refusal(write(content))


def test_a_file_without_end_is_refused(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is held before anything is written has a bound."""
    monkeypatch.setattr(plan_file, "MOST_ROWS", 2)
    text = HEADING + "".join(f"2026-02-0{day},17,1,1\n" for day in (1, 2, 3))
    assert "more than 2 lines" in refusal(write(text))


def test_a_folder_is_no_plan(tmp_path: Path) -> None:
    """What cannot be read is wrong data, not a bug."""
    assert "cannot be read" in refusal(tmp_path)
