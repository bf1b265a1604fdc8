"""Settings: declared once per room, read once from an environment that is passed in.

A room subclasses ``Settings``, gives each field the name of its variable as alias, and calls
``load``. This module imports pydantic, so import it inside the command, never at ``--help``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from zakaz.environment import clean_secret
from zakaz.errors import SettingsError
from zakaz.scrub import hide, scrub


def _clean(value: object) -> object:
    return clean_secret(value) if isinstance(value, str) else value


def _remember(secret: SecretStr) -> SecretStr:
    if not secret.get_secret_value():
        raise ValueError("is empty")
    hide(secret.get_secret_value())
    return secret


def _unquoted(value: object) -> object:
    if not isinstance(value, str):
        return value
    text = value.strip().strip("\ufeff").strip()
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "'\"":
        return text[1:-1]
    return text


def _base_url(value: str) -> str:
    from urllib.parse import urlsplit

    from zakaz.http_machine import is_host

    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        raise ValueError("is not a URL such as https://host/path") from None
    if parts.scheme not in {"http", "https"} or not is_host(parts.hostname or ""):
        raise ValueError("is not a URL such as https://host/path")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("may hold neither a user, a query nor a fragment")
    return value.rstrip("/")


Secret = Annotated[SecretStr, BeforeValidator(_clean), AfterValidator(_remember)]
"""A token or password: trimmed or refused, masked everywhere, removed from logs."""

BaseUrl = Annotated[str, AfterValidator(_base_url)]
"""An http or https address without user, query and trailing slash."""


class Settings(BaseSettings):
    """The base of every room's settings; reads nothing but the mapping given to ``load``."""

    model_config = SettingsConfigDict(
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        str_strip_whitespace=True,
        regex_engine="python-re",  # the other one takes 13 ms to compile a repeated \w
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Leave only the values passed in: nothing is read behind the caller's back."""
        return (init_settings,)

    @classmethod
    def load(cls, environ: Mapping[str, str]) -> Self:
        """Read the settings; all faults come in one SettingsError, each naming its variable."""
        values: dict[str, Any] = {}
        for name, field in cls.model_fields.items():
            variable = field.alias or name
            if environ.get(variable, "").strip():
                values[variable] = _unquoted(environ[variable])
        try:
            return cls(**values)
        except ValidationError as error:
            faults = [_sentence(cls, fault, environ) for fault in error.errors()]
        raise SettingsError("\n".join(faults))


class CoreSettings(Settings):
    """What the ``zakaz`` command itself reads, the warehouse address apart."""

    log_level: str = Field(
        "info", alias="ZAKAZ_LOG_LEVEL", description="debug, info, warning or error"
    )
    dry_run: bool = Field(
        False, alias="DRY_RUN", description="true: no write, and no request to a live service"
    )


def variables(settings: type[Settings]) -> dict[str, str]:
    """Give the variables a settings class reads, each with its description."""
    return {
        field.alias or name: field.description or ""
        for name, field in settings.model_fields.items()
    }


def _sentence(settings: type[Settings], fault: Any, environ: Mapping[str, str]) -> str:
    variable = str(fault["loc"][0]) if fault["loc"] else settings.__name__
    field = next((f for n, f in settings.model_fields.items() if (f.alias or n) == variable), None)
    if fault["type"] == "missing":
        hint = f" ({field.description})" if field is not None and field.description else ""
        return f"{variable} is not set{hint}. Put it into .env or into the environment."
    message = str(fault["msg"]).removeprefix("Value error, ")
    if field is None or "SecretStr" in str(field.annotation):
        return f"{variable}: {message}."
    return f"{variable} is {scrub(environ.get(variable, ''), 60)!r}: {message}."
