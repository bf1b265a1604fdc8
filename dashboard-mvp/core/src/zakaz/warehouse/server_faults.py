"""What can go wrong on the way to a ClickHouse server, told so that the reader can act on it."""

from __future__ import annotations

import socket

from zakaz.errors import SettingsError, WarehouseError, ZakazError
from zakaz.warehouse.engine_errors import engine_error
from zakaz.warehouse.url import CA_VARIABLE, URL_VARIABLE, WarehouseUrl

# UNKNOWN_USER, WRONG_PASSWORD, REQUIRED_PASSWORD, AUTHENTICATION_FAILED
REFUSED_LOGINS = frozenset({192, 193, 194, 516})
_PROBE_SECONDS = 2.0


def connection_fault(error: Exception, url: WarehouseUrl) -> ZakazError:
    """Tell why no connection came about; ``error`` is what clickhouse-driver raised."""
    from clickhouse_driver import errors

    place = f"{url.host}:{url.port}"
    text = str(error)
    if isinstance(error, errors.ServerException):
        return statement_fault(error, url)
    if "CERTIFICATE_VERIFY_FAILED" in text or "[X509" in text:
        return SettingsError(
            f"the certificate of {place} is not trusted: give the authority's file in "
            f"{CA_VARIABLE}, and write the host name that the certificate names"
        )
    if "WRONG_VERSION_NUMBER" in text or "[SSL" in text:
        return SettingsError(
            f"{place} does not speak TLS: write clickhouse:// without the s, "
            "or the server's TLS port (usually 9440)"
        )
    if not isinstance(error, (errors.NetworkError, ConnectionRefusedError)) and speaks_http(url):
        return SettingsError(
            f"{place} is an HTTP port, the native TCP port is needed (usually 9000, "
            f"with TLS 9440): correct {URL_VARIABLE} or CLICKHOUSE_PORT"
        )
    if isinstance(error, (EOFError, ConnectionError, errors.UnexpectedPacketFromServerError)):
        return WarehouseError(
            f"{place} accepted the connection but did not greet like a ClickHouse server: "
            "is it starting, behind a proxy, or a TLS port (clickhouses://)?"
        )
    reason = text.removeprefix("Code: 210.").removeprefix("Code: 209.").strip()
    reason = reason.replace(f"({place})", "").strip() or type(error).__name__
    return WarehouseError(
        f"the ClickHouse server at {place} cannot be reached: {reason}. Check the network and the "
        f"address in {URL_VARIABLE} or CLICKHOUSE_HOST, then run again"
    )


def statement_fault(error: Exception, url: WarehouseUrl, sql: str = "") -> ZakazError:
    """Tell what became of a statement; the statement's own texts are never repeated."""
    from clickhouse_driver import errors

    place = f"{url.host}:{url.port}"
    code = getattr(error, "code", None)
    if isinstance(error, errors.ServerException):
        if code in REFUSED_LOGINS:
            return SettingsError(
                f"the ClickHouse server at {place} refused user {url.user} (code {code}): check "
                f"user and password in {URL_VARIABLE} or CLICKHOUSE_USER and CLICKHOUSE_PASSWORD"
            )
        return engine_error(error.message, sql, code)
    if isinstance(error, TimeoutError):
        return WarehouseError(f"the ClickHouse server at {place} did not answer in time")
    if isinstance(error, (EOFError, OSError, errors.NetworkError)):
        return WarehouseError(
            f"the connection to {place} broke during a statement: "
            "whether it took effect is not known; running again is safe"
        )
    return engine_error(str(error), sql, code)


def speaks_http(url: WarehouseUrl) -> bool:
    """Ask the port for a web page: does it answer as an HTTP server does?"""
    request = f"GET /ping HTTP/1.0\r\nHost: {url.host}\r\n\r\n".encode("ascii", "replace")
    try:
        with socket.create_connection((url.host, url.port), timeout=_PROBE_SECONDS) as probe:
            probe.settimeout(_PROBE_SECONDS)
            probe.sendall(request)
            answer = b""
            while len(answer) < 512 and (piece := probe.recv(512)):
                answer += piece
    except OSError:
        return False
    # ClickHouse's native port answers a web request with a hint, in HTTP as well.
    return answer.startswith(b"HTTP/") and b"clickhouse-client" not in answer
