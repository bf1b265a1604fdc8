"""How a show is written: its day and hour where it plays, how far off it is, its seats."""

from __future__ import annotations

from datetime import date

from zakaz_web.seats import Seats, Show
from zakaz_web.view import PageView, city_name, event_name


class ShowWords:
    """Writes shows for one page: its language, its figures, its today."""

    def __init__(self, view: PageView) -> None:
        self._view = view
        self._texts = view.texts
        self._f = view.figures

    def day(self, day: date | None) -> str:
        """Write a day of the place it is played at: ``сб, 14 мар``."""
        if day is None:
            return self._texts("show.no_day")
        return self._f.weekday(day, year=day.year != self._view.today.year)

    def hour(self, show: Show) -> str:
        """Write the hour on the clock of the city, or say that it is Moscow's."""
        if show.local_start is None:
            return ""
        text = f"{show.local_start:%H:%M}"
        return text if show.has_clock else self._texts("show.moscow", time=text)

    def moscow(self, show: Show) -> str:
        """Write the hour in Moscow, where it is another one."""
        if show.starts_at is None or not show.is_elsewhere:
            return ""
        time = self._f.clock(show.starts_at, show.day or self._view.today)
        return self._texts("show.moscow", time=time)

    def days(self, days: int | None) -> str:
        """Write how far off a day is: ``через 12 дней``, ``завтра``, ``3 дня назад``."""
        if days is None:
            return ""
        if -1 <= days <= 1:
            return self._texts(("days.yesterday", "days.today", "days.tomorrow")[days + 1])
        key = "days.ahead" if days > 0 else "days.ago"
        return self._texts.count(key, abs(days), self._f.count(abs(days)))

    def event(self, show: Show) -> str:
        """Write the name of the event."""
        return event_name(show.event_id, show.event_name, self._texts)

    def where(self, show: Show) -> str:
        """Write city, place and the show's own name."""
        city = city_name(show.city, show.city_name, self._texts)
        return " · ".join(filter(None, (city, show.place, show.name)))

    def state(self, show: Show) -> str:
        """Name the state of the show."""
        return show.state(self._view.now)

    def is_old(self, show: Show) -> bool:
        """Say whether the count is older than it should be."""
        return show.is_count_old(self._view.now)

    def uncounted(self, show: Show) -> str:
        """Say that nobody counted the seats, and whether anybody still will."""
        return self._texts("seats.none" if show.is_ahead(self._view.now) else "seats.missed")

    def seats(self, seats: Seats) -> str:
        """Write a bar in words, for readers who cannot see it."""
        f = self._f
        return self._texts(
            "seats.sentence",
            sold=f.count(seats.sold),
            reserved=f.count(seats.reserved),
            held=f.count(seats.held),
            left=f.count(seats.left),
            total=f.count(seats.total),
        )
