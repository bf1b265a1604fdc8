"""An organisation of canary buyers: whatever of them turns up behind the loader has leaked.

Every buyer has a surname, an e-mail address and a phone that nobody else has. They stand where the
service puts them, and hide where people put them: tags, comments, custom data, company fields,
promo codes, unknown fields, and values of the wrong kind that a loader must refuse.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote, unquote

from zakaz_emulators.qtickets.organisation import Organisation
from zakaz_emulators.qtickets.records import Discount, PromoCode
from zakaz_emulators.qtickets.sample import small_organisation

BUYERS = 500
MALFORMED_EVERY = 40
NAMES = ("Анна", "Мария", "Пётр", "Фёдор", "Ольга")
_SYLLABLES = ("ба", "во", "ги", "де", "жу", "за", "ки", "ло")
_NEEDLES = re.compile(
    r"канарей\w+|canary-\d{4}|(?<!\d)[78]?[\s(-]*900[\s)-]*000[\s-]*\d\d[\s-]*\d\d(?!\d)"
)
_ESCAPED = re.compile(r"\\+u([0-9a-fA-F]{4})")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")


@dataclass(frozen=True, slots=True)
class Buyer:
    """One invented buyer."""

    number: int

    @property
    def name(self) -> str:
        """A first name like many others: alone it names nobody."""
        return NAMES[self.number % len(NAMES)]

    @property
    def surname(self) -> str:
        """A surname that only this buyer has."""
        number, made = self.number, ""
        for _ in range(3):
            number, place = divmod(number, len(_SYLLABLES))
            made += _SYLLABLES[place]
        return f"Канарей{made}ва"

    @property
    def email(self) -> str:
        """The address."""
        return f"canary-{self.number:04d}@example.org"

    @property
    def phone(self) -> str:
        """The phone as the service writes it."""
        return f"+7900000{self.number:04d}"

    @property
    def phones(self) -> tuple[str, ...]:
        """The phone as people write it."""
        head, tail = self.phone[8:10], self.phone[10:]
        return (
            self.phone,
            self.phone[1:],
            f"8{self.phone[2:]}",
            f"+7 (900) 000-{head}-{tail}",
            f"8 900 000 {head} {tail}",
            f"8(900)000-{head}-{tail}",
            f"+7-900-000-{head}-{tail}",
            f"900 000-{head}-{tail}",
        )


@dataclass(frozen=True, slots=True)
class Planted:
    """One text as it was planted; ``place`` is the field it stands in."""

    text: str
    kind: str
    place: str
    buyer: int


@dataclass(slots=True)
class Canaries:
    """The organisation, what was planted in it, and the orders that are malformed on purpose."""

    organisation: Organisation
    buyers: list[Buyer] = field(default_factory=list)
    planted: list[Planted] = field(default_factory=list)
    malformed: set[int] = field(default_factory=set)

    @property
    def strings(self) -> frozenset[str]:
        """Every spelling that was planted."""
        return frozenset(one.text for one in self.planted)

    def plant(self, buyer: Buyer, place: str, kind: str, text: str) -> str:
        """Note a text, and give it."""
        self.planted.append(Planted(text, kind, place, buyer.number))
        return text


def canaries_in(text: str) -> set[str]:
    """Give what is left of canaries in a text: as it is, percent-decoded, unescaped or base64."""
    return {found[0] for view in _views(text) for found in _NEEDLES.finditer(view.casefold())}


def _views(text: str) -> Iterator[str]:
    yield text
    if "%" in text:
        yield unquote(unquote(text)).replace("+", " ")
    if "\\" in text:
        yield _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    for found in _BASE64.finditer(text):
        padded = found[0].rstrip("=") + "=" * (-len(found[0].rstrip("=")) % 4)
        try:
            yield b64decode(padded.replace("-", "+").replace("_", "/")).decode()
        except ValueError:
            continue


def canary_organisation(buyers: int = BUYERS, *, names_in_promo_codes: bool = False) -> Canaries:
    """Give so many buyers with an order each; every fortieth order is malformed.

    A name in the text of a promo code can be told from any other word by nobody who has only the
    list of codes, so it is planted on request.
    """
    found = Canaries(small_organisation(0), [Buyer(number) for number in range(buyers)])
    for buyer in found.buyers:
        _order(found, buyer)
    for buyer in found.buyers[:60]:
        _promo_code(found, buyer, with_name=names_in_promo_codes)
    for event in found.organisation.events.values():
        for show in event.shows:
            emails = [found.plant(b, "seats", "email", b.email) for b in found.buyers[:5]]
            show.zones = tuple(
                replace(zone, capacity=max(100, buyers // 20 * 20 + 20), quota_emails=tuple(emails))
                for zone in show.zones
            )
    return found


def _order(found: Canaries, buyer: Buyer) -> None:
    organisation = found.organisation
    order = organisation.insert_order(
        event_id=80001 + buyer.number % 2,
        prices=(1000, 700)[: 1 + buyer.number % 2],
        created_at=organisation.now - timedelta(hours=1) * (len(found.buyers) - buyer.number),
        client_id=9_000_001 + buyer.number,
        utm=_tags(found, buyer),
        paid=buyer.number % 7 != 0,
        promo_code_id=66_000 + buyer.number if buyer.number < 60 else None,
    )
    spoiled = buyer.number % MALFORMED_EVERY == 0
    if spoiled:
        found.malformed.add(order.id)
    changes = [_persons(found, buyer), _extras(found, buyer)]
    if spoiled:
        changes.append(_wrong(found, buyer))

    def spoiler(payload: dict[str, Any]) -> None:
        for change in changes:
            change(payload)

    organisation.spoil(order.id, spoiler)


def _tags(found: Canaries, buyer: Buyer) -> dict[str, str]:
    """Hide the buyer in the tags in one of ten ways."""
    name, surname, phones = buyer.name, buyer.surname, buyer.phones
    ways: tuple[tuple[str, str, str], ...] = (
        ("utm_term", "name", f"{name} {surname}"),
        ("utm_content", "email", buyer.email),
        ("utm_campaign", "phone", f"lead_{buyer.phone}"),
        ("utm_content", "email", quote(buyer.email.upper(), safe="")),
        ("utm_term", "name", quote(f"{surname} {name}")),
        ("utm_source", "name", surname.upper()),
        ("utm_campaign", "phone", phones[2]),
        ("utm_content", "email", f"{surname}_{name}_{buyer.email}"),
        ("utm_medium", "phone", phones[3 + buyer.number % 5]),
        ("utm_term", "phone", quote(buyer.phone, safe="")),
    )
    tag, kind, text = ways[buyer.number % len(ways)]
    tags = {"utm_source": "vk", "utm_medium": "cpc", "utm_campaign": "vesna"}
    return tags | {tag: found.plant(buyer, tag, kind, text)}


Change = Callable[[dict[str, Any]], None]


def _persons(found: Canaries, buyer: Buyer) -> Change:
    """Put the buyer where the service puts buyers."""
    details = {"name": buyer.name, "surname": buyer.surname, "phone": buyer.phone}
    person = {
        "client_email": buyer.email.title(),
        "client_phone": buyer.phones[3],
        "client_name": buyer.name,
        "client_surname": buyer.surname.upper(),
        "client_middlename": None,
        "organization_name": f"ИП {buyer.surname}",
        "legal_name": f"{buyer.surname} {buyer.name}",
        "comment": f"Позвонить: {buyer.surname}, {buyer.phones[4]}, {buyer.email}",
    }
    found.plant(buyer, "client", "email", buyer.email)
    found.plant(buyer, "client", "name", buyer.surname)
    found.plant(buyer, "client", "phone", buyer.phone)
    for place in ("client_email", "client_phone", "client_surname", "legal_name", "comment"):
        kind = {"client_email": "email", "client_phone": "phone"}.get(place, "name")
        found.plant(buyer, f"baskets.{place}", kind, str(person[place]))

    def change(payload: dict[str, Any]) -> None:
        payload["client"]["email"] = buyer.email
        payload["client"]["details"].update(details)
        for ticket in payload["baskets"]:
            ticket.update(person)

    return change


def _extras(found: Canaries, buyer: Buyer) -> Change:
    """Put the buyer into custom data, company fields and fields nobody announced."""
    coded = b64encode(buyer.email.encode()).decode()
    custom = {"mail": coded, "who": f"{buyer.name} {buyer.surname}", "tel": buyer.phones[5]}
    fields = {"company": f"ООО {buyer.surname}", "contact": buyer.phones[7]}
    note = {"text": quote(f"{buyer.surname} {buyer.email}"), "phone": buyer.phones[6]}
    for place, planted in (("custom", custom), ("fields", fields), ("note", note)):
        for text in planted.values():
            kind = "phone" if "900" in text else "email" if text == coded else "name"
            found.plant(buyer, place, kind, text)

    def change(payload: dict[str, Any]) -> None:
        payload.update(custom=custom, fields=fields, note=note, buyer_email=buyer.email)
        payload["client"]["telegram_user"] = {"first_name": buyer.surname}

    return change


def _wrong(found: Canaries, buyer: Buyer) -> Change:
    """Put the buyer where a number or an instant belongs: such an order is refused."""
    ways: tuple[tuple[str, str, Any], ...] = (
        ("price", "email", buyer.email),
        ("updated_at", "phone", buyer.phones[3]),
        ("event_id", "name", buyer.surname),
        ("payed", "name", f"{buyer.name} {buyer.surname}"),
        ("baskets.price", "phone", buyer.phone),
        ("created_at", "email", buyer.email),
    )
    place, kind, text = ways[buyer.number // MALFORMED_EVERY % len(ways)]
    found.plant(buyer, place, kind, text)

    def change(payload: dict[str, Any]) -> None:
        row = payload["baskets"][0] if place == "baskets.price" else payload
        row[place.rpartition(".")[2]] = text

    return change


def _promo_code(found: Canaries, buyer: Buyer, *, with_name: bool) -> None:
    texts = [("email", f"FOR-{buyer.email}"), ("phone", f"КОД {buyer.phones[buyer.number % 7]}")]
    if with_name:
        texts.append(("name", f"{buyer.surname}20"))
    kind, text = texts[buyer.number % len(texts)]
    made = found.organisation.now - timedelta(days=30)
    number = 5_000 + buyer.number
    named = found.plant(buyer, "discount", "email", f"Скидка 20% для {buyer.email}")
    found.organisation.put_discount(Discount(number, named, made))
    code = found.plant(buyer, "promo_code", kind, text)
    found.organisation.put_promo_code(PromoCode(66_000 + buyer.number, number, code, made))
