"""HTTP: one way to read JSON from a source, with retries by error class and hard limits.

The retry stands round the whole call, body included: a truncated body or an HTML page instead of
JSON is fetched again just like a 503 (urllib3's own retries see neither).
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import requests
import stamina
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError, ProtocolError, ReadTimeoutError

from zakaz.environment import is_loopback
from zakaz.errors import PermanentSourceError, SettingsError, SourceError, TransientSourceError
from zakaz.http_answer import BrokenAnswerError, check_status, json_object, retry_after
from zakaz.http_machine import proxy_error, proxy_variable, trust_advice
from zakaz.pacing import NO_PACING, Pacing
from zakaz.scrub import hide, scrub

log = logging.getLogger(__name__)

ATTEMPTS = 5
_FIRST_WAIT = 0.5
_LONGEST_WAIT = 30.0
_REDIRECTS = 3

Judge = Callable[[str, int, Mapping[str, str], bytes], float | None]


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to connect, to the next byte, and for one whole answer; and its largest size."""

    connect: float = 10.0
    read: float = 30.0
    total: float = 120.0
    largest: int = 64 * 1024 * 1024


class _Token(AuthBase):
    """Sets the token header; being an auth object, it also keeps ~/.netrc out."""

    def __init__(self, header: tuple[str, str] | None) -> None:
        self._header = header

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._header is not None:
            request.headers[self._header[0]] = self._header[1]
        return request


class HttpSource:
    """Reads JSON objects from one API with GET only; close it when the run ends.

    ``token_header`` is a header name and value; ``refresh`` gives a new one after a 401, once; it
    gets the endpoint and the answer's body, and raises what no new token can mend. ``judge`` is
    asked about every other status than 200; it gets endpoint, status, headers and body, raises what
    they mean in this API, gives the seconds to wait, or None to leave it to the common rules.
    ``deadline`` is the number of seconds the whole run may take, counted from the construction.
    ``clock`` is monotonic; ``clock``, ``sleep`` and ``jitter`` are injected by tests.
    """

    def __init__(
        self,
        base_url: str,
        token_header: tuple[str, str] | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[float], float] | None = None,
        pacing: Pacing = NO_PACING,
        timeouts: Timeouts | None = None,
        deadline: float | None = None,
        user_agent: str = "zakaz-dashboard",
        refresh: Callable[[str, bytes], tuple[str, str]] | None = None,
        judge: Judge | None = None,
    ) -> None:
        self._base = base_url.rstrip("/")
        self._host = urlsplit(base_url).netloc
        self._clock = clock
        self._sleep = sleep
        self._jitter = jitter or _full_jitter
        self._timeouts = timeouts or Timeouts()
        self._ends = None if deadline is None else clock() + deadline
        self._refresh = refresh
        self._judge = judge
        self._set_token(token_header)
        self._session = pacing.session(base_url)
        self._session.headers.update({"Accept": "application/json", "User-Agent": user_agent})
        self._session.headers["Cache-Control"] = "no-cache"
        if is_loopback(base_url):
            self._session.trust_env = False  # a proxy has no business with this machine
        self.requests = 0
        self.last_headers: Mapping[str, str] = {}

    def get_json(
        self, path: str, *, body: object | None = None, params: Mapping[str, Any] | None = None
    ) -> bytes:
        """Give the bytes of one JSON object; raises SourceError naming endpoint and status."""
        endpoint = "/" + path.lstrip("/")
        content = None if body is None else json.dumps(body, separators=(",", ":")).encode()
        attempt = 0

        def again(error: Exception) -> bool | float:
            if not isinstance(error, BrokenAnswerError) or attempt >= ATTEMPTS:
                return False
            wait = error.wait
            if wait is None:
                wait = self._jitter(min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** (attempt - 1)))
            if self._ends is not None and self._clock() + wait > self._ends:
                raise self._too_late(endpoint, error) from None
            log.warning("%s; attempt %d of %d, waiting %.1f s", error, attempt, ATTEMPTS, wait)
            self._sleep(wait)  # the injected one; stamina itself then waits no more
            return 0.0

        try:
            for context in stamina.retry_context(on=again, attempts=ATTEMPTS, timeout=None):
                with context:
                    attempt += 1
                    return self._fetch(endpoint, content, params)
        except BrokenAnswerError as error:
            raise TransientSourceError(
                f"{error}. Gave up after {attempt} attempts; run again later.",
                endpoint=endpoint,
                status=error.status,
            ) from None
        raise AssertionError("unreachable")

    def close(self) -> None:
        """Close the connections and the pacing."""
        self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _set_token(self, header: tuple[str, str] | None) -> None:
        if header is not None:
            if not all(" " <= letter <= "~" for letter in header[1]):
                raise SettingsError(
                    f"The token for {self._host} cannot be sent in a header; copy it again."
                )
            hide(header[1].removeprefix("Bearer "))
        self._token = _Token(header)

    def _too_late(self, endpoint: str, last: BrokenAnswerError | None = None) -> SourceError:
        return TransientSourceError(
            f"{last or f'GET {endpoint} on {self._host}'}: the time limit of the run is reached "
            "(deadline). Run again; it goes on where this run stopped.",
            endpoint=endpoint,
            status=None if last is None else last.status,
        )

    def _fetch(
        self, endpoint: str, content: bytes | None, params: Mapping[str, Any] | None
    ) -> bytes:
        status, headers, answer = self._send(endpoint, content, params)
        if status == 401 and self._refresh is not None:
            self._set_token(self._refresh(endpoint, answer))
            status, headers, answer = self._send(endpoint, content, params)
        where = f"GET {endpoint} on {self._host}"
        if status != 200 and self._judge is not None:
            wait = self._judge(endpoint, status, headers, answer)
            if wait is not None:
                word = " (rate_limited)" if status == 429 else ""
                raise BrokenAnswerError(
                    f"{where} answered {status}{word}", status=status, wait=wait
                )
        check_status(where, endpoint, status, headers)
        return json_object(where, endpoint, status, headers, answer)

    def _send(
        self, endpoint: str, content: bytes | None, params: Mapping[str, Any] | None
    ) -> tuple[int, Mapping[str, str], bytes]:
        url = self._base + endpoint
        for _ in range(_REDIRECTS):
            status, headers, answer = self._exchange(url, endpoint, content, params)
            if status not in {301, 302, 303, 307, 308}:
                return status, headers, answer
            url, params = self._same_host(url, headers.get("Location", ""), endpoint, status), None
        raise PermanentSourceError(
            f"GET {endpoint} on {self._host} redirects in circles. Check the base URL.",
            endpoint=endpoint,
        )

    def _same_host(self, url: str, location: str, endpoint: str, status: int) -> str:
        target = urljoin(url, location)
        old, new = urlsplit(url), urlsplit(target)
        if location and (old.scheme, old.netloc) == (new.scheme, new.netloc):
            return target
        raise PermanentSourceError(
            f"GET {endpoint} on {self._host} answered {status} and sends us to another host; the "
            "token is not sent there. Check the base URL.",
            endpoint=endpoint,
            status=status,
        )

    def _exchange(
        self, url: str, endpoint: str, content: bytes | None, params: Mapping[str, Any] | None
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Send one request and read its whole answer within the limits."""
        started = self._clock()
        if self._ends is not None and started >= self._ends:
            raise self._too_late(endpoint)
        ends = started + self._timeouts.total
        if self._ends is not None:
            ends = min(ends, self._ends)
        left = max(ends - started, 0.001)
        where = f"GET {endpoint} on {self._host}"
        self.requests += 1
        try:
            with self._session.get(
                url,
                params=params,
                data=content,
                headers={} if content is None else {"Content-Type": "application/json"},
                auth=self._token,
                allow_redirects=False,
                stream=True,
                timeout=(min(self._timeouts.connect, left), min(self._timeouts.read, left)),
            ) as response:
                body = self._body(response, where, endpoint, ends)
                self.last_headers = response.headers
                return response.status_code, response.headers, body
        except requests.exceptions.SSLError:
            raise PermanentSourceError(
                f"{where}: the TLS certificate is not trusted. {trust_advice(os.environ)}",
                endpoint=endpoint,
            ) from None
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidHeader):
            raise PermanentSourceError(
                f"{where}: the base URL is not a usable address. Check it.",
                endpoint=endpoint,
            ) from None
        except (requests.exceptions.RequestException, HTTPError) as error:
            # Texts of requests carry the whole URL: only the class is told.
            lasting = proxy_error(os.environ, url, error)
            raise lasting or BrokenAnswerError(f"{where}: {_cause(error, url)}") from None
        except ValueError:  # requests looks where a redirect leads even when it is not followed
            raise PermanentSourceError(
                f"{where} redirects to what is no address. Check the base URL.",
                endpoint=endpoint,
            ) from None

    def _body(self, response: requests.Response, where: str, endpoint: str, ends: float) -> bytes:
        """Read a body as it arrives: a source that drips must not outlast the limits (S16)."""
        body = bytearray()
        response.raw.decode_content = True
        # Unlike iter_content, read1 comes back with every packet instead of waiting for a fill.
        while piece := response.raw.read1(256 * 1024):
            body += piece
            if len(body) > self._timeouts.largest:
                raise PermanentSourceError(
                    f"{where}: the answer is larger than "
                    f"{self._timeouts.largest // 1024 // 1024} MB. Ask for smaller pages.",
                    endpoint=endpoint,
                    status=response.status_code,
                )
            if self._clock() > ends:
                raise BrokenAnswerError(f"{where}: the answer takes too long (timeout)")
        return bytes(body)


def _cause(error: requests.exceptions.RequestException | HTTPError, url: str) -> str:
    if isinstance(error, requests.exceptions.Timeout | ReadTimeoutError):
        return "no answer in time (timeout)"
    if isinstance(error, requests.exceptions.ChunkedEncodingError | ProtocolError):
        return "the answer broke off (truncated)"
    if isinstance(error, requests.exceptions.ProxyError):
        return f"the proxy of {proxy_variable(os.environ, url)} cannot be reached"
    if isinstance(error, requests.exceptions.ConnectionError):
        return "no connection"
    return scrub(type(error).__name__)


def _full_jitter(ceiling: float) -> float:
    import random

    return random.uniform(ceiling / 2, ceiling)  # noqa: S311 - spreads load, hides nothing


__all__ = ["ATTEMPTS", "HttpSource", "Timeouts", "retry_after"]
