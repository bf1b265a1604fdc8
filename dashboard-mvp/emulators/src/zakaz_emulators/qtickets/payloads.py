"""Records as the JSON objects of the service: every field, its order and its JSON type."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from zakaz_emulators.qtickets import buyers
from zakaz_emulators.qtickets.records import Order, Ticket

SITE = "https://qtickets.ru"
EXTENDED = timedelta(hours=48)
RESERVED = timedelta(hours=24)


def moment(at: datetime | None) -> str | None:
    """Write an instant as the service does: seconds and ``+03:00``; records hold no less."""
    return None if at is None else at.isoformat()


def number(amount: Decimal | None) -> int | float | None:
    """Write money as a JSON number: an integer when whole, as the service does."""
    if amount is None:
        return None
    whole = int(amount)
    return whole if whole == amount else float(amount)


def order_payload(order: Order, *, detail: bool = False) -> dict[str, Any]:
    """Write an order; the detail differs from the list in ``integrations`` only."""
    code = buyers.code(order.id)
    client = buyers.client(order.client_id)
    tickets = order.tickets
    holding = EXTENDED if order.reserve_extended else RESERVED
    paid = order.payed_at is not None
    free = not any(ticket.price for ticket in tickets)
    return {
        "id": order.id,
        "uniqid": code,
        "payed": paid,
        "payed_at": moment(order.payed_at),
        "client_id": order.client_id,
        "client": client,
        "site_id": 501,
        "site": {"id": 501, "host": "билеты.example.test"},
        "payment_id": 301,
        "payment_type_id": order.payment_type_id,
        "payment_card_number": "000000******0000" if paid and not free else None,
        "payment_url": f"{SITE}/pay/{code}",
        "cancel_url": f"{SITE}/cancel-order/{code}/{buyers.secret(0, order.id)}",
        "basket_user_id": order.client_id - 2_000_000,
        "backend_user_id": None,
        "access_code_id": None,
        "discount_id": order.discount_id,
        "promo_code_id": order.promo_code_id,
        "reserved": False,
        "reserved_to": moment(order.created_at + holding),
        "reserve_extended": order.reserve_extended,
        "event_id": order.event_id,
        "price": number(sum((ticket.price for ticket in tickets), Decimal(0))),
        "original_price": number(sum((t.original_price for t in tickets), Decimal(0))),
        "currency_id": order.currency_id,
        "utm": dict(order.utm) or [],
        "custom": "",
        "fields": [],
        "baskets": [ticket_payload(ticket, order, client) for ticket in tickets],
        "refunds": [
            {"id": t.id, "amount": number(t.refunded_amount), "created_at": moment(t.refunded_at)}
            for t in tickets
            if t.refunded_at is not None
        ],
        "integrations": {"roistat": {"roistat_visit": None}} if detail else [],
        "created_at": moment(order.created_at),
        "updated_at": moment(order.updated_at),
        "deleted_at": moment(order.deleted_at),
    }


def ticket_payload(ticket: Ticket, order: Order, client: dict[str, Any]) -> dict[str, Any]:
    """Write a ticket; a deleted one loses barcode and links, and its refund reads 0, not null."""
    live = ticket.deleted_at is None
    code = buyers.code(ticket.id)
    link = f"{code}/{buyers.secret(1, ticket.id)}"
    details = client["details"]
    unrefunded = None if live else 0
    price = number(ticket.price)
    face = number(ticket.original_price)
    return {
        "id": ticket.id,
        "series": f"88{order.event_id:07d}",
        "barcode": f"87{ticket.id:010d}" if live else None,
        "show_id": ticket.show_id,
        "seat_id": ticket.zone.seat_id(ticket.seat, ticket.tariff),
        "seat_name": ticket.zone.seat_name(ticket.seat),
        "original_price": face,
        "ticket_original_price": face,
        "discount_value": number(ticket.discount_value),
        "price": price,
        "ticket_amount": price if order.payed_at is not None else 0,
        "service_fee_amount": number(ticket.service_fee),
        "multiprice_code": ticket.tariff,
        "quantity": ticket.quantity,
        "client_email": client["email"],
        "client_phone": details["phone"],
        "client_name": details["name"],
        "client_surname": details["surname"],
        "client_middlename": None,
        "organization_name": None,
        "legal_name": None,
        "work_position": None,
        "inn": None,
        "kpp": None,
        "comment": None,
        "pdf_url": f"{SITE}/ticket/pdf/{link}" if live else None,
        "passbook_url": f"{SITE}/ticket/passbook/{link}" if live else None,
        "related_baskets": [],
        "services": [],
        "checked_at": moment(ticket.checked_at),
        "created_at": moment(ticket.created_at),
        "updated_at": moment(ticket.updated_at),
        "deleted_at": moment(ticket.deleted_at),
        "refunded_at": moment(ticket.refunded_at),
        "refunded_amount": (
            unrefunded if ticket.refunded_amount is None else number(ticket.refunded_amount)
        ),
        "refunded_deduction_amount": (
            unrefunded if ticket.refunded_deduction is None else number(ticket.refunded_deduction)
        ),
        "refunds": [],
    }
