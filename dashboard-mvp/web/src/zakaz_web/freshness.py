"""How old the figures are: the badge in the header."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from zakaz_web import queries
from zakaz_web.reading import Snapshot

SALES_SOURCE = "qtickets"
ADS_SOURCE = "vk"
STATES = ("ok", "warning", "critical", "no_data")


@dataclass(frozen=True, slots=True)
class SourceAge:
    """The age of one source, as ``bi.v_ops_freshness`` judges it."""

    source: str
    loaded_at: datetime | None
    status: str
    newest_day: date | None = None  # of a sale or of statistics: a quiet week is no old load
    lost_rows: int = 0  # stored once and not there any more: figures are too low


@dataclass(frozen=True, slots=True)
class Freshness:
    """The badge of the Sales page, and the age of every source for its tooltip."""

    sources: tuple[SourceAge, ...]

    @property
    def sales(self) -> SourceAge:
        """Give the source that the Sales page stands on."""
        return self.of(SALES_SOURCE)

    @property
    def ads(self) -> SourceAge:
        """Give the source of spend."""
        return self.of(ADS_SOURCE)

    @property
    def lost_rows(self) -> int:
        """Return how many rows of all sources are lost."""
        return sum(age.lost_rows for age in self.sources)

    def of(self, source: str) -> SourceAge:
        """Give the age of a source, one without data where nobody tells of it."""
        for age in self.sources:
            if age.source == source:
                return age
        return SourceAge(source, None, "no_data")

    @property
    def status(self) -> str:
        """Return ok, warning, critical or no_data; lost rows, or an unknown word, are critical."""
        if self.lost_rows:
            return "critical"
        status = self.sales.status
        return status if status in STATES else "critical"

    def stamp(self, generation: str) -> str:
        """Name what an open page shows; another name means that it should be shown anew."""
        loads = (
            f"{age.loaded_at.isoformat()} {age.status}" for age in self.sources if age.loaded_at
        )
        return " ".join((generation, self.status, *loads))

    @property
    def loaded_at(self) -> datetime | None:
        """Give the instant of the last load of sales."""
        return self.sales.loaded_at


def read_freshness(snapshot: Snapshot, now: datetime) -> Freshness:
    """Read the age of every source; an instant ahead of our clock counts as now."""
    ages = []
    for row in snapshot.query(queries.load("freshness")).dicts():
        loaded = row["last_loaded_at"]
        ages.append(
            SourceAge(
                str(row["source"]),
                min(loaded, now) if loaded else None,
                str(row["status"]),
                row["last_business_date"],
                int(row["lost_rows"]),
            )
        )
    return Freshness(tuple(ages))
