"""The VK Ads emulator as a running server."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC
from email.utils import format_datetime

from zakaz_emulators.clock import Clock
from zakaz_emulators.server import Asked, Emulator
from zakaz_emulators.vk.account import Account
from zakaz_emulators.vk.api import VkAdsApi
from zakaz_emulators.vk.ledger import Ledger
from zakaz_emulators.vk.oauth import DELETE, TOKEN
from zakaz_emulators.vk.rates import Rates
from zakaz_emulators.vk.switches import Switches
from zakaz_emulators.vk.tokens import Tokens
from zakaz_emulators.wire import Request, Response


class VkAdsEmulator(Emulator):
    """A running emulator: ``with VkAdsEmulator(account) as emulator: emulator.base_url``.

    ``requests`` is the log, ``tokens`` counts what the token endpoint was asked, ``rates`` holds
    the limits, ``switches`` the undocumented ways, ``faults`` breaks answers, ``ledger`` is the
    truth and ``clock`` the service's time, which also dates the answers.
    """

    def __init__(
        self, account: Account, *, switches: Switches | None = None, port: int = 0
    ) -> None:
        super().__init__(port)
        self.account = account
        self.switches = switches or Switches()
        self._api = VkAdsApi(account, self.switches)

    @property
    def clock(self) -> Clock:
        """The service's clock."""
        return self.account.clock

    @property
    def ledger(self) -> Ledger:
        """The truth of the account."""
        return self._api.ledger

    @property
    def tokens(self) -> Tokens:
        """The token slots."""
        return self._api.tokens

    @property
    def rates(self) -> Rates:
        """The limits of the methods."""
        return self._api.rates

    @property
    def base_url(self) -> str:
        """What ``VK_ADS_BASE_URL`` is set to."""
        return self.url

    @property
    def client_id(self) -> str:
        """What ``VK_ADS_CLIENT_ID`` is set to: the account's first access."""
        return next(iter(self.account.clients))

    @property
    def client_secret(self) -> str:
        """What ``VK_ADS_CLIENT_SECRET`` is set to."""
        return self.account.clients[self.client_id].secret

    @property
    def writes(self) -> list[Asked]:
        """The requests that were neither reads nor for a token: a loader's test fails on any."""
        return [
            asked
            for asked in self.requests
            if asked.method not in ("GET", "HEAD") and asked.path not in (TOKEN, DELETE)
        ]

    def asked(self, path: str) -> list[Asked]:
        """Give the requests whose path ends so."""
        return [asked for asked in self.requests if asked.path.endswith(path)]

    def answer(self, request: Request) -> Response:
        """Answer a request as the service would."""
        return self._api(request)

    def respond(
        self, method: str, path: str, query: str, body: bytes, headers: dict[str, str]
    ) -> Response:
        """Answer one request; compressed if the switch and the client agree."""
        response = super().respond(method, path, query, body, headers)
        packed = any(name == "Content-Encoding" for name, _ in response.headers)
        if packed or not self.switches.gzip or "gzip" not in headers.get("accept-encoding", ""):
            return response
        return gzipped(response)

    def date(self) -> str:
        """Date the answers by the service's own clock."""
        return format_datetime(self.clock.now.astimezone(UTC), usegmt=True)


def gzipped(response: Response) -> Response:
    """Compress a response's body."""
    headers = (*response.headers, ("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding"))
    return replace(response, body=gzip.compress(response.body, mtime=0), headers=headers)
