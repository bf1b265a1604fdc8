"""The sets of figures in a row: decimals as trimmed text, shares in per cent as numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from zakaz_emulators.vk.records import Figures
from zakaz_emulators.vk.switches import Switches

_KOPECK = Decimal("0.01")
_VIDEO_COUNTS = (
    "started",
    "paused",
    "resumed_after_pause",
    "fullscreen_on",
    "fullscreen_off",
    "sound_turned_off",
    "sound_turned_on",
    "viewed_10_seconds",
    "viewed_25_percent",
    "viewed_50_percent",
    "viewed_75_percent",
    "viewed_100_percent",
)
_EVENTS = (
    "opening_app",
    "opening_post",
    "moving_into_group",
    "clicks_on_external_url",
    "launching_video",
    "comments",
    "joinings",
    "likes",
    "shares",
    "votings",
    "sending_form",
)
_SOCIAL = (
    "vk_subscribe",
    "vk_join",
    "ok_join",
    "dzen_join",
    "result_join",
    "vk_message",
    "ok_message",
    "result_message",
)


def decimal_text(amount: Decimal) -> str:
    """Write a decimal without an exponent and without zeros at its end."""
    text = format(amount, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _average(spent: Decimal, by: int, times: int = 1) -> str:
    if not by:
        return "0"
    return decimal_text((spent * times / by).quantize(_KOPECK, ROUND_HALF_UP))


def _per_cent(part: int, whole: int) -> float | int:
    return part * 100 / whole if part and whole else 0


def base(figures: Figures, switches: Switches, *, amounts: bool = False) -> dict[str, Any]:
    """Write the set that everybody reads; its ``goals`` is 0, the results are under ``vk``."""
    told: dict[str, Any] = {
        "shows": figures.shows,
        "clicks": figures.clicks,
        "goals": 0,
        "spent": decimal_text(figures.spent),
    }
    if amounts or switches.tell_amounts:
        told |= {"a_amount": decimal_text(figures.spent), "n_amount": "0"}
    told |= {
        "cpm": _average(figures.spent, figures.shows, 1000),
        "cpc": _average(figures.spent, figures.clicks),
        "cpa": "0",
        "ctr": _per_cent(figures.clicks, figures.shows),
        "cr": 0,
        "vk": _results(figures, switches),
    }
    return told


def _results(figures: Figures, switches: Switches) -> dict[str, Any]:
    cpa: str | int = _average(figures.spent, figures.goals)
    if not figures and not switches.cpa_always_text:
        cpa = 0
    told: dict[str, Any] = {}
    if switches.tell_goals:
        told |= {"goals": figures.goals, "cpa": cpa}
    if switches.tell_result:
        told |= {"result": figures.goals, "cpr": cpa}
    if switches.tell_vk_cr:
        told["cr"] = _per_cent(figures.goals, figures.clicks)
    return told


def _events(figures: Figures) -> dict[str, Any]:
    told = dict.fromkeys(_EVENTS, 0)
    return told | {"clicks_on_external_url": figures.clicks, "sending_form": figures.goals}


def _uniques(figures: Figures) -> dict[str, Any]:
    people = figures.shows * 3 // 5
    frequency = figures.shows / people if people else 0
    return {"reach": 0, "total": people, "increment": people, "frequency": frequency}


def _carousel(_: Figures) -> dict[str, Any]:
    kinds = ("shows", "clicks", "ctr")
    return {f"slide_{slide}_{kind}": 0 for slide in range(1, 7) for kind in kinds}


def _zeros(*names: str) -> Callable[[Figures], dict[str, Any]]:
    return lambda _: dict.fromkeys(names, 0)


SETS: dict[str, Callable[[Figures], dict[str, Any]]] = {
    "events": _events,
    "video": lambda _: {**dict.fromkeys(_VIDEO_COUNTS, 0), "depth_of_view": 0, "started_cost": "0"},
    "carousel": _carousel,
    "ad_offers": _zeros("offer_postponed", "upload_receipt", "earn_offer_rewards"),
    "uniques": _uniques,
    "uniques_video": _zeros(*_VIDEO_COUNTS[:1], *_VIDEO_COUNTS[7:]),
    "tps": lambda _: {"tps": "0", "tpd": "0"},
    "romi": lambda _: {"value": "0", "romi": 0, "adv_cost_share": 0},
    "playable": _zeros("playable_game_open", "playable_game_close", "playable_call_to_action"),
    "custom_event": lambda _: {},
    "social_network": _zeros(*_SOCIAL),
    "moat": lambda _: {},
}
NAMES = ("base", *SETS)


def written(
    figures: Figures, sets: Sequence[str], switches: Switches, *, grand: bool = False
) -> dict[str, Any]:
    """Write the sets that were asked for; the grand total knows no uniques."""
    told: dict[str, Any] = {}
    for name in sets:
        if name == "base":
            told[name] = base(figures, switches)
        elif not (grand and name.startswith("uniques")):
            told[name] = SETS[name](figures)
    return told
