"""The Qtickets emulator as a running server."""

from __future__ import annotations

from http import HTTPStatus
from threading import Thread
from typing import Self

from zakaz_emulators.qtickets.api import LARGEST_PAGE, REST, QticketsApi
from zakaz_emulators.qtickets.ledger import Ledger
from zakaz_emulators.qtickets.organisation import Organisation
from zakaz_emulators.server import Asked, Emulator
from zakaz_emulators.wire import Request, Response

DEFAULT_TOKEN = "emulator-token"  # noqa: S105 - opens nothing but this emulator


class QticketsEmulator(Emulator):
    """A running emulator: ``with QticketsEmulator(organisation) as emulator: emulator.base_url``.

    ``requests`` is the log, ``writes`` what a reader must never send, ``faults`` the switches and
    ``ledger`` the truth. ``frozen`` promises an organisation that never changes: faster pages.
    """

    server_name = "nginx/1.14.1"

    def __init__(
        self,
        organisation: Organisation,
        *,
        token: str = DEFAULT_TOKEN,
        port: int = 0,
        largest_page: int = LARGEST_PAGE,
        frozen: bool = False,
    ) -> None:
        super().__init__(port)
        self.organisation = organisation
        self.token = token
        self._api = QticketsApi(organisation, token=token, largest_page=largest_page, frozen=frozen)
        self._warmer: Thread | None = None
        if frozen:
            self._warmer = Thread(target=self._api.warm, args=(self._server.stopping,), daemon=True)

    @property
    def ledger(self) -> Ledger:
        """The truth of the organisation."""
        return self._api.ledger

    @property
    def base_url(self) -> str:
        """What ``QTICKETS_BASE_URL`` is set to."""
        return self.url + REST

    @property
    def writes(self) -> list[Asked]:
        """The requests that were no reads: a loader's test fails on any."""
        return [asked for asked in self.requests if asked.method not in ("GET", "HEAD")]

    def answer(self, request: Request) -> Response:
        """Answer a request as the service would."""
        return self._api(request)

    def headers(self, response: Response) -> tuple[tuple[str, str], ...]:
        """Give the service's own headers, then those of the response."""
        cached = (("X-Cache-Status", "MISS"),) if response.status == HTTPStatus.OK else ()
        return (
            ("Vary", "Accept-Encoding"),
            ("Cache-Control", "no-cache, private"),
            *cached,
            ("Strict-Transport-Security", "max-age=31536000"),
            *response.headers,
        )

    def start(self) -> Self:
        """Serve in a thread; a frozen organisation's orders are written ahead in another."""
        super().start()
        if self._warmer is not None:
            self._warmer.start()
        return self

    def stop(self) -> None:
        """Stop serving; every connection ends."""
        super().stop()
        if self._warmer is not None:
            self._warmer.join()
