"""Pages of lists taken apart: metadata, keys and rows, no more than is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, overload

import msgspec
from msgspec import Raw, Struct
from zakaz import loose_json

from qtickets_api.wire import Keys, Order, keys_of


class Paging(Struct, frozen=True, gc=False):
    """The envelope's metadata: the only page size to rely on is the returned one (E4)."""

    per_page: int = msgspec.field(name="perPage")
    current_page: int = msgspec.field(name="currentPage")
    total: int


class Envelope(Struct, frozen=True):
    """One page of a list; the rows stay bytes, so that a bad one spoils no other."""

    data: list[Raw]
    paging: Paging


class _KeysPage(Struct, frozen=True):
    data: list[Keys]
    paging: Paging


class _OrderPage(Struct, frozen=True):
    data: list[Order]
    paging: Paging


_decode_envelope = msgspec.json.Decoder(Envelope).decode
_decode_keys_page = msgspec.json.Decoder(_KeysPage).decode
_decode_order_page = msgspec.json.Decoder(_OrderPage).decode


class Rows(Sequence[bytes]):
    """The rows of a page as they came, cut apart when the first of them is looked at."""

    def __init__(self, answer: bytes, count: int | None = None) -> None:
        self.answer = answer
        self._count = count

    def __len__(self) -> int:
        return len(self._cut) if self._count is None else self._count

    @overload
    def __getitem__(self, place: int) -> bytes: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[bytes]: ...

    def __getitem__(self, place: Any) -> Any:
        return self._cut[place]

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._cut)

    @cached_property
    def _cut(self) -> list[Raw]:
        return decode_envelope(self.answer).data


def decode_envelope(answer: bytes) -> Envelope:
    """Take a page apart; raises msgspec.ValidationError when it is no page.

    A value that strict JSON does not have (NaN, a lone surrogate) spoils its own row only.
    """
    try:
        return _decode_envelope(answer)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        return loose_json.page_of(answer, "data", Envelope)


def decode_page(answer: bytes) -> tuple[Paging, Sequence[bytes], Sequence[Keys | None]]:
    """Give the metadata of a page, its rows, and the keys of each row as far as it has some.

    Raises msgspec.ValidationError when it is no page.
    """
    try:
        page = _decode_keys_page(answer)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        envelope = decode_envelope(answer)
        return envelope.paging, envelope.data, list(map(keys_of, envelope.data))
    return page.paging, Rows(answer, len(page.data)), page.data


def decode_orders(raws: Sequence[bytes]) -> list[Order] | None:
    """Give the orders of a page that came whole and well; None where each must be seen alone."""
    if not isinstance(raws, Rows):
        return None
    try:
        return _decode_order_page(raws.answer).data
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
