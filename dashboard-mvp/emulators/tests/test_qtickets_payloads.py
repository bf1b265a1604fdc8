"""Fields of orders, tickets, events and shows: names, order and types of the sheet (§5, §7)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from zakaz_emulators.qtickets import Organisation, small_organisation
from zakaz_emulators.qtickets.event_payloads import event_payload
from zakaz_emulators.qtickets.payloads import order_payload
from zakaz_emulators.qtickets.records import Order

ORDER_FIELDS = (
    "id uniqid payed payed_at client_id client site_id site payment_id payment_type_id "
    "payment_card_number payment_url cancel_url basket_user_id backend_user_id access_code_id "
    "discount_id promo_code_id reserved reserved_to reserve_extended event_id price "
    "original_price currency_id utm custom fields baskets refunds integrations created_at "
    "updated_at deleted_at"
)
TICKET_FIELDS = (
    "id series barcode show_id seat_id seat_name original_price ticket_original_price "
    "discount_value price ticket_amount service_fee_amount multiprice_code quantity client_email "
    "client_phone client_name client_surname client_middlename organization_name legal_name "
    "work_position inn kpp comment pdf_url passbook_url related_baskets services checked_at "
    "created_at updated_at deleted_at refunded_at refunded_amount refunded_deduction_amount refunds"
)
EVENT_FIELDS = (
    "id is_active name scheme_id currency_id place_name place_address place_description city_id "
    "description site_url external_id ticket_id mail_template_id age shows payments poster "
    "event_type_id city ticket mail_template slug place_coordinates url created_at updated_at "
    "deleted_at"
)
SHOW_FIELDS = (
    "id name is_active sale_start_date sale_finish_date open_date start_date finish_date "
    "scheme_properties prices min_price max_price created_at updated_at deleted_at"
)


def paid_order(organisation: Organisation) -> Order:
    order = organisation.order(7_000_002)
    assert order is not None
    return order


def test_an_order_has_the_captured_fields_in_the_captured_order() -> None:
    """Dates stand at the end, not at the top as documented."""
    payload = order_payload(paid_order(small_organisation()))
    assert list(payload) == ORDER_FIELDS.split()
    assert [list(ticket) for ticket in payload["baskets"]] == [TICKET_FIELDS.split()] * 2


def test_money_is_a_number_whole_sums_are_integers() -> None:
    """Roubles, never kopecks, never strings; fractions are possible."""
    organisation = small_organisation()
    order = paid_order(organisation)
    whole = order_payload(order)
    organisation.change_price(order.tickets[0].id, "612.50")
    broken = order_payload(order)
    assert (whole["price"], type(whole["price"])) == (1700, int)
    assert (broken["price"], broken["baskets"][0]["price"]) == (1312.5, 612.5)
    assert broken["baskets"][0]["discount_value"] == 387.5


def test_flags_are_booleans_on_orders_and_integers_on_events() -> None:
    """``payments[].is_active`` alone is a boolean on an event."""
    organisation = small_organisation()
    order = order_payload(paid_order(organisation))
    event = event_payload(organisation.events[80001])
    assert (order["payed"], order["reserved"], order["reserve_extended"]) == (True, False, False)
    assert (event["is_active"], event["shows"][0]["is_active"]) == (1, 1)
    assert event["payments"][0]["is_active"] is True


def test_an_event_and_its_shows_have_the_captured_fields() -> None:
    """Everything inside the scheme is a string, colours are ids in strings."""
    event = event_payload(small_organisation().events[80001])
    show = event["shows"][0]
    assert list(event) == EVENT_FIELDS.split()
    assert list(show) == SHOW_FIELDS.split()
    assert show["min_price"] == {
        "id": 900002,
        "default_price": 700,
        "color_theme": "8",
        "modifiers": [],
    }
    assert set(scalars(show["scheme_properties"])) <= {str}
    assert event["city"] == {"id": 91, "name": "Казань", "timezone": "Europe/Moscow"}


def scalars(value: Any) -> list[type]:
    if isinstance(value, dict):
        return [kind for inner in value.values() for kind in scalars(inner)]
    if isinstance(value, list):
        return [kind for inner in value for kind in scalars(inner)]
    return [type(value)]


def test_a_cancelled_unpaid_order_is_marked_by_dates_and_zero_refunds() -> None:
    """``refunded_amount`` is 0 on deleted tickets and null on live ones: no refund marker."""
    organisation = small_organisation()
    live = order_payload(paid_order(organisation))
    reserved = organisation.insert_order(event_id=80001, paid=False)
    organisation.cancel(reserved.id)
    deleted = order_payload(reserved)
    assert (deleted["payed"], deleted["payed_at"]) == (False, None)
    assert deleted["deleted_at"] == deleted["baskets"][0]["deleted_at"] is not None
    ticket = deleted["baskets"][0]
    assert (ticket["barcode"], ticket["pdf_url"], ticket["ticket_amount"]) == (None, None, 0)
    assert (ticket["refunded_amount"], ticket["refunded_deduction_amount"]) == (0, 0)
    assert live["baskets"][0]["refunded_amount"] is None


def test_a_free_order_is_paid_with_price_zero_and_no_card() -> None:
    """A 100 % promo code makes a paid order."""
    organisation = small_organisation()
    free = organisation.insert_order(event_id=80001, prices=(0,))
    payload = order_payload(free)
    assert (payload["payed"], payload["price"], payload["payment_card_number"]) == (True, 0, None)


def test_a_refund_shows_on_ticket_and_order() -> None:
    """The shape of ``order.refunds`` is our guess; the ticket's fields are documented."""
    organisation = small_organisation()
    order = paid_order(organisation)
    organisation.refund(order.id, deduction="70", tickets=[order.tickets[0].id])
    payload = order_payload(order)
    refunded, kept = payload["baskets"]
    assert (refunded["refunded_amount"], refunded["refunded_deduction_amount"]) == (930, 70)
    assert (kept["refunded_at"], kept["refunded_amount"]) == (None, None)
    assert [one["amount"] for one in payload["refunds"]] == [930]
    assert payload["payed"] is True


def test_an_entry_scan_does_not_move_the_order() -> None:
    """``order.updated_at`` alone is no sound watermark."""
    organisation = small_organisation()
    order = paid_order(organisation)
    before = order.updated_at
    organisation.scan(order.tickets[0].id, organisation.now + timedelta(days=1))
    assert order.updated_at == before
    assert order.tickets[0].updated_at > before


def test_f26_buyers_are_invented_and_lead_nowhere() -> None:
    """Every e-mail is in the test domain, every phone in the unused +7000 range."""
    for order in small_organisation().orders:
        payload = order_payload(order)
        assert payload["client"]["email"].endswith("@example.test")
        assert payload["client"]["details"]["phone"].startswith("+7000")
        assert payload["baskets"][0]["client_email"] == payload["client"]["email"]


def test_the_last_removed_ticket_takes_its_order_along() -> None:
    """An order stays while it has tickets."""
    organisation = small_organisation()
    order = paid_order(organisation)
    first, second = order.tickets
    organisation.delete_ticket(first.id)
    assert order.deleted_at is None
    organisation.delete_ticket(second.id)
    assert order.deleted_at == organisation.now
    assert order.tickets[0].price == Decimal(1000)
