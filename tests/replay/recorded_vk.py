"""The advertiser on the cassettes, and what each scenario makes of it before it is recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from zakaz_emulators.vk import Account, VkAdsEmulator, empty_account, faults, small_account
from zakaz_emulators.wire import Request, Response

NOW = datetime.fromisoformat("2026-03-20T15:00:00+03:00")
# Three days with an archived ad's last one; a recording of the live service takes days of its own.
DAYS = (date(2026, 3, 8), date(2026, 3, 10))
STATISTICS = "/api/v2/statistics/banners/day.json"


class RecordedEmulator(VkAdsEmulator):
    """An emulator in whose time every answer takes a second: limits are reached on purpose only."""

    def answer(self, request: Request) -> Response:
        """Answer as ever, and be a second later."""
        response = super().answer(request)
        self.clock.advance(1)
        return response


def _nothing(_: VkAdsEmulator) -> None:
    """Leave the service as it is."""


def _few_ids(emulator: VkAdsEmulator) -> None:
    emulator.switches.most_ids = 6


def _expiring(emulator: VkAdsEmulator) -> None:
    emulator.faults.add(faults.before(emulator.tokens.expire), path="ad_plans.json")


def _forbidden(emulator: VkAdsEmulator) -> None:
    emulator.rates.forbid("banners/day.json")


def _others_ask_too(emulator: VkAdsEmulator) -> None:
    def ask_twice() -> None:
        for _ in range(2):
            emulator.rates.take(emulator.account.user.id, STATISTICS)

    emulator.faults.add(faults.before(ask_twice), path="banners/day.json")


def _all_slots_taken(emulator: VkAdsEmulator) -> None:
    for _ in range(5):
        emulator.tokens.issue(emulator.account.clients[emulator.client_id])


def _withdrawn(emulator: VkAdsEmulator) -> None:
    emulator.account.clients[emulator.client_id].revoked = True


@dataclass(frozen=True, slots=True)
class Scenario:
    """What one cassette is recorded of.

    ``stage`` prepares the emulator; ``has_token`` is whether the loader finds a stored token.
    ``is_staged`` says that no live account can be brought there, or none should be: a new token
    takes one of its five slots.
    """

    stage: Callable[[VkAdsEmulator], None] = _nothing
    has_token: bool = True
    is_staged: bool = False
    account: Callable[[], Account] = field(default=lambda: small_account(now=NOW))


SCENARIOS = {
    "account": Scenario(),
    "lists": Scenario(),
    "statistics": Scenario(),
    "unknown_id": Scenario(),
    "refused": Scenario(),
    "wrong_secret": Scenario(has_token=False),
    "token": Scenario(has_token=False, is_staged=True),
    "no_slot": Scenario(_all_slots_taken, has_token=False, is_staged=True),
    "expired": Scenario(_expiring, is_staged=True),
    "revoked": Scenario(_withdrawn, is_staged=True),
    "limit_error": Scenario(_few_ids, is_staged=True),
    "rate_limit": Scenario(_others_ask_too, is_staged=True),
    "no_right": Scenario(_forbidden, is_staged=True),
    "empty_account": Scenario(is_staged=True, account=lambda: empty_account(now=NOW)),
}


def recorded_emulator(name: str) -> RecordedEmulator:
    """Give the emulator of a scenario, as it stands before its first request."""
    scenario = SCENARIOS[name]
    emulator = RecordedEmulator(scenario.account())
    if scenario.has_token:
        emulator.tokens.issue(emulator.account.clients[emulator.client_id])
    scenario.stage(emulator)
    return emulator
