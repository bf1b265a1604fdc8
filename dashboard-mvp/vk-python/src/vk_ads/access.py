"""The life of an access token: stored, renewed in its own slot, asked for anew as the last resort.

A slot is used by every new token and by no renewal; the sixth new token of an account is refused
with 403, and then nothing but deleting all tokens by hand helps.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from zakaz.errors import PermanentSourceError

from vk_ads.refusals import AuthorizationError, TokenRefusedError
from vk_ads.token_endpoint import Grant
from vk_ads.token_store import Token, TokenStore

EARLY = timedelta(minutes=30)
_RENEWED = frozenset({"expired_token", "invalid_token"})

Header = tuple[str, str]


class Access:
    """Gives the header that opens the API; one stored token, one lock.

    ``renew`` and ``issue`` are the two grants of the token endpoint; ``clock`` gives an aware
    instant.
    """

    def __init__(
        self,
        store: TokenStore,
        *,
        issue: Callable[[], Grant],
        renew: Callable[[str], Grant],
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._issue = issue
        self._renew = renew
        self._clock = clock
        self._used = ""

    def header(self) -> Header:
        """Give the stored token's header, renewed when it has less than half an hour to live."""
        self._store.require_writable()
        with self._store.locked():
            token = self._store.read()
            if token is None:
                token = self._asked_anew()
            elif token.expires_at is not None and token.expires_at - self._clock() < EARLY:
                token = self._renewed(token)
        return self._given(token)

    def after_refusal(self, refusal: AuthorizationError) -> Header:
        """Give a header after a 401: another worker's renewed token, else renew here.

        Raises PermanentSourceError when no token can help: client, account or access is closed.
        """
        if refusal.code not in _RENEWED:
            raise refusal.as_permanent()
        with self._store.locked():
            token = self._store.read()
            if token is None:
                token = self._asked_anew()
            elif token.access == self._used:
                token = self._renewed(token)
        return self._given(token)

    def _given(self, token: Token) -> Header:
        self._used = token.access
        return "Authorization", f"Bearer {token.access}"

    def _renewed(self, token: Token) -> Token:
        try:
            grant = self._renew(token.refresh)
        except TokenRefusedError:
            return self._asked_anew()
        return self._kept(grant, token.refresh)

    def _asked_anew(self) -> Token:
        try:
            return self._kept(self._issue(), "")
        except TokenRefusedError as error:
            if error.status == 403:
                raise PermanentSourceError(
                    "VK Ads gives no more tokens to this client id: all five slots of the account "
                    "are taken (token_limit_exceeded). End the other programs that use this "
                    "client id, or delete its tokens in the cabinet; after that every program "
                    "asks for one anew.",
                    endpoint=error.endpoint,
                    status=error.status,
                ) from None
            raise

    def _kept(self, grant: Grant, refresh: str) -> Token:
        expires = None
        if grant.expires_in is not None:
            expires = self._clock() + timedelta(seconds=grant.expires_in)
        token = Token(grant.access_token, grant.refresh_token or refresh, expires)
        self._store.write(token)
        return token
