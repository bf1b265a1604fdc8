"""Invented buyers, derived from the client's id: personal data a loader must drop."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

WOMEN = ("Анна", "Мария", "Елена", "Ольга", "Наталья", "Татьяна", "Ксения", "Юлия", "Дарья")
MEN = ("Иван", "Пётр", "Алексей", "Дмитрий", "Сергей", "Андрей", "Никита", "Артём", "Фёдор")
_MIXER = 0x9E3779B97F4A7C15F39CC0605CEDC835
STEMS = ("Пример", "Образцов", "Тестов", "Выдуман", "Учебн", "Показатель", "Условн", "Ёлк")


def client(client_id: int) -> dict[str, Any]:
    """Give the buyer's object of an order; e-mails and phones lead nowhere."""
    name, surname = full_name(client_id)
    return {
        "id": client_id,
        "email": email(client_id),
        "details": {
            "id": client_id - 1_000_000,
            "name": name,
            "middlename": None,
            "surname": surname if client_id % 17 else None,
            "phone": phone(client_id),
            "vk_id": "",
            "facebook_id": "",
        },
    }


def full_name(client_id: int) -> tuple[str, str]:
    """Give an invented name and surname in Cyrillic."""
    stem = STEMS[client_id // 9 % len(STEMS)]
    if client_id % 3:
        return WOMEN[client_id % len(WOMEN)], stem + "ова"
    return MEN[client_id % len(MEN)], stem + "ов"


def email(client_id: int) -> str:
    """Give an address in the domain reserved for tests."""
    return f"buyer{client_id}@example.test"


def phone(client_id: int) -> str:
    """Give a number that no operator serves."""
    return f"+7000{client_id % 10_000_000:07d}"


def secret(kind: int, number: int) -> str:
    """Give the 32 hexadecimal digits of a link; stable, so that answers repeat."""
    return f"{(number * 4 + kind) * _MIXER % 2**128:032x}"


def code(number: int) -> str:
    """Give the ten-character public code of an order or ticket."""
    mixed = (number * _MIXER % 2**64).to_bytes(8, "big")
    return b64encode(mixed, b"xZ").decode()[:10]
