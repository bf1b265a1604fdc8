"""A local server that answers like the Qtickets REST API, with a ledger and fault switches."""

from __future__ import annotations

from zakaz_emulators.qtickets import faults
from zakaz_emulators.qtickets.canaries import Canaries, canaries_in, canary_organisation
from zakaz_emulators.qtickets.ledger import Ledger
from zakaz_emulators.qtickets.organisation import Organisation
from zakaz_emulators.qtickets.records import (
    MOSCOW,
    City,
    Discount,
    Event,
    Hold,
    Order,
    PromoCode,
    Show,
    Tariff,
    Ticket,
    Zone,
)
from zakaz_emulators.qtickets.sample import small_organisation
from zakaz_emulators.qtickets.server import QticketsEmulator

__all__ = [
    "MOSCOW",
    "Canaries",
    "City",
    "Discount",
    "Event",
    "Hold",
    "Ledger",
    "Order",
    "Organisation",
    "PromoCode",
    "QticketsEmulator",
    "Show",
    "Tariff",
    "Ticket",
    "Zone",
    "canaries_in",
    "canary_organisation",
    "faults",
    "small_organisation",
]
