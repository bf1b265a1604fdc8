"""The lists: which objects, which of their fields, which filters, and how many a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zakaz_emulators.vk.account import Account
from zakaz_emulators.vk.filtering import STATUS, Filter, chosen, ordered
from zakaz_emulators.vk.parameters import Parameters
from zakaz_emulators.vk.payloads import BANNER, GROUP, PLAN, USER, USER_DEFAULT, Writer, instant
from zakaz_emulators.vk.refusals import RefusedError, answer, invalid
from zakaz_emulators.vk.switches import Switches

DEFAULT_LIMIT = 20
DOCUMENTED_LIMIT = 50
OBSERVED_LIMIT = 250
_ID = Filter(int, lambda one: one.id)


@dataclass(frozen=True, slots=True)
class Resource:
    """One list: its objects, the fields they have, and the filters it knows."""

    objects: Callable[[Account], Mapping[int, Any]]
    fields: Mapping[str, Writer]
    default: tuple[str, ...]
    filters: Callable[[Account], Mapping[str, Filter]]


def _group_status(account: Account) -> Filter:
    return Filter(str, lambda banner: account.groups[banner.ad_group_id].status)


PLANS = Resource(
    lambda account: account.plans,
    PLAN,
    ("id", "name"),
    lambda _: {"id": _ID, "status": STATUS},
)
GROUPS = Resource(
    lambda account: account.groups,
    GROUP,
    ("id", "name", "package_id"),
    lambda _: {
        "id": _ID,
        "status": STATUS,
        "ad_plan_id": Filter(int, lambda group: group.ad_plan_id or 0),
        "last_updated": Filter(str, lambda group: instant(group.updated)),
    },
)
BANNERS = Resource(
    lambda account: account.banners,
    BANNER,
    ("id", "ad_group_id", "moderation_status", "ord_marker"),
    lambda account: {
        "id": _ID,
        "status": STATUS,
        "ad_group_id": Filter(int, lambda banner: banner.ad_group_id),
        "ad_group_status": _group_status(account),
        "updated": Filter(str, lambda banner: instant(banner.updated)),
        "url": Filter(str, lambda banner: " ".join(banner.urls.values()), contains=True),
        "textblock": Filter(str, lambda banner: banner.title, contains=True),
    },
)
RESOURCES = {"ad_plans": PLANS, "ad_groups": GROUPS, "campaigns": GROUPS, "banners": BANNERS}
"""``campaigns`` is an old name of groups."""


def fields_of(
    parameters: Parameters, known: Mapping[str, Writer], default: Sequence[str]
) -> Sequence[str]:
    """Give the fields a request asks for; one that is unknown refuses the request."""
    fields = parameters.many("fields")
    unknown = [name for name in fields if name not in known]
    if unknown:
        raise RefusedError(
            answer(
                {
                    "error": {
                        "code": "unknown_resource_fields",
                        "message": f"Unknown resource fields: {', '.join(unknown)}",
                        "allowed": sorted(known),
                    }
                },
                400,
            )
        )
    return fields or default


def listed(
    account: Account, resource: Resource, parameters: Parameters, switches: Switches
) -> dict[str, Any]:
    """Give one page of a list in the service's envelope; past the end it is empty."""
    fields = fields_of(parameters, resource.fields, resource.default)
    limit = _limit(parameters, switches)
    offset = parameters.natural("offset", 0)
    objects = list(resource.objects(account).values())
    filters = resource.filters(account)
    objects = chosen(objects, parameters, filters, hide_deleted=switches.hide_deleted)
    objects = ordered(objects, parameters)
    page = {
        "count": len(objects),
        "offset": offset,
        "items": [
            {name: resource.fields[name](one) for name in fields}
            for one in objects[offset : offset + limit]
        ],
    }
    return {**page, "limit": limit} if switches.tell_limit else page


def single(
    account: Account, resource: Resource, number: int, parameters: Parameters
) -> dict[str, Any] | None:
    """Give one object by id, archived or not."""
    fields = fields_of(parameters, resource.fields, resource.default)
    one = resource.objects(account).get(number)
    return None if one is None else {name: resource.fields[name](one) for name in fields}


def user(account: Account, parameters: Parameters) -> dict[str, Any]:
    """Give the account; without ``fields`` names and addresses come with it."""
    fields = fields_of(parameters, USER, USER_DEFAULT)
    return {name: USER[name](account.user) for name in fields}


def _limit(parameters: Parameters, switches: Switches) -> int:
    limit = parameters.natural("limit", DEFAULT_LIMIT)
    most = OBSERVED_LIMIT if switches.list_cap == "allow" else DOCUMENTED_LIMIT
    if limit > most and switches.list_cap == "clamp":
        return most
    if not 1 <= limit <= most:
        raise invalid({"limit": f"Value must be between 1 and {most}"})
    return limit
