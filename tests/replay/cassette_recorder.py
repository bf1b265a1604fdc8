"""How a cassette is saved and found again: scrubbed, and matched by everything a request says."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import vcr
from cassette_scrub import TOKEN, scrubbed_body, scrubbed_form
from cassette_services import Service
from zakaz.scrub import scrub

ORIGIN = "X-Recorded-From"  # tells the recordings of the emulator from those of the live service

_FORM = "application/x-www-form-urlencoded"
_KEPT_REQUEST_HEADERS = {"accept", "content-type"}


def recorder(service: Service, mode: str, origin: str = "") -> vcr.VCR:
    """Give a recorder: ``none`` plays and refuses what is not on the cassette, ``all`` records."""
    live = urlsplit(service.live)

    def request(sent: Any) -> Any:
        parts = urlsplit(sent.uri)
        sent.uri = scrub(parts._replace(scheme=live.scheme, netloc=live.netloc).geturl())
        kept = {n: v for n, v in sent.headers.items() if n.lower() in _KEPT_REQUEST_HEADERS}
        if _FORM in kept.values():  # the one request that needs no token: it asks for one
            sent.body = scrubbed_form(sent.body.decode()).encode()
        else:
            kept["Authorization"] = f"Bearer {TOKEN}"
        sent.headers = kept | {ORIGIN: origin}
        return sent

    def response(got: dict[str, Any]) -> dict[str, Any]:
        headers = got["headers"]
        kept = {n: v for n, v in headers.items() if service.headers.fullmatch(n.lower())}
        body = scrubbed_body(got["body"]["string"], service)
        return got | {"headers": kept, "body": {"string": body}}

    return vcr.VCR(
        record_mode=mode,
        match_on=["method", "scheme", "host", "port", "path", "query", "body"],
        before_record_request=request,
        before_record_response=response,
        decode_compressed_response=True,
    )
