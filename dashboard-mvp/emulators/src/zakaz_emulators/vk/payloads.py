"""How campaigns, groups, ads and the account are written, field by field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from zakaz_emulators.vk.metrics import decimal_text
from zakaz_emulators.vk.records import AdGroup, AdPlan, Banner, User

Writer = Callable[[Any], Any]


def instant(at: datetime) -> str:
    """Write an instant as the service does: Moscow time without saying so."""
    return at.strftime("%Y-%m-%d %H:%M:%S")


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else decimal_text(amount)


def _status(one: AdPlan | AdGroup | Banner) -> dict[str, Any]:
    return {"status": one.status, "major_status": one.status.upper(), "codes": []}


def _delivery(one: AdGroup | Banner) -> str:
    return "delivering" if one.status == "active" else "not_delivering"


PLAN: Mapping[str, Writer] = {
    "id": lambda plan: plan.id,
    "name": lambda plan: plan.name,
    "status": lambda plan: plan.status,
    "vkads_status": _status,
    "created": lambda plan: instant(plan.created),
    "updated": lambda plan: instant(plan.updated),
    "date_start": lambda plan: _day(plan.date_start),
    "date_end": lambda plan: _day(plan.date_end),
    "budget_limit": lambda plan: _money(plan.budget_limit),
    "budget_limit_day": lambda plan: _money(plan.budget_limit_day),
    "max_price": lambda _: "0",
    "objective": lambda plan: plan.objective,
    "priced_goal": lambda _: None,
    "autobidding_mode": lambda _: "max_goals",
    "pricelist_id": lambda _: 72,
    "enable_offline_goals": lambda _: False,
}
GROUP: Mapping[str, Writer] = {
    "id": lambda group: group.id,
    "name": lambda group: group.name,
    "package_id": lambda group: group.package_id,
    "ad_plan_id": lambda group: group.ad_plan_id,
    "status": lambda group: group.status,
    "vkads_status": _status,
    "objective": lambda group: group.objective,
    "enable_utm": lambda group: group.enable_utm,
    "utm": lambda group: group.utm,
    "created": lambda group: instant(group.created),
    "updated": lambda group: instant(group.updated),
    "last_updated": lambda group: instant(group.updated),
    "date_start": lambda _: None,
    "date_end": lambda _: None,
    "budget_limit": lambda _: None,
    "budget_limit_day": lambda _: None,
    "price": lambda _: "0",
    "priced_goal": lambda _: None,
    "package_priced_event_type": lambda _: 35,
    "delivery": _delivery,
    "issues": lambda _: [],
    "age_restrictions": lambda _: None,
    "targetings": lambda _: {},
}


def _urls(banner: Banner) -> dict[str, Any]:
    return {
        role: {
            "id": 90_000_000 + banner.id % 1_000_000 * 10 + place,
            "url": url,
            "url_types": ["external"],
            "url_object_type": "",
            "url_object_id": "",
        }
        for place, (role, url) in enumerate(banner.urls.items())
    }


BANNER: Mapping[str, Writer] = {
    "id": lambda banner: banner.id,
    "ad_group_id": lambda banner: banner.ad_group_id,
    "moderation_status": lambda banner: banner.moderation_status,
    "ord_marker": lambda banner: f"DEMOmarker{banner.id % 1000}",
    "name": lambda banner: banner.name,
    "status": lambda banner: banner.status,
    "created": lambda banner: instant(banner.created),
    "updated": lambda banner: instant(banner.updated),
    "delivery": _delivery,
    "issues": lambda _: [],
    "moderation_reasons": lambda _: [],
    "content": lambda _: {},
    "textblocks": lambda banner: {"title_40_vkads": {"text": "", "title": banner.title}},
    "urls": _urls,
}


def _wallet(user: User) -> dict[str, Any]:
    balance = f"{user.balance:.2f}"
    return {
        "id": user.account_id,
        "type": "juridical",
        "balance": balance,
        "currency": user.currency,
    }


USER: Mapping[str, Writer] = {
    "id": lambda user: user.id,
    "username": lambda user: user.username,
    "status": lambda user: user.status,
    "currency": lambda user: user.currency,
    "info_currency": lambda user: user.currency,
    "language": lambda _: "ru",
    "types": lambda _: ["advert"],
    "email": lambda user: user.email,
    "firstname": lambda user: user.firstname,
    "lastname": lambda user: user.lastname,
    "account": _wallet,
}
USER_DEFAULT = tuple(name for name in USER if name != "account")
