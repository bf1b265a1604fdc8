"""The two services on the cassettes: where they live, and what their contract sheets name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import qtickets_api.settings
import vk_ads.settings
from zakaz_emulators.qtickets import wire
from zakaz_emulators.vk import refusals

HERE = Path(__file__).resolve().parent
CASSETTES = HERE.parents[1] / "cassettes"


@dataclass(frozen=True)
class Service:
    """One service: the folder of its cassettes, its live address, the fields of its answers.

    ``personal`` are fields that hold a person, ``keyed`` are objects whose keys are ids or roles
    and no names of fields, ``headers`` are those of an answer that belong to the contract,
    ``encode`` writes JSON as the service does.
    """

    folder: Path
    live: str
    fields: Mapping[str, list[str]]
    personal: re.Pattern[str]
    keyed: tuple[str, ...]
    headers: re.Pattern[str]
    encode: Callable[[Any], bytes]

    @cached_property
    def known(self) -> frozenset[str]:
        """Every name that the contract sheet knows, wherever it stands."""
        return frozenset(name for names in self.fields.values() for name in names)


def _fields(name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = tomllib.loads((HERE / name).read_text(encoding="utf-8"))
    return found


QTICKETS = Service(
    CASSETTES / "qtickets_api",
    qtickets_api.settings.LIVE,
    _fields("qtickets_fields.toml"),
    re.compile(
        r"client|client_\w+|basket_user_id|backend_user_id|email|phone|middlename|surname"
        r"|\w*_?card_number|uniqid|barcode|inn|kpp|(payment|cancel|pdf|passbook|gpass|agree)_url"
        r"|organization_name|legal_name|work_position|comment|custom|fields|telegram_user|vk_id"
        r"|facebook_id"
    ),
    ("data", "seats"),
    re.compile(r"content-type"),
    wire.encode,
)
VK = Service(
    CASSETTES / "vk_ads",
    vk_ads.settings.LIVE,
    _fields("vk_fields.toml"),
    re.compile(
        r"username|email|phone|firstname|lastname|middlename|client_name|client_info|inn"
        r"|additional_info|\w*balance\w*|receipt"
    ),
    ("urls", "fields"),
    re.compile(r"content-type|www-authenticate|x-ratelimit-\w+-(limit|remaining)"),
    refusals.encode,
)
SERVICES = {service.folder.name: service for service in (QTICKETS, VK)}
