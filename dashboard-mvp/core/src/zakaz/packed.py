"""Columns held tightly: whole numbers in arrays, checked when they were made.

A packed column is a sequence of the same values that a list would hold (aware datetimes, Decimals,
texts), so it goes wherever a column goes. The warehouse adapters know it and pass its numbers on as
they lie, which makes a load of a million rows fast and small.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Self

from zakaz.moscow import MOSCOW

Columns = dict[str, "Packed"]


class Packed(Sequence[Any]):
    """A column of one kind; ``lies_as`` is the type in which the engine reads its bytes.

    A value that an array of this kind cannot hold raises OverflowError.
    """

    code: ClassVar[str]
    lies_as: ClassVar[str]

    def __init__(self, numbers: Iterable[int] = ()) -> None:
        self.numbers = array(self.code, numbers)

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self[index] for index in range(*place.indices(len(self)))]
        return self.value(self.numbers[place])

    def value(self, number: int) -> Any:
        """Give the value that a number stands for."""
        return number

    def present(self) -> Sequence[int]:
        """Give the numbers of the values that are there."""
        return self.numbers

    def extend(self, more: Self) -> None:
        """Add the values of a column of the same kind."""
        self.numbers.extend(more.numbers)

    def chosen(self, places: Sequence[int]) -> Self:
        """Give a column of the values at some places."""
        numbers = self.numbers
        return type(self)(numbers[place] for place in places)

    def native(self) -> bytes:
        """Give the values in the engine's Native format."""
        return self.numbers.tobytes()

    def plain(self) -> list[Any]:
        """Give the values as clickhouse-driver takes them."""
        return list(map(self.value, self.numbers))

    def selected(self, name: str) -> str:
        """Give the expression that turns what lies in a file into the column."""
        return name


class Instants(Packed):
    """Instants as seconds since 1970, for ``DateTime``."""

    code = "I"
    lies_as = "DateTime('Europe/Moscow')"

    def value(self, number: int) -> datetime:
        """Give the instant on the Moscow clock."""
        return datetime.fromtimestamp(number, MOSCOW)

    def plain(self) -> list[Any]:
        """Give seconds, which the driver takes for a DateTime."""
        return self.numbers.tolist()


class OptionalInstants(Instants):
    """Instants of which some are absent, for ``Nullable(DateTime)``."""

    lies_as = "Nullable(DateTime('Europe/Moscow'))"

    def __init__(self, numbers: Iterable[int] = (), absent: Iterable[int] = ()) -> None:
        super().__init__(numbers)
        self.absent = bytearray(absent)

    def __getitem__(self, place: Any) -> Any:
        if not isinstance(place, slice) and self.absent[place]:
            return None
        return super().__getitem__(place)

    def present(self) -> Sequence[int]:
        """Give the seconds of those that are there."""
        pairs = zip(self.numbers, self.absent, strict=True)
        return [seconds for seconds, is_absent in pairs if not is_absent]

    def extend(self, more: Self) -> None:
        """Add the instants of another such column."""
        super().extend(more)
        self.absent += more.absent

    def chosen(self, places: Sequence[int]) -> Self:
        """Give a column of the instants at some places."""
        absent = self.absent
        return type(self)(
            [self.numbers[place] for place in places], [absent[place] for place in places]
        )

    def native(self) -> bytes:
        """Give which are absent, then the seconds."""
        return bytes(self.absent) + super().native()

    def plain(self) -> list[Any]:
        """Give seconds, None where there is no instant."""
        pairs = zip(self.numbers, self.absent, strict=True)
        return [None if is_absent else seconds for seconds, is_absent in pairs]


class Kopecks(Packed):
    """Money as whole kopecks, for ``Decimal(18, 2)``."""

    code = "q"
    lies_as = "Decimal(18, 2)"

    def value(self, number: int) -> Decimal:
        """Give exact roubles, whatever the arithmetic context."""
        digits = tuple(map(int, f"{abs(number):03d}"))
        return Decimal((int(number < 0), digits, -2))


class Flags(Packed):
    """Yes and no, for ``Bool``."""

    code = "B"
    lies_as = "Bool"

    def value(self, number: int) -> bool:
        """Give the bool."""
        return bool(number)


class Counts(Packed):
    """Whole numbers up to 4 294 967 295, for ``UInt32``."""

    code = "I"
    lies_as = "UInt32"


class Versions(Packed):
    """Whole numbers of 64 bits, for ``UInt64``."""

    code = "Q"
    lies_as = "UInt64"


class Identities(Packed):
    """Ids kept as numbers and stored as their digits, for ``String``; 0 is none and stored as ''.

    The engine writes the digits: a text of Python weighs seven times as much as the number.
    """

    code = "Q"
    lies_as = "UInt64"

    def value(self, number: int) -> str:
        """Give the digits."""
        return str(number) if number else ""

    def selected(self, name: str) -> str:
        """Give the expression that writes the digits."""
        return f"if({name} = 0, '', toString({name}))"


class Texts(Packed):
    """Texts that repeat themselves, for ``String``."""

    lies_as = "String"

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self.texts = list(texts)

    def __len__(self) -> int:
        return len(self.texts)

    def __getitem__(self, place: Any) -> Any:
        return self.texts[place]

    def extend(self, more: Self) -> None:
        """Add the texts of another such column."""
        self.texts += more.texts

    def chosen(self, places: Sequence[int]) -> Self:
        """Give a column of the texts at some places."""
        return type(self)([self.texts[place] for place in places])

    def native(self) -> bytes:
        """Give each text behind its length in bytes."""
        known = {text: with_length(text.encode()) for text in set(self.texts)}
        return b"".join(map(known.__getitem__, self.texts))

    def is_unicode(self) -> bool:
        """Say whether no text holds half a character."""
        try:
            "".join(set(self.texts)).encode()
        except UnicodeEncodeError:
            return False
        return True

    def plain(self) -> list[Any]:
        """Give the texts."""
        return self.texts


def with_length(data: bytes) -> bytes:
    """Give bytes behind their length, as the Native format writes a text."""
    return varint(len(data)) + data


def varint(number: int) -> bytes:
    """Give a whole number in groups of seven bits, the lowest first."""
    written = bytearray()
    while number > 127:
        written.append(number & 127 | 128)
        number >>= 7
    written.append(number)
    return bytes(written)
