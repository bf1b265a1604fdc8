"""The addresses of the service: who may ask, how often, and which part answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from zakaz_emulators.vk import lists, statistics
from zakaz_emulators.vk.account import Account
from zakaz_emulators.vk.ledger import Ledger
from zakaz_emulators.vk.levels import LEVELS, Level
from zakaz_emulators.vk.oauth import DELETE, TOKEN, TokenEndpoint
from zakaz_emulators.vk.parameters import Parameters
from zakaz_emulators.vk.rates import Headers, Rates
from zakaz_emulators.vk.refusals import (
    HTML_404,
    HTML_414,
    RefusedError,
    answer,
    html,
    refused,
    unauthorized,
)
from zakaz_emulators.vk.switches import Switches
from zakaz_emulators.vk.tokens import Tokens
from zakaz_emulators.vk.totals import totals
from zakaz_emulators.wire import Request, Response

LEDGER = "/__ledger"
_USER = re.compile(r"/api/v[23]/user\.json")
_LIST = re.compile(r"/api/v2/(ad_plans|ad_groups|campaigns|banners)\.json")
_ITEM = re.compile(r"/api/v2/(ad_plans|ad_groups|campaigns|banners)/([0-9]+)\.json")
_OBJECTS = "(banners|ad_groups|campaigns|ad_plans|users)"
_STATISTICS = re.compile(rf"/api/(v2|v3)/statistics/{_OBJECTS}/(day|summary)\.json")
_THROTTLING = "/api/v2/throttling.json"
_AGENCY = re.compile(r"/api/v2/agency/clients\.json|/api/v3/manager/clients\.json")
METHODS = (
    "/api/v3/user.json",
    *(f"/api/v2/{name}.json" for name in lists.RESOURCES),
    *(f"/api/v2/statistics/{name}/{kind}.json" for name in LEVELS for kind in ("day", "summary")),
    *(f"/api/v3/statistics/{name}/day.json" for name in LEVELS),
)

_ByDay = Callable[[Account, Level, Parameters, Switches], dict[str, Any]]
_COUNTED: dict[tuple[str, str], _ByDay] = {
    ("v2", "day"): statistics.by_day,
    ("v2", "summary"): statistics.summary,
    ("v3", "day"): totals,
}


class VkAdsApi:
    """Answers requests from an account; it never changes it, whatever is sent."""

    def __init__(self, account: Account, switches: Switches) -> None:
        self.account = account
        self.switches = switches
        self.ledger = Ledger(account)
        self.tokens = Tokens(account, switches)
        self.rates = Rates(account.clock, switches)
        self._token_endpoint = TokenEndpoint(account, self.tokens, switches)

    def __call__(self, request: Request) -> Response:
        """Answer one request; the id in the headers is what support would ask for."""
        with self.account.lock:
            try:
                response = self._answer(request)
            except RefusedError as error:
                response = error.response
        named = ("x-request-id", f"demo-request-{request.number:06d}")
        return replace(response, headers=(*response.headers, named))

    def _answer(self, request: Request) -> Response:
        if len(request.path) + len(request.query) > self.switches.longest_address:
            return html(414, HTML_414)
        if request.path == LEDGER:
            return self._ledger(request)
        if request.path in (TOKEN, DELETE):
            return self._token_endpoint(request)
        if not request.path.startswith("/api/"):
            return html(404, HTML_404)
        slot = self.tokens.check(request.token)
        headers, too_many = self.rates.take(slot.user_id, _method(request.path))
        try:
            response = too_many or self._routed(request)
        except RefusedError as error:
            response = error.response
        return _with(response, headers)

    def _routed(self, request: Request) -> Response:
        path, parameters = request.path, Parameters(request.query)
        if request.method not in ("GET", "HEAD"):
            return _with(
                refused(405, "method_not_allowed", "Use GET").response, (("Allow", "GET"),)
            )
        if _USER.fullmatch(path):
            return answer(lists.user(self.account, parameters))
        if found := _LIST.fullmatch(path):
            resource = lists.RESOURCES[found[1]]
            return answer(lists.listed(self.account, resource, parameters, self.switches))
        if found := _ITEM.fullmatch(path):
            resource = lists.RESOURCES[found[1]]
            one = lists.single(self.account, resource, int(found[2]), parameters)
            return self._missing(path) if one is None else answer(one)
        if found := _STATISTICS.fullmatch(path):
            count = _COUNTED.get((found[1], found[3]))
            if count is not None:
                told = count(self.account, LEVELS[found[2]], parameters, self.switches)
                return answer(told)
        if path == _THROTTLING:
            return answer(self.rates.table(self.account.user.id, METHODS))
        if _AGENCY.fullmatch(path):
            raise refused(
                403, "ERR_ACCESS_DENIED", "Access denied", prefix=self.switches.err_prefix
            )
        return self._missing(path)

    def _missing(self, path: str) -> Response:
        raise refused(
            404, "ERR_WRONG_RESOURCE", f"Unknown resource {path}", prefix=self.switches.err_prefix
        )

    def _ledger(self, request: Request) -> Response:
        """Tell the truth to who knows a secret of the account: no token is spent on it."""
        if request.token not in {client.secret for client in self.account.clients.values()}:
            raise unauthorized("invalid_token", "Give a client secret as the bearer")
        return answer(self.ledger.as_json())


def _method(path: str) -> str:
    """Name the method of an address: single objects share one."""
    return re.sub(r"/[0-9]+\.json$", "/{id}.json", path)


def _with(response: Response, headers: Headers) -> Response:
    return replace(response, headers=(*response.headers, *headers))
