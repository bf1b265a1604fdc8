"""A minimal Singer tap over the pages: SCHEMA and RECORD messages on standard output."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from order_pages import page_files

_AT = {"type": ["string", "null"], "format": "date-time"}
_NUMBER = {"type": ["number", "null"]}
_ID = {"type": ["integer", "null"]}
_TEXT = {"type": ["string", "null"]}
ORDER = {
    "id": {"type": "integer"}, "event_id": {"type": "integer"}, "payed": {"type": "boolean"},
    "payed_at": _AT, "created_at": _AT, "updated_at": _AT, "deleted_at": _AT,
    "currency_id": _TEXT, "price": _NUMBER, "original_price": _NUMBER, "discount_id": _ID,
    "promo_code_id": _ID, "utm": {"type": ["object", "array"]},
}  # fmt: skip
BASKET = {
    "id": {"type": "integer"}, "order_id": {"type": "integer"}, "show_id": _ID,
    "created_at": _AT, "updated_at": _AT, "deleted_at": _AT, "refunded_at": _AT,
    "quantity": {"type": "integer"}, "original_price": _NUMBER, "discount_value": _NUMBER,
    "price": _NUMBER, "service_fee_amount": _NUMBER, "refunded_amount": _NUMBER,
    "refunded_deduction_amount": _NUMBER,
}  # fmt: skip


def main() -> None:
    """Write the messages of every page."""
    write = sys.stdout.write

    def say(message: dict[str, Any]) -> None:
        write(json.dumps(message, separators=(",", ":")) + "\n")

    for stream, properties in (("orders", ORDER), ("baskets", BASKET)):
        schema = {"type": "object", "properties": properties}
        say({"type": "SCHEMA", "stream": stream, "key_properties": ["id"], "schema": schema})
    for path in page_files(Path(sys.argv[1])):
        for order in json.loads(path.read_bytes())["data"]:
            record = {name: order[name] for name in ORDER}
            say({"type": "RECORD", "stream": "orders", "record": record})
            for basket in order["baskets"]:
                basket["order_id"] = order["id"]
                record = {name: basket[name] for name in BASKET}
                say({"type": "RECORD", "stream": "baskets", "record": record})


if __name__ == "__main__":
    main()
