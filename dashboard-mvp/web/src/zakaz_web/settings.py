"""What the dashboard reads from the environment, the warehouse address apart."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_address

from pydantic import Field
from zakaz.errors import SettingsError
from zakaz.settings import Secret, Settings

from zakaz_web.security import Door, host_name

SHORTEST_PASSWORD = 8
_NAME = re.compile(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*|\[[0-9a-f:.]+\]")


class WebSettings(Settings):
    """The login of the dashboard and the names it answers to."""

    user: str = Field("", alias="ZAKAZ_WEB_USER", description="login name of the dashboard")
    password: Secret | None = Field(
        None, alias="ZAKAZ_WEB_PASSWORD", description="its password, 8 letters or more"
    )
    hosts: str = Field(
        "", alias="ZAKAZ_WEB_HOSTS", description="further host names, separated by commas"
    )


def is_loopback_host(host: str) -> bool:
    """Say whether binding to ``host`` keeps the dashboard on this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def door(environ: Mapping[str, str], host: str) -> Door:
    """Decide who is let in; beyond loopback that is nobody without a login."""
    settings = WebSettings.load(environ)
    password = settings.password.get_secret_value() if settings.password else ""
    if bool(settings.user) != bool(password):
        raise SettingsError("Set both ZAKAZ_WEB_USER and ZAKAZ_WEB_PASSWORD, or neither of them.")
    if password and len(password) < SHORTEST_PASSWORD:
        raise SettingsError(f"ZAKAZ_WEB_PASSWORD is shorter than {SHORTEST_PASSWORD} letters.")
    if ":" in settings.user:
        raise SettingsError("ZAKAZ_WEB_USER may not hold a colon.")
    loopback = is_loopback_host(host)
    if not loopback and not password:
        raise SettingsError(
            f"--host {host} would show your sales to the whole network without a login. "
            "Set ZAKAZ_WEB_USER and ZAKAZ_WEB_PASSWORD, or keep --host 127.0.0.1."
        )
    names = {_host(name) for name in settings.hosts.split(",") if name.strip()}
    return Door(
        hosts=frozenset(names | {f"[{host.lower()}]" if ":" in host else host_name(host)}),
        any_address=not loopback,
        user=settings.user,
        password=password,
    )


def _host(entry: str) -> str:
    """Return the host of an entry, which may be written as an address or with a port."""
    name = re.sub(r"^https?://", "", entry.strip().lower()).removesuffix("/")
    match = re.fullmatch(r"(\[.*\]|[^:]*)(:[0-9]+)?", name)
    found = host_name(match[1]) if match else ""
    if not _NAME.fullmatch(found):
        raise SettingsError(
            f"ZAKAZ_WEB_HOSTS holds {entry.strip()!r}, which is no host name. Write the names that "
            "readers type, separated by commas, each in full: dash.example.org, sales.example.org."
        )
    return found
