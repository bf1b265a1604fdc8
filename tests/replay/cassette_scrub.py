"""What is taken out of an exchange before it is saved on a cassette; types and shapes stay.

A field the contract sheet does not know is emptied, a field that holds a person is emptied, a token
is replaced, and any other text that names the order's own people, or holds an address, a phone or a
secret, is removed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

from cassette_services import Service
from zakaz.scrub import scrub, scrub_contacts

REMOVED = "[removed]"
TOKEN = "[token]"
SECRET = re.compile(r"access_token|refresh_token|client_secret")
FORM = {"client_id": "[client id]", "client_secret": "[client secret]", "refresh_token": TOKEN}
_SHORTEST_NAME = 3


def scrubbed_body(body: bytes, service: Service) -> bytes:
    """Give a JSON body scrubbed, any other one as text without secrets."""
    try:
        answer = json.loads(body)
    except ValueError:
        return scrub(body.decode("utf-8", "replace")).encode()
    return service.encode(scrubbed(answer, service))


def scrubbed_form(body: str) -> str:
    """Give the form of a token request without what opens the account."""
    return urlencode([(name, FORM.get(name, value)) for name, value in parse_qsl(body)])


def scrubbed(
    value: Any, service: Service, key: str = "", people: frozenset[str] = frozenset()
) -> Any:
    """Give an answer without buyers, tokens, links that open something, and halls' drawings."""
    if SECRET.fullmatch(key):
        return TOKEN
    if service.personal.fullmatch(key):
        return blank(value)
    if key == "scheme_properties":
        return {}
    if isinstance(value, dict):
        people = people | frozenset(_people(value))
        return {
            name: scrubbed(item, service, name, people)
            if name in service.known or (key in service.keyed and isinstance(item, dict))
            else blank(item)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [scrubbed(item, service, key, people) for item in value]
    return _clean(value, people) if isinstance(value, str) else value


def blank(value: Any) -> Any:
    """Give the same shape with every text and number taken out; empty and null stay."""
    if isinstance(value, dict):
        return {name: blank(item) for name, item in value.items()}
    if isinstance(value, list):
        return [blank(item) for item in value]
    return REMOVED if isinstance(value, str) and value else value and type(value)()


def _clean(text: str, people: frozenset[str]) -> str:
    decoded = unquote(unquote(text))
    folded = decoded.casefold()
    digits = "".join(filter(str.isdigit, decoded))
    named = any(one in folded or (one.isdigit() and one in digits) for one in people)
    return REMOVED if named or scrub(scrub_contacts(decoded)) != decoded else text


def _people(order: dict[str, Any]) -> Iterator[str]:
    """Give surnames, addresses and the last ten digits of phones of everybody an order names."""
    client = order.get("client")
    details = client.get("details") if isinstance(client, dict) else None
    found: list[Any] = []
    if isinstance(client, dict) and isinstance(details, dict):
        found += [client.get("email"), details.get("surname"), details.get("phone")]
    baskets = order.get("baskets")
    for line in baskets if isinstance(baskets, list) else ():
        found += [line.get(f"client_{name}") for name in ("email", "surname", "phone")]
    for one in found:
        if isinstance(one, str) and len(one) >= _SHORTEST_NAME:
            digits = "".join(filter(str.isdigit, one))
            yield digits[-10:] if len(digits) >= 10 else one.casefold()
