"""The cases of the marketing views, side by side: each has its account, its city and its days."""

from __future__ import annotations

from datetime import date

from golden_rows import Golden
from staged import Staged

ADS, MARKETING = "bi.v_vk_ads_daily", "bi.v_marketing_daily"
ROI, ROMI = "bi.v_marketing_roi_daily", "bi.v_romi_daily"
FILES = {
    "h1_no_event": ROI, "h1_one_event": ROI, "h1_three_events": ROI, "h2_one_side_only": ROI,
    "h3_ratios": ROI, "h4_day_of_sale": ROI, "h12_two_currencies": ROI,
    "h16_tags_on_one_side": ROMI,
}  # fmt: skip
H6, H8, H11, H13, H14, IDLE, ACCOUNTS = (date(2026, 2, day) for day in (10, 11, *range(14, 19)))


def stage(staged: Staged) -> None:
    """Write the files, and the cases that are written here."""
    for name in FILES:
        Golden(name).stage(staged)
    with staged.account("h6"):
        staged.event()
        staged.show()
        staged.ads(str(H6), utm_content="томск_01_03")
        staged.ticket(payed_at=f"{H6} 12:00", price="2000")
    with staged.account("h8"):
        staged.event("e8", event_name="Гала", city_name="Киров")
        staged.show("s8", event_id="e8", event_date="2026-03-01")
        staged.ads(str(H8), utm_content="киров_01_03")
        staged.ticket(event_id="nowhere", payed_at=f"{H8} 12:00")
    with staged.account("h10"):
        staged.event(city_name="Сочи")
        for day, spend, price in (("2026-02-12", "100", "1000"), ("2026-02-13", "900", "900")):
            staged.ads(day, utm_content="сочи_01_03", spend=spend)
            staged.ticket(day, payed_at=f"{day} 12:00", price=price)
    with staged.account("h11"):
        tags = {"utm_source": "vk_ads", "utm_campaign": "elka", "utm_content": "тверь_01_03"}
        staged.event(city_name="Тверь")
        staged.ads(str(H11), **tags)
        staged.order("1", payed_at=f"{H11} 12:00", **tags)
        staged.basket("1")
        staged.basket("2")
    with staged.account("h13"):
        staged.event(city_name="Липецк")
        staged.ticket(payed_at=f"{H13} 00:30")
        staged.ads(str(H13), utm_content="липецк_01_03")
    with staged.account("h14"):
        for kopecks in range(1, 34):
            staged.ads(str(H14), banner_id=str(kopecks), spend=f"0.{kopecks:02}")
    with staged.account("idle"):
        staged.ads(str(IDLE), spend="0", impressions=0, clicks=0, goals=1)
    for organiser in ("first", "second"):
        with staged.account(organiser):
            staged.event(city_name="Рязань")
            staged.ticket(payed_at=f"{ACCOUNTS} 12:00")
    staged.ads(str(ACCOUNTS), account_id="5550123", utm_content="рязань_01_03")
    with staged.account("h18"):
        for day in ("2026-01-10", "2026-03-10"):
            staged.ads(day)
            staged.ticket(day, payed_at=f"{day} 12:00")
