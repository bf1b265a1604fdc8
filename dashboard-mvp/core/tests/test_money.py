"""Money: exact to the kopeck, or refused."""

from __future__ import annotations

from decimal import Decimal
from itertools import repeat

import pytest
from zakaz.money import AmountRangeError, roubles, wire_amount


def test_f14_three_times_19_99_is_59_97() -> None:
    """Kopecks survive multiplication."""
    assert roubles("19.99") * 3 == Decimal("59.97")


def test_f14_a_million_dimes_are_exact() -> None:
    """The sum of 10⁶ × 0.10 is 100 000.00, not nearly so."""
    assert sum(repeat(roubles("0.10"), 1_000_000), Decimal()) == Decimal("100000.00")


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1.005", "1.01"),
        ("1.004", "1.00"),
        ("1.999", "2.00"),
        ("-0.001", "0.00"),
        ("-1.005", "-1.01"),
        ("0", "0.00"),
        (" 1234.10 ", "1234.10"),
        ("+5", "5.00"),
        ("9999999999999", "9999999999999.00"),
    ],
)
def test_p05_text_is_rounded_half_up_to_the_kopeck(text: str, amount: str) -> None:
    """Rounding happens in Python, because the engine and its driver truncate."""
    assert str(roubles(text)) == amount


@pytest.mark.parametrize("value", [Decimal("1234.10"), 1234, Decimal("1.2341E+3")])
def test_decimals_and_whole_numbers_are_read_as_they_are(value: Decimal | int) -> None:
    """What the JSON decoder gives needs no detour through text."""
    assert roubles(value) == Decimal(value).quantize(Decimal("0.01"))


@pytest.mark.parametrize(
    "value",
    [
        "1 234,56",
        "1,234.56",
        "",
        "abc",
        "1e3",
        "0x10",
        "1_000",
        "١٢",
        "10000000000000",
        "-10000000000000",
        Decimal("1e18"),
        Decimal("1e999"),
        Decimal("NaN"),
        Decimal("Infinity"),
        10**18,
        19.99,
        float("nan"),
        True,
        None,
    ],
)
def test_p06_what_is_no_plain_amount_is_refused(value: object) -> None:
    """Grouped text, floats, NaN, infinities and amounts out of range raise ValueError."""
    with pytest.raises(ValueError, match="amount"):
        roubles(value)  # type: ignore[arg-type] # wrong types are the point


def test_a_negative_zero_does_not_exist() -> None:
    """-0.001 is printed as 0.00, never as -0.00."""
    assert str(roubles("-0.004")) == "0.00"


@pytest.mark.parametrize(
    ("sent", "amount"),
    [
        (b"1500", "1500.00"),
        (b"19.99", "19.99"),
        (b"1.005", "1.01"),
        (b"-0.0", "0.00"),
        (b"1.5e3", "1500.00"),
        (b'"1480.5"', "1480.50"),
        (b'" 12 "', "12.00"),
        (b'"+5"', "5.00"),
        (b"9007199254740993.5e-4", "900719925474.10"),
    ],
)
def test_found_e13_an_amount_of_an_answer_is_read_from_its_digits(sent: bytes, amount: str) -> None:
    """A number, or the same as text; no detour through a float."""
    assert str(wire_amount(sent)) == amount


@pytest.mark.parametrize(
    "sent",
    [b"null", b"true", b"[]", b"{}", b"[1]", b'""', b'"abc"', b'"1_000"', b'"1e3"', b'".5"',
     b'"5."', '"\u0661\u0662"'.encode(), '"\uff11"'.encode(), b'"1 234,56"', b'"1,5"', b'"\\u0031"',
     b'"\xff"', b"", b"01x"],
)  # fmt: skip
def test_found_e13_what_is_no_plain_amount_is_refused(sent: bytes) -> None:
    """Text that Python alone would take for a number is none: the same for every source."""
    with pytest.raises(ValueError, match="not an amount") as caught:
        wire_amount(sent)
    assert not isinstance(caught.value, AmountRangeError)


@pytest.mark.parametrize(
    "sent",
    [b"1e18", b"-1e18", b"1e999", b"1e99999999999999999999", b'"NaN"', b'"-Infinity"', b"1" * 400,
     b'"' + b"9" * 30 + b'"'],
)  # fmt: skip
def test_found_e13_an_amount_that_no_table_holds_is_out_of_range(sent: bytes) -> None:
    """It is another fault than a text that is no amount."""
    with pytest.raises(AmountRangeError):
        wire_amount(sent)
