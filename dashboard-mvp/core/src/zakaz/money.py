"""Money: exact roubles from decimal text, rounded half up to the kopeck before any database."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

KOPECK = Decimal("0.01")
ZERO = Decimal("0.00")
LIMIT = Decimal(10) ** 13

_PLAIN = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")


def roubles(text: str | Decimal | int) -> Decimal:
    """Give an exact amount in roubles; anything but a plain finite number raises ValueError.

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
        raise ValueError("an amount out of range")
    # Adding zero turns a negative zero into a plain one.
    return amount.quantize(KOPECK, rounding=ROUND_HALF_UP) + ZERO
