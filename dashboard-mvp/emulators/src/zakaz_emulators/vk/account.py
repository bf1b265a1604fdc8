"""One advertiser's account: it can be read as lists and figures, and changed as time changes it."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from operator import itemgetter
from threading import RLock
from typing import Any

from zakaz_emulators.clock import Clock
from zakaz_emulators.vk.records import (
    NOTHING,
    AdGroup,
    AdPlan,
    Banner,
    Client,
    Figures,
    User,
)

Objects = AdPlan | AdGroup | Banner


class Account:
    """Campaigns, groups, ads and their days; figures are those that were true at an instant.

    A day's figures exist from its first minute on. ``restate`` overlays them from a later instant:
    what was read before stays what it was.
    """

    def __init__(self, clock: Clock, user: User, clients: list[Client]) -> None:
        self.clock = clock
        self.user = user
        self.clients = {client.client_id: client for client in clients}
        self.plans: dict[int, AdPlan] = {}
        self.groups: dict[int, AdGroup] = {}
        self.banners: dict[int, Banner] = {}
        self.unattributed: dict[date, Figures] = {}
        self.lock = RLock()
        self._facts: dict[int, dict[date, Figures]] = {}
        self._restated: dict[tuple[int, date], list[tuple[datetime, Figures]]] = {}

    # What is true ------------------------------------------------------------------------------

    def figures(self, banner_id: int, day: date, at: datetime) -> Figures:
        """Give the figures of an ad on a day as they stood at an instant."""
        if day > at.date():
            return NOTHING
        found = self._facts.get(banner_id, {}).get(day, NOTHING)
        for effective, figures in self._restated.get((banner_id, day), ()):
            if effective <= at:
                found = figures
        return found

    def days(
        self, banner_id: int, first: date, last: date, at: datetime
    ) -> Iterator[tuple[date, Figures]]:
        """Give the days on which an ad did anything, oldest first."""
        for day in sorted(self._facts.get(banner_id, ())):
            if first <= day <= last:
                figures = self.figures(banner_id, day, at)
                if figures:
                    yield day, figures

    def plan_of(self, banner_id: int) -> int | None:
        """Give the campaign of an ad; ads older than campaigns have none."""
        group = self.groups.get(self.banners[banner_id].ad_group_id)
        return group.ad_plan_id if group is not None else None

    # Changes -----------------------------------------------------------------------------------

    def put(self, *objects: Objects) -> None:
        """Add campaigns, groups or ads, or put others in their place."""
        with self.lock:
            for one in objects:
                if isinstance(one, AdPlan):
                    self.plans[one.id] = one
                elif isinstance(one, AdGroup):
                    self.groups[one.id] = one
                else:
                    self.banners[one.id] = one

    def put_figures(
        self,
        banner_id: int,
        day: date,
        *,
        shows: int = 0,
        clicks: int = 0,
        spent: Decimal | str = "0",
        goals: int = 0,
    ) -> None:
        """Say what an ad did on a day from the start."""
        self.put_day(banner_id, day, Figures(shows, clicks, Decimal(spent), goals))

    def put_day(self, banner_id: int, day: date, figures: Figures) -> None:
        """Say the same with figures that are at hand."""
        with self.lock:
            self._facts.setdefault(banner_id, {})[day] = figures

    def restate(
        self, banner_id: int, day: date, *, at: datetime | None = None, **changes: Any
    ) -> None:
        """Correct a day from an instant on (now by default); what is not named stays as it is.

        ``shows=0, clicks=0, spent=0, goals=0`` makes the day as if it had never been.
        """
        with self.lock:
            effective = self.clock.now if at is None else at
            if "spent" in changes:
                changes["spent"] = Decimal(changes["spent"])
            self._facts.setdefault(banner_id, {}).setdefault(day, NOTHING)
            corrected = replace(self.figures(banner_id, day, effective), **changes)
            known = self._restated.setdefault((banner_id, day), [])
            insort(known, (effective, corrected), key=itemgetter(0))

    def archive(self, one: Objects) -> None:
        """Archive a campaign, group or ad: it is hidden from lists, and its spend stays."""
        self.change(one, status="deleted")

    def change(self, one: Objects, **values: Any) -> None:
        """Change a campaign, group or ad, as the cabinet does: ``updated`` moves."""
        with self.lock:
            for name, value in {**values, "updated": self.clock.now}.items():
                setattr(one, name, value)

    def remove_banner(self, banner_id: int, *, spend_stays: bool = False) -> None:
        """Let an ad be gone altogether: no list and no statistics know its id.

        ``spend_stays`` leaves its figures in the account's total, where no ad accounts for them.
        """
        with self.lock:
            if spend_stays:
                for day in self._facts.get(banner_id, {}):
                    self.charge(day, self.figures(banner_id, day, self.clock.now))
            del self.banners[banner_id]
            self._facts.pop(banner_id, None)

    def charge(self, day: date, figures: Figures) -> None:
        """Add to the account's total of a day what no ad accounts for."""
        with self.lock:
            self.unattributed[day] = self.unattributed.get(day, NOTHING) + figures
