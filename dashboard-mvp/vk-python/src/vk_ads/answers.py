"""Answers of daily statistics, read so that one bad day costs that day and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec
from msgspec import Raw, Struct, ValidationError

from vk_ads.wire import BannerDays, Day, Id, Statistics


@dataclass(frozen=True, slots=True)
class RefusedDay:
    """A day of an ad that cannot be read or stored, and why; ``day`` is as it was told."""

    banner_id: str
    day: str
    reason: str
    context: str

    @property
    def key(self) -> str:
        """Name it as the quarantine does."""
        return f"{self.banner_id} {self.day}".strip()


@dataclass(slots=True)
class Part:
    """One answer: the days that can be read, ad by ad, and those that cannot."""

    ads: list[BannerDays] = field(default_factory=list)
    refused: list[RefusedDay] = field(default_factory=list)


class _Loose(Struct, frozen=True):
    items: list[Raw]


class _LooseAd(Struct, frozen=True):
    id: Id
    rows: list[Raw] = []


class _LooseDay(Struct, frozen=True):
    date: str = ""


_strict = msgspec.json.Decoder(Statistics).decode
_loose = msgspec.json.Decoder(_Loose).decode
_ad = msgspec.json.Decoder(BannerDays).decode
_loose_ad = msgspec.json.Decoder(_LooseAd).decode
_day = msgspec.json.Decoder(Day).decode
_loose_day = msgspec.json.Decoder(_LooseDay).decode


def read(answer: bytes) -> Part:
    """Read an answer; raises ValidationError when it holds no daily statistics at all."""
    try:
        return Part(_strict(answer).items)
    except ValidationError:
        part = Part()
        for item in _loose(answer).items:
            _read_ad(item, part)
        return part


def _read_ad(item: Raw, part: Part) -> None:
    try:
        part.ads.append(_ad(item))
    except ValidationError:
        ad = _loose_ad(item)  # an ad without an id is no answer: whose spend would it be?
        days = []
        for raw in ad.rows:
            try:
                days.append(_day(raw))
            except ValidationError as error:
                part.refused.append(RefusedDay(str(ad.id), _told(raw), "bad_day", str(error)))
        part.ads.append(BannerDays(ad.id, days))


def _told(raw: Raw) -> str:
    try:
        return _loose_day(raw).date[:10]
    except ValidationError:
        return ""
