"""Money: exact roubles from decimal text, rounded half up to the kopeck before any database."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

KOPECK = Decimal("0.01")
ZERO = Decimal("0.00")
LIMIT = Decimal(10) ** 13

_PLAIN = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_JSON_NUMBER = re.compile(rb"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_JSON_TEXT = re.compile(rb'"([^"\\]*)"')
_NO_NUMBERS = frozenset({"NaN", "Infinity", "-Infinity"})


class AmountRangeError(ValueError):
    """A number that no table of ours could hold as money."""


def roubles(text: str | Decimal | int) -> Decimal:
    """Return an exact amount in roubles; anything but a plain finite number raises ValueError.

    Floats are refused because they have lost kopecks already; grouped or comma text is refused
    because it can be read two ways.
    """
    if isinstance(text, str):
        if not _PLAIN.fullmatch(text.strip()):
            raise ValueError(f"not an amount: {text[:40]!r}")
        amount = Decimal(text.strip())
    elif isinstance(text, Decimal):
        amount = text
    elif isinstance(text, int) and not isinstance(text, bool):
        amount = Decimal(text)
    else:
        raise ValueError(f"not an amount: a {type(text).__name__}")
    if not amount.is_finite() or abs(amount) >= LIMIT:
        raise AmountRangeError("an amount out of range")
    # Adding zero turns a negative zero into a plain one.
    return amount.quantize(KOPECK, rounding=ROUND_HALF_UP) + ZERO


def wire_amount(value: bytes) -> Decimal:
    """Return exact roubles from one value of a JSON answer: a number, or a plain amount as text.

    This is the one reader for every source, so that an amount is read from its own digits and two
    sources cannot be read by two rules. Raises AmountRangeError for a number that is too large or
    none, and ValueError for everything else, such as null, ``"1 234,5"``, ``"1e3"`` or ``"1_000"``.
    """
    value = bytes(value).strip()
    if _JSON_NUMBER.fullmatch(value):
        try:
            return roubles(Decimal(value.decode("ascii")))
        except ArithmeticError:  # an exponent that no Decimal has
            raise AmountRangeError("an amount out of range") from None
    text = _JSON_TEXT.fullmatch(value)
    if text is None:
        raise ValueError("not an amount")
    plain = text[1].decode("utf-8", "replace").strip()
    if plain in _NO_NUMBERS:
        raise AmountRangeError("an amount out of range")
    return roubles(plain)
