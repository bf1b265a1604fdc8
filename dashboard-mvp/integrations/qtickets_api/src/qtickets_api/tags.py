"""The tags of orders as columns: few different ones come, so each text is read once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
from zakaz.utm import NO_UTM, normalise

from qtickets_api.buyer import surnames, without_names, words_of
from qtickets_api.wire import MalformedError, Order, Utm

_MOST_KNOWN = 10_000
_decode = msgspec.json.Decoder(Utm | list[Any] | str | None).decode


class _Tags(NamedTuple):
    """The columns of one ``utm`` value, and the words in it that could be somebody's name."""

    columns: tuple[str, ...] = (*NO_UTM, "")
    words: frozenset[str] = frozenset()


class _Known(dict[bytes, _Tags]):
    def __missing__(self, text: bytes) -> _Tags:
        if len(self) >= _MOST_KNOWN:
            self.clear()
        sent = _sent(text)
        tags, raw = normalise(sent)
        return self.setdefault(text, _Tags((*tags, raw), words_of(sent)))


_KNOWN = _Known({b"[]": _Tags(), b"null": _Tags()})


def tag_columns(orders: Sequence[Order], raws: Sequence[bytes]) -> list[tuple[str, ...]]:
    """Give the five normalised tags and the raw ones as columns; raises MalformedError.

    Beside the orders stand their texts: names of their people are taken out of the tags.
    """
    found = [_KNOWN[bytes(order.utm)] for order in orders]
    rows = [tags.columns for tags in found]
    worded = [place for place, tags in enumerate(found) if tags.words]
    words = frozenset[str]().union(*{found[place].words for place in worded})
    if not words.isdisjoint(surnames([orders[place] for place in worded])):
        for place in worded:
            order = orders[place]
            if not found[place].words.isdisjoint(surnames([order])):
                rows[place] = _masked(bytes(order.utm), raws[place])
    return list(zip(*rows, strict=True))


def _masked(text: bytes, raw: bytes) -> tuple[str, ...]:
    tags, told = normalise(without_names(_sent(text), raw))
    return (*tags, told)


def _sent(text: bytes) -> dict[str, Any]:
    """Give the tags as they came; an empty PHP object is a list, and old orders have a text."""
    try:
        value = _decode(text)
    except msgspec.ValidationError:
        raise MalformedError("bad_type", "utm") from None
    return msgspec.structs.asdict(value) if isinstance(value, Utm) else {}
