"""The truth behind the VK Ads emulator: campaigns, groups, ads, and what an ad did on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

ZERO = Decimal(0)
AUTOMATIC_UTM = (
    "utm_medium=cpc&utm_source=vk_ads&utm_campaign={{campaign_id}}&utm_content={{banner_id}}"
)
"""What the service adds to a link when a group's tags are on and it has no template."""


@dataclass(slots=True)
class Client:
    """One API access of the account: its id, its secret, and whether it still opens anything."""

    client_id: str
    secret: str
    blocked: bool = False
    revoked: bool = False


@dataclass(slots=True)
class User:
    """The account as the API knows it; the last three are what a loader must not keep."""

    id: int
    username: str
    account_id: int
    status: str = "active"
    currency: str = "RUB"
    balance: Decimal = Decimal("12750.40")
    email: str = "owner@example.test"
    firstname: str = "Пример"
    lastname: str = "Придуманный"


@dataclass(slots=True)
class AdPlan:
    """What the cabinet calls a campaign; ``deleted`` is the cabinet's archive."""

    id: int
    name: str
    created: datetime
    updated: datetime
    status: str = "active"
    objective: str = "site_conversions"
    date_start: date | None = None
    date_end: date | None = None
    budget_limit: Decimal | None = None
    budget_limit_day: Decimal | None = None


@dataclass(slots=True)
class AdGroup:
    """A group of ads, which old names of the API call a campaign."""

    id: int
    ad_plan_id: int | None
    name: str
    created: datetime
    updated: datetime
    status: str = "active"
    objective: str = "site_conversions"
    package_id: int = 3127
    enable_utm: bool = False
    utm: str | None = None


@dataclass(slots=True)
class Banner:
    """An ad; ``urls`` holds its links by role."""

    id: int
    ad_group_id: int
    name: str
    created: datetime
    updated: datetime
    status: str = "active"
    urls: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    moderation_status: str = "allowed"


@dataclass(frozen=True, slots=True)
class Figures:
    """What was shown, clicked, charged and reached; ``spent`` is net roubles."""

    shows: int = 0
    clicks: int = 0
    spent: Decimal = ZERO
    goals: int = 0

    def __add__(self, other: Figures) -> Figures:
        """Give the sum."""
        return Figures(
            self.shows + other.shows,
            self.clicks + other.clicks,
            self.spent + other.spent,
            self.goals + other.goals,
        )

    def __bool__(self) -> bool:
        """Say whether anything happened."""
        return bool(self.shows or self.clicks or self.spent or self.goals)


NOTHING = Figures()


def total(parts: Iterable[Figures]) -> Figures:
    """Add figures up."""
    return sum(parts, NOTHING)
