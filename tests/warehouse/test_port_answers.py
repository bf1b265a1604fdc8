"""What the port promises of answers, errors and closing, on each adapter."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from zakaz.errors import WarehouseError
from zakaz.warehouse.port import Warehouse


@pytest.mark.engine
def test_an_engines_error_has_its_code_and_not_our_data(port: Warehouse) -> None:
    """Errors carry the engine's code and one line; texts of the statement stay out of it."""
    port.execute("CREATE TABLE zakaz.t (s String) ENGINE = MergeTree ORDER BY s")
    secret = "canary+79991234567"
    cases = {
        60: f"SELECT * FROM zakaz.nothing WHERE s = '{secret}'",
        47: f"SELECT nothing FROM zakaz.t WHERE s = '{secret}'",
        62: f"SELEC * FROM zakaz.t WHERE s = '{secret}'",
        6: f"SELECT toUInt32('{secret}')",
        395: f"SELECT throwIf(s != '{secret}') FROM zakaz.t",
    }
    port.insert("zakaz.t", {"s": ["x"]})
    for code, sql in cases.items():
        with pytest.raises(WarehouseError, match=f"code {code}: ") as caught:
            port.query(sql)
        assert caught.value.code == code
        assert secret not in str(caught.value)
        assert "\n" not in str(caught.value)
        assert len(str(caught.value)) < 400


@pytest.mark.engine
def test_a_failed_query_leaves_nothing_in_the_next_answer(port: Warehouse) -> None:
    """Rows that came out before a failure belong to no later answer."""
    for rows in (1, 100_000, 1_000_000):
        with pytest.raises(WarehouseError, match="395"):
            port.query(f"SELECT number, throwIf(number = {rows - 1}) FROM numbers({rows})")
        assert port.query("SELECT 'next', 1").rows == [("next", 1)]


@pytest.mark.engine
def test_an_empty_answer_still_names_its_columns(port: Warehouse) -> None:
    """No row is no reason to lose names and types; a statement without answer gives none."""
    answer = port.query("SELECT 1 AS a, toDate('2026-01-01') AS d WHERE 0")
    assert (answer.columns, answer.types, answer.rows) == (("a", "d"), ("UInt8", "Date"), [])
    with pytest.raises(ValueError, match="expected one value, got 0 rows"):
        answer.scalar()


@pytest.mark.engine
def test_a_number_that_is_none_comes_back_as_none(port: Warehouse) -> None:
    """NaN and infinity, what a division by zero leaves, are no values a page could show."""
    assert port.query("SELECT nan, inf, -inf, 1., [nan, 2.]").rows == [
        (None, None, None, 1.0, [None, 2.0])
    ]


@pytest.mark.engine
def test_compound_values_come_back_as_pythons_own(port: Warehouse) -> None:
    """Tuples, maps, intervals and addresses have one Python shape, whichever the adapter."""
    sql = (
        "SELECT (1, 'a', toDate('2026-01-01')), map('k', toDecimal64('1.10', 2)), "
        "map(toUInt64(5), 'v'), toIPv4('1.2.3.4'), CAST((1, 'x'), 'Tuple(n UInt8, s String)'), "
        "tuple(toDateTime(0, 'UTC')), NULL"
    )
    assert port.query(sql).rows == [
        (
            (1, "a", date(2026, 1, 1)),
            {"k": Decimal("1.10")},
            {5: "v"},
            "1.2.3.4",
            (1, "x"),
            (datetime(1970, 1, 1, tzinfo=UTC),),
            None,
        )
    ]


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO zakaz.t VALUES (1)",
        "insert into zakaz.t (a) values (1)",
        "-- a note\nINSERT INTO `zakaz`.`t` (`a`) VALUES ('SELECT')",
        "INSERT INTO zakaz.t FORMAT JSONEachRow {}",
    ],
)
def test_rows_inside_a_statement_are_refused(port: Warehouse, sql: str) -> None:
    """INSERT … VALUES would hang on a server, so neither adapter takes it."""
    port.execute("CREATE TABLE zakaz.t (a UInt8) ENGINE = MergeTree ORDER BY a")
    with pytest.raises(WarehouseError, match="not taken"):
        port.execute(sql)
    port.execute("INSERT INTO zakaz.t SELECT 1 AS values")
    assert port.query("SELECT count() FROM zakaz.t").scalar() == 1


@pytest.mark.engine
def test_one_warehouse_serves_several_threads(port: Warehouse) -> None:
    """Threads share an open warehouse; their answers and their failures do not mix."""
    wrong: list[object] = []

    def ask(number: int) -> None:
        for _ in range(10):
            try:
                if port.query("SELECT {n:UInt32}", {"n": number}).scalar() != number:
                    wrong.append(number)
                port.query(f"SELECT throwIf(number = 500, 'n{number}') FROM numbers(1000)")
            except WarehouseError as error:
                if f"n{number}" not in str(error) and "…" not in str(error):
                    wrong.append(error)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []


def test_a_closed_warehouse_says_so(port: Warehouse) -> None:
    """Closing twice is fine; asking afterwards is an error, not a crash."""
    port.close()
    port.close()
    with pytest.raises(WarehouseError, match="closed"):
        port.query("SELECT 1")
