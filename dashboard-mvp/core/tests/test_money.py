"""Money: exact to the kopeck, or refused."""

from __future__ import annotations

from decimal import Decimal
from itertools import repeat

import pytest
from zakaz.money import roubles


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
