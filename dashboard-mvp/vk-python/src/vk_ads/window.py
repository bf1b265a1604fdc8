"""Which days a run reads: the trailing ones, the chosen ones, or all that VK Ads still keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from zakaz.errors import SettingsError
from zakaz.source import SyncRequest

# The API answers for the last 366 days only; today is one of them.
KEPT = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Days:
    """The inclusive Moscow days of a run; ``mode`` is how they came about, for the journal."""

    first: date
    last: date
    mode: str

    @property
    def moves_watermark(self) -> bool:
        """Say whether the run leaves no older day unread."""
        return self.mode != "days"


def chosen(request: SyncRequest, today: date, read_to: date | None, trailing: int) -> Days:
    """Choose the days; ``read_to`` is the last day of the last complete run, None before it.

    Raises SettingsError for days that VK Ads does not keep any more.
    """
    oldest = today - KEPT
    if request.date_from or request.date_to:
        days = Days(request.date_from or oldest, min(request.date_to or today, today), "days")
        if days.first < oldest:
            raise SettingsError(
                f"--from {days.first}: VK Ads keeps a year of daily statistics, back to {oldest}. "
                "What was loaded before stays in the warehouse."
            )
        return days
    if request.full_refresh or read_to is None or read_to < oldest:
        return Days(oldest, today, "full")
    # A pause longer than the trailing days leaves no gap.
    return Days(min(today - timedelta(days=trailing - 1), read_to), today, "trailing")
