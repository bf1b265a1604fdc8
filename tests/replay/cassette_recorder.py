"""How a cassette is saved and found again: scrubbed, and matched by everything a request says."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import vcr
from cassette_scrub import scrubbed_body
from qtickets_api.settings import LIVE
from zakaz.scrub import scrub

TOKEN = "[token]"
ORIGIN = "X-Recorded-From"  # tells the recordings of the emulator from those of the live service

_KEPT_REQUEST_HEADERS = {"accept", "content-type"}
_KEPT_RESPONSE_HEADERS = {"content-type"}


def recorder(mode: str, origin: str = "") -> vcr.VCR:
    """Give a recorder: ``none`` plays and refuses what is not on the cassette, ``all`` records."""
    live = urlsplit(LIVE)

    def request(sent: Any) -> Any:
        parts = urlsplit(sent.uri)
        sent.uri = scrub(parts._replace(scheme=live.scheme, netloc=live.netloc).geturl())
        kept = {n: v for n, v in sent.headers.items() if n.lower() in _KEPT_REQUEST_HEADERS}
        sent.headers = kept | {"Authorization": f"Bearer {TOKEN}", ORIGIN: origin}
        return sent

    def response(got: dict[str, Any]) -> dict[str, Any]:
        headers = got["headers"]
        kept = {n: v for n, v in headers.items() if n.lower() in _KEPT_RESPONSE_HEADERS}
        return got | {"headers": kept, "body": {"string": scrubbed_body(got["body"]["string"])}}

    return vcr.VCR(
        record_mode=mode,
        match_on=["method", "scheme", "host", "port", "path", "query", "body"],
        before_record_request=request,
        before_record_response=response,
        decode_compressed_response=True,
    )
