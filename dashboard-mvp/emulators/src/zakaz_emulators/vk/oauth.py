"""The token endpoint: forms in, tokens out, refusals as OAuth words them."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from zakaz_emulators.vk.account import Account
from zakaz_emulators.vk.records import Client
from zakaz_emulators.vk.refusals import RefusedError, answer, oauth
from zakaz_emulators.vk.switches import Switches
from zakaz_emulators.vk.tokens import Slot, Tokens
from zakaz_emulators.wire import Request, Response

TOKEN = "/api/v2/oauth2/token.json"  # noqa: S105 - an address
DELETE = "/api/v2/oauth2/token/delete.json"
SCOPES = ("read_ads", "read_payments", "create_ads")
_FORM = "application/x-www-form-urlencoded"


class TokenEndpoint:
    """Answers the two addresses that need no token."""

    def __init__(self, account: Account, tokens: Tokens, switches: Switches) -> None:
        self._account = account
        self._tokens = tokens
        self._switches = switches

    def __call__(self, request: Request) -> Response:
        """Answer one request to either address."""
        try:
            form = _form(request)
            if request.path == DELETE:
                return self._deleted(form)
            return answer(self._granted(form))
        except RefusedError:
            self._tokens.refused += 1
            raise

    def _granted(self, form: dict[str, str]) -> dict[str, Any]:
        match form.get("grant_type"):
            case "client_credentials":
                slot = self._tokens.issue(self._client(form))
            case "refresh_token":
                slot = self._tokens.renew(self._client(form), form.get("refresh_token", ""))
            case "agency_client_credentials":
                self._client(form)
                raise oauth(403, "access_denied", "The client does not belong to an agency.")
            case "authorization_code":
                raise oauth(400, "invalid_grant", "Invalid authorization code.")
            case _:
                raise oauth(400, "unsupported_grant_type", "Unsupported grant type.")
        return self._written(slot)

    def _written(self, slot: Slot) -> dict[str, Any]:
        switches = self._switches
        seconds: int | str | None = switches.token_seconds
        if switches.expires_in_as_text:
            seconds = str(seconds)
        told = {
            "access_token": slot.access,
            "token_type": "bearer",
            "scope": list(SCOPES) if switches.scope_as_list else " ".join(SCOPES),
            "expires_in": seconds,
            "refresh_token": slot.refresh,
        }
        if switches.tell_tokens_left:
            told["tokens_left"] = self._tokens.left(slot.client_id)
        return told

    def _deleted(self, form: dict[str, str]) -> Response:
        client = self._client(form)
        user = self._account.user
        names = (form.get("username", user.username), form.get("user_id", str(user.id)))
        if names != (user.username, str(user.id)):
            raise oauth(400, "invalid_request", "Unknown user.")
        self._tokens.delete(client)
        status = self._switches.delete_status
        return Response(status, b"" if status == 204 else b"{}")

    def _client(self, form: dict[str, str]) -> Client:
        client = self._account.clients.get(form.get("client_id", ""))
        if client is None or client.blocked or client.secret != form.get("client_secret"):
            raise oauth(401, "invalid_client", "Unknown client or wrong secret.")
        return client


def _form(request: Request) -> dict[str, str]:
    if request.method != "POST":
        raise oauth(405, "invalid_request", "Use POST.")
    if request.headers.get("content-type", "").partition(";")[0].strip() != _FORM:
        raise oauth(400, "invalid_request", f"The body must be {_FORM}.")
    return dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
