"""What to synchronise: the sources, settings and days of a request, checked before any work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from zakaz import environment
from zakaz.errors import SettingsError
from zakaz.moscow import parse_day
from zakaz.rooms import Rooms, load_sources
from zakaz.source import Source

_EARLIEST = date(2000, 1, 1)


def is_dry(environ: Mapping[str, str], *, flag: bool) -> bool:
    """Say whether nothing may be written: by ``--dry-run`` or by DRY_RUN=true."""
    return environment.is_true(environ, "DRY_RUN") or flag


def choose(rooms: Rooms, names: Sequence[str], environ: Mapping[str, str]) -> list[Source]:
    """Give the named sources, or every configured one; all faults come in one SettingsError.

    DRY_RUN=true without any configured source means all of them: a stub run needs no token.
    """
    sources = load_sources(rooms, names or None)
    if not names:
        configured = [source for source in sources if source.is_configured(environ)]
        if not configured and not environment.is_true(environ, "DRY_RUN"):
            raise SettingsError(_nothing_configured(rooms, sources, environ))
        sources = configured or sources
    faults = [fault for source in sources if (fault := _fault(source, environ))]
    if faults:
        raise SettingsError("\n".join(dict.fromkeys("\n".join(faults).splitlines())))
    return sources


def day(text: str | None, option: str) -> date | None:
    """Read a day of the command line; another text is a SettingsError naming the option."""
    if text is None:
        return None
    try:
        return parse_day(text)
    except ValueError as error:
        raise SettingsError(f"{option}: {error}.") from None


def check_days(date_from: date | None, date_to: date | None, today: date) -> None:
    """Refuse reversed and future days, which would load nothing and look like success (C06)."""
    for value, option in ((date_from, "--from"), (date_to, "--to")):
        if value is not None and value > today:
            raise SettingsError(f"{option} {value} is in the future; today in Moscow is {today}.")
        if value is not None and value < _EARLIEST:
            raise SettingsError(f"{option} {value} is before {_EARLIEST}; check the year.")
    if date_from is not None and date_to is not None and date_from > date_to:
        raise SettingsError(f"--from {date_from} is later than --to {date_to}; swap them.")


def with_streams(sources: Sequence[Source], only: Sequence[str], entity: str) -> list[Source]:
    """Give the sources that have the streams; raises SettingsError for a stream none of them has.

    An id needs the one stream it belongs to.
    """
    known = [stream for source in sources for stream in source.streams]
    strange = [stream for stream in only if stream not in known]
    if strange:
        raise SettingsError(
            f"--only {strange[0]}: there is no such stream; there are {', '.join(known) or 'none'}."
        )
    if entity and len(only) != 1:
        raise SettingsError(
            f"--id {entity} needs its stream: add one of --only {', --only '.join(known)}."
        )
    return [source for source in sources if not only or set(only) & set(source.streams)]


def _fault(source: Source, environ: Mapping[str, str]) -> str:
    try:
        source.check(environ)
    except SettingsError as error:
        return str(error)
    return ""


def _nothing_configured(rooms: Rooms, sources: Sequence[Source], environ: Mapping[str, str]) -> str:
    lines = ["No source is configured, so there is nothing to load."]
    for source in sources:
        lines.append(f"{source.title}: {_fault(source, environ) or 'not configured'}")
    if not sources:
        lines.append("No source is installed; install one of the rooms, e.g. qtickets_api.")
    lines += [f"The room {room.name} is broken: {room.error}" for room in rooms.broken]
    lines.append("Without a token, 'zakaz demo' shows the product on invented data.")
    return "\n".join(lines)
