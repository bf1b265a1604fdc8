"""A finding: one thing ``zakaz doctor`` looked at, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from zakaz.errors import EXIT_CONFIG, EXIT_OK, EXIT_TRANSIENT, ZakazError
from zakaz.interval import spelt
from zakaz.scrub import scrub

CLOCK_TOLERANCE = timedelta(minutes=5)
_SET_CLOCK = (
    "Set this machine's clock by NTP, e.g. sudo timedatectl set-ntp true. Sales are counted by "
    "their Moscow hour, and a wrong clock makes old data look fresh."
)


class Level(StrEnum):
    """How bad a finding is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; ``fix`` says what to do unless it is ok."""

    topic: str
    level: Level
    told: str
    fix: str = ""
    exit_code: int = EXIT_OK


def fine(topic: str, told: str) -> Finding:
    """Give a finding that asks for nothing."""
    return Finding(topic, Level.OK, scrub(told))


def doubtful(topic: str, told: str, fix: str) -> Finding:
    """Give a finding that does not stop the work."""
    return Finding(topic, Level.WARN, scrub(told), scrub(fix))


def wrong(topic: str, told: str, fix: str) -> Finding:
    """Give a finding that must be fixed first."""
    return Finding(topic, Level.FAIL, scrub(told), scrub(fix), EXIT_CONFIG)


def failed(topic: str, error: ZakazError, fix: str) -> Finding:
    """Give the finding of an error: wait and ask again, or fix what it names."""
    code = EXIT_TRANSIENT if error.exit_code == EXIT_TRANSIENT else EXIT_CONFIG
    return Finding(topic, Level.FAIL, scrub(str(error)), scrub(fix), code)


def clock(ahead: timedelta, whose: str) -> Finding:
    """Judge this machine's clock by another one; ``ahead`` is negative when it is behind."""
    apart = spelt(abs(ahead))
    if abs(ahead) <= CLOCK_TOLERANCE:
        return fine("clock", f"within {max(1, round(abs(ahead).total_seconds()))} s of {whose}")
    side = "ahead of" if ahead > timedelta(0) else "behind"
    return wrong("clock", f"this machine is {apart} {side} {whose}", _SET_CLOCK)
