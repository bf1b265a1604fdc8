"""A local server that answers like the VK Ads API, with a ledger and fault switches."""

from __future__ import annotations

from zakaz_emulators.clock import MOSCOW, Clock
from zakaz_emulators.vk import faults
from zakaz_emulators.vk.account import Account
from zakaz_emulators.vk.ledger import Ledger
from zakaz_emulators.vk.records import (
    AUTOMATIC_UTM,
    AdGroup,
    AdPlan,
    Banner,
    Client,
    Figures,
    User,
)
from zakaz_emulators.vk.sample import empty_account, small_account, wide_account
from zakaz_emulators.vk.server import VkAdsEmulator
from zakaz_emulators.vk.switches import Switches

__all__ = [
    "AUTOMATIC_UTM",
    "MOSCOW",
    "Account",
    "AdGroup",
    "AdPlan",
    "Banner",
    "Client",
    "Clock",
    "Figures",
    "Ledger",
    "Switches",
    "User",
    "VkAdsEmulator",
    "empty_account",
    "faults",
    "small_account",
    "wide_account",
]
