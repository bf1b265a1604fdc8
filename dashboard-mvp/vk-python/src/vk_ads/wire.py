"""The parts of VK Ads answers that cross the border: a whitelist, so unknown keys are dropped."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Raw, Struct

# Ids are numbers on the wire today; text is accepted so that no leading zero is ever lost.
Id = int | str
# No day of an ad has a million million of anything; sums of what is larger would overflow.
Count = Annotated[int, Meta(ge=0, le=10**12)]
Name = Annotated[str, Meta(max_length=1000)]
# Live answers hold real booleans; 0 and 1 can be read in one way only.
Flag = bool | Literal[0, 1]


class Account(Struct, frozen=True):
    """The account itself, from ``user.json``."""

    id: Id
    currency: str


class AdPlan(Struct, frozen=True):
    """What the cabinet calls a campaign."""

    id: Id
    name: Name = ""
    objective: Name | None = None


class AdGroup(Struct, frozen=True):
    """A group of ads; old names of the API call it a campaign."""

    id: Id
    ad_plan_id: Id | None = None
    name: Name = ""
    objective: Name | None = None
    enable_utm: Flag | None = None
    utm: str | None = None


class Url(Struct, frozen=True):
    """One link of an ad."""

    url: str = ""


class Banner(Struct, frozen=True):
    """An ad; ``urls`` holds its links by role."""

    id: Id
    ad_group_id: Id | None = None
    name: Name = ""
    urls: dict[str, Url] = {}


class Results(Struct, frozen=True):
    """The results the cabinet shows; ``result`` is the newer spelling of ``goals``."""

    goals: Count | None = None
    result: Count | None = None


class Base(Struct, frozen=True):
    """The ``base`` set of figures; ``spent`` is an amount in the account's currency.

    It stays as it was sent until ``zakaz.money`` reads it.
    """

    shows: Count
    clicks: Count
    spent: Raw
    vk: Results | None = None


class Day(Struct, frozen=True):
    """The figures of one ad on one Moscow day."""

    date: date
    base: Base


class BannerDays(Struct, frozen=True):
    """All days of one ad in an answer of daily statistics."""

    id: Id
    rows: list[Day] = []


class Statistics(Struct, frozen=True):
    """An answer of ``statistics/banners/day.json``."""

    items: list[BannerDays]
