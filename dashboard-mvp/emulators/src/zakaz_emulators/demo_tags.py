"""Where the demo organisation's buyers come from: the UTM tags of its orders."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import accumulate
from random import Random

from zakaz_emulators.demo_campaigns import Campaign
from zakaz_emulators.pace import AD_CHANNELS, CHANNELS
from zakaz_emulators.season import Dated, Season

Tags = Mapping[str, str]
_BOUNDS = list(accumulate(share / 100 for *_, share in CHANNELS))


class Tagger:
    """Gives orders their UTM tags; equal tags are one shared object."""

    def __init__(
        self, played: Season, advertising: list[Campaign], random: Random, orders: int
    ) -> None:
        self._drawn = iter([random.random() for _ in range(orders)])
        self._shows = {one.show.id: one for one in played.shows}
        self._doors = {one.show.id: _doors(one, advertising) for one in played.shows}
        self._known: dict[tuple[str, str, int, int], Tags] = {}

    def tags(self, show_id: int, day: date) -> Tags:
        """Give the tags of an order of this show made on this day."""
        draw = next(self._drawn)
        place, inside = _place(_BOUNDS, draw)
        source, medium, _ = CHANNELS[place]
        if not source:
            return {}
        if (source, medium) in AD_CHANNELS:
            doors = self._doors[show_id]
            tags = doors[_place([bound for bound, _ in doors], inside)[0]][1]
            return self._in_capitals(tags, show_id) if source.isupper() else tags
        key = (source, medium, show_id, day.year * 100 + day.month)
        if key not in self._known:
            self._known[key] = _others(self._shows[show_id], source, medium, day)
        return self._known[key]

    def _in_capitals(self, tags: Tags, show_id: int) -> Tags:
        key = ("", tags["utm_content"], show_id, 0)
        source = tags["utm_source"].upper()
        return self._known.setdefault(key, {**tags, "utm_source": source})


def _place(bounds: Sequence[float], draw: float) -> tuple[int, float]:
    """Give the part that a draw falls into, and where in it, both from 0 to 1."""
    place = min(bisect(bounds, draw), len(bounds) - 1)
    first = bounds[place - 1] if place else 0.0
    return place, (draw - first) / (bounds[place] - first)


def _doors(one: Dated, advertising: list[Campaign]) -> list[tuple[float, Tags]]:
    """Give the tags by which VK brings buyers to a show, each with the upper bound of its share."""
    found = [
        (campaign.share * part.share, part.tags)
        for campaign in advertising
        for part in campaign.sets
        if campaign.show_id in (None, one.show.id) and part.tags
    ]
    bounds = accumulate(share for share, _ in found)
    return [(bound, tags) for bound, (_, tags) in zip(bounds, found, strict=True)]


def _others(one: Dated, source: str, medium: str, day: date) -> Tags:
    slug, city = one.production.slug, one.production.city.name.lower()
    found = {
        "utm_source": source,
        "utm_medium": medium,
        "utm_campaign": f"{slug}-{source}-{day:%Y%m}",
    }
    if medium == "cpc":
        found["utm_content"] = f"{city}_{one.day:%d_%m}"
        found["utm_term"] = "куда пойти с детьми"
    return found
