"""Answers of daily statistics, read so that one odd thing costs itself and nothing else."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import msgspec
from msgspec import Raw, Struct
from zakaz.loose_json import UNREADABLE, fields_of, items_of, page_of

from vk_ads.objects import id_of
from vk_ads.wire import BannerDays, Day, Statistics


@dataclass(frozen=True, slots=True)
class RefusedDay:
    """A day of an ad that cannot be read or stored, and why; ``day`` is as it was told.

    Without ``banner_id`` it is not known whose day it is, without ``day`` it is all of an ad.
    """

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


class _Dated(Struct, frozen=True):
    date: str = ""


_strict = msgspec.json.Decoder(Statistics).decode
_loose = msgspec.json.Decoder(_Loose).decode
_ad = msgspec.json.Decoder(BannerDays).decode
_day = msgspec.json.Decoder(Day).decode
_dated = msgspec.json.Decoder(_Dated).decode


def read(answer: bytes, asked: Collection[str]) -> Part:
    """Read an answer; raises ValidationError when it holds no daily statistics at all.

    Days of an ad that was not asked for are refused: nobody could say later that they are wrong.
    """
    part = Part()
    try:
        ads = _strict(answer).items
    except UNREADABLE:
        ads = []
        for item in _items(answer):
            _read_ad(item, ads, part)
    for ad in ads:
        if str(ad.id) in asked:
            part.ads.append(ad)
        else:
            part.refused.append(RefusedDay("", "", "bad_id", "an ad that was not asked for"))
    return part


def _items(answer: bytes) -> list[Raw]:
    """Cut an answer into its ads; a value that strict JSON does not have spoils its own ad only."""
    try:
        return _loose(answer).items
    except msgspec.ValidationError:
        raise
    except UNREADABLE:
        return page_of(answer, "items", _Loose).items


def _read_ad(item: Raw, ads: list[BannerDays], part: Part) -> None:
    try:
        ads.append(_ad(item))
        return
    except UNREADABLE:
        identity = id_of(item)
    if identity is None:
        part.refused.append(RefusedDay("", "", "bad_id", "an ad without a readable id"))
        return
    rows = items_of((fields_of(item) or {}).get("rows", Raw(b"[]")))
    if rows is None:
        part.refused.append(RefusedDay(str(identity), "", "bad_day", "no days: rows"))
        return
    days = []
    for raw in rows:
        try:
            days.append(_day(raw))
        except UNREADABLE as error:
            told = str(error) if isinstance(error, msgspec.ValidationError) else "no JSON"
            part.refused.append(RefusedDay(str(identity), _told(raw), "bad_day", told))
    ads.append(BannerDays(identity, days))


def _told(raw: Raw) -> str:
    """Return the day as it was told, when it looks like one."""
    try:
        return _dated(raw).date[:10]
    except UNREADABLE:
        return ""
