"""The client of VK Ads: what is read of one account, with GET only but for its token."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from zakaz.environment import is_loopback
from zakaz.errors import DataError
from zakaz.http import HttpSource
from zakaz.http_answer import sent_at
from zakaz.loose_json import UNREADABLE

from vk_ads import lists, statistics
from vk_ads.access import Access
from vk_ads.answers import Part
from vk_ads.objects import Item, Listed, checked_id
from vk_ads.rates import Rates
from vk_ads.refusals import AuthorizationError, RefusedError, code_of, told
from vk_ads.settings import VkAdsSettings
from vk_ads.statistics import Asked, Window
from vk_ads.token_endpoint import TokenEndpoint
from vk_ads.token_store import TokenStore
from vk_ads.wire import Account

ACCOUNT = "/api/v3/user.json"
_REFUSED = frozenset({400, 403, 404, 405, 413, 414})
# What other services of VK do: a refusal with status 200 (G3). An answer never begins so.
_BEGINS_AS_ERROR = re.compile(rb'\s*\{\s*"error"').match
_ADVICE = {
    403: "The account has no right to this; check the rights of the API access in the cabinet.",
    404: "Check VK_ADS_BASE_URL.",
}


class VkAdsClient:
    """Reads one account; every refusal comes as a typed error, never as an empty list."""

    def __init__(self, http: HttpSource, rates: Rates) -> None:
        self._http = http
        self._rates = rates

    @property
    def requests(self) -> int:
        """How many requests went out, the token's apart."""
        return self._http.requests

    @property
    def their_time(self) -> datetime | None:
        """The API's clock as its newest answer told it."""
        return sent_at(self._http.last_headers)

    def account(self) -> Account:
        """Give the account that the token belongs to; names and addresses are not asked for.

        Its currency is that of all its money: it is stored with every row and never assumed.
        """
        answer = self.ask(ACCOUNT, {"fields": "id,status,currency"})
        try:
            account = msgspec.json.decode(answer, type=Account)
            if not account.currency.strip():
                raise msgspec.ValidationError("its currency is empty")
            if checked_id(account.id) is None:
                raise msgspec.ValidationError("its id is none")
            return account
        except UNREADABLE as error:
            wrong = str(error) if isinstance(error, msgspec.ValidationError) else "no JSON"
            raise DataError(
                f"GET {ACCOUNT}: the answer is not an account ({wrong}); nothing was loaded. "
                "The API has changed or VK_ADS_BASE_URL is wrong."
            ) from None

    def listed(self, what: lists.List[Item]) -> Listed[Item]:
        """Return a whole list, archived things included, and what of it cannot be read."""
        return lists.read(self.ask, what)

    def days(self, ids: Sequence[str], window: Window, asked: Asked) -> Iterator[Part]:
        """Give the daily figures of ads, some ads at a time; ids in vain end in ``asked``."""
        return statistics.of_banners(self.ask, ids, window, asked)

    def account_days(self, account_id: str, window: Window) -> list[Part]:
        """Give the daily figures of the account by the API's own sum."""
        return statistics.of_account(self.ask, account_id, window)

    def ask(self, path: str, parameters: dict[str, Any]) -> bytes:
        """Send one request within the limits of its method."""
        self._rates.before(path)
        answer = self._http.get_json(path, params=parameters)
        self._rates.after(path, self._http.last_headers)
        if _BEGINS_AS_ERROR(answer):
            raise _refused(path, 200, code_of(answer))
        return answer

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


def _refused(path: str, status: int, code: str) -> RefusedError:
    advice = _ADVICE.get(status, "The API has changed: please report this line.")
    message = f"GET {path} was refused ({status}, {told(code)}). {advice}"
    return RefusedError(message, endpoint=path, status=status, code=code)


def connect(
    settings: VkAdsSettings,
    folder: Path,
    clock: Callable[[], datetime],
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> VkAdsClient:
    """Make a client of the account in the settings; its token is kept in ``folder``."""
    endpoint = TokenEndpoint(
        settings.base_url, settings.client_id, settings.client_secret.get_secret_value()
    )
    access = Access(
        TokenStore(folder, settings.base_url, settings.client_id),
        issue=endpoint.issue,
        renew=endpoint.renew,
        clock=clock,
    )
    rates = Rates(
        None if is_loopback(settings.base_url) else settings.requests_per_second,
        lambda: clock().timestamp(),
        sleep,
    )

    def refreshed(path: str, answer: bytes) -> tuple[str, str]:
        return access.after_refusal(AuthorizationError(code_of(answer), path))

    def judge(path: str, status: int, headers: Mapping[str, str], answer: bytes) -> float | None:
        if status == 429:
            return rates.limited(path, headers, answer)
        code = code_of(answer)
        if status == 401:
            raise AuthorizationError(code, path).as_permanent()
        if status in _REFUSED:
            raise _refused(path, status, code)
        return None

    http = HttpSource(
        settings.base_url,
        access.header(),
        sleep=sleep,
        deadline=settings.run_deadline_seconds,
        user_agent="zakaz-dashboard",
        refresh=refreshed,
        judge=judge,
    )
    return VkAdsClient(http, rates)
