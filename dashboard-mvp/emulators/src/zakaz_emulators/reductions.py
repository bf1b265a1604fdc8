"""The demo organisation's discounts and promo codes: used, unused, limited, over and deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from zakaz_emulators.qtickets.records import Discount, Event, PromoCode

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reduction:
    """A promo code that orders carry: its discount, what it takes off, and how often it is used."""

    discount_id: int
    promo_code_id: int
    percent: Decimal
    share: float
    """Share of all orders that carry it."""


REDUCTIONS: tuple[Reduction, ...] = (
    Reduction(4401, 55003, Decimal("0.20"), 0.030),
    Reduction(4401, 55007, Decimal("0.20"), 0.012),
    Reduction(4402, 55001, Decimal("0.15"), 0.035),
    Reduction(4403, 55002, Decimal("0.10"), 0.018),
    Reduction(4403, 55008, Decimal("0.10"), 0.010),
    Reduction(4404, 55004, Decimal("1.00"), 0.025),
    Reduction(4406, 55010, Decimal("0.12"), 0.006),
    Reduction(4399, 54017, Decimal("0.05"), 0.002),
)
"""The last one is in no list any more: old orders name codes that are gone."""


def discounts(events: Sequence[Event], today: datetime) -> list[Discount]:
    """Give the discounts: general ones, one over, one for single shows, one switched off."""
    made = today - 200 * DAY
    school = events[1]
    return [
        Discount(4401, "Скидка 20% семьям", made),
        Discount(4402, "Раннее бронирование 15%", made),
        Discount(4403, "Подписчикам 10%", made),
        Discount(4404, "Приглашение 100%", made),
        Discount(
            4405, "Чёрная пятница 25%", made, active_from=made + DAY, active_to=made + 4 * DAY
        ),
        Discount(
            4406,
            "Классом дешевле 12%",
            made,
            event_ids=(school.id,),
            show_ids=tuple(show.id for show in school.shows),
        ),
        Discount(4407, "Партнёрам 30%", made, is_active=False, updated_at=today - 40 * DAY),
        Discount(4408, "Проба скидки 50%", made, deleted_at=made + DAY, updated_at=made + DAY),
    ]


def promo_codes(today: datetime) -> list[PromoCode]:
    """Give the promo codes as the service lists them: unsorted, some made again after deletion."""
    made = today - 200 * DAY
    gone = made + 30 * DAY
    return [
        PromoCode(55003, 4401, "СЕМЬЯ20", made),
        PromoCode(55001, 4402, "EARLY15", made),
        PromoCode(55006, 4402, "early15", made - DAY, deleted_at=made, updated_at=made),
        PromoCode(55002, 4403, "vk10", made),
        PromoCode(55008, 4403, "ТЕЛЕГРАМ10", made + 20 * DAY),
        PromoCode(55004, 4404, "ПРИГЛАШЕНИЕ", made, max_uses_count=1000),
        PromoCode(55007, 4401, "Семья20", made + 60 * DAY),
        PromoCode(55005, 4405, "СНЕГ25", made, active_from=made + DAY, active_to=made + 4 * DAY),
        PromoCode(55010, 4406, "КЛАСС12", made + 10 * DAY, max_uses_count=500),
        PromoCode(55009, 4407, "ПАРТНЁР30", made, is_active=False),
        PromoCode(55011, 4408, "ПРОБА50", made, deleted_at=gone, updated_at=gone),
    ]
