"""One thing read again by its id, as a page of one row."""

from __future__ import annotations

from typing import Any

from zakaz.errors import DataError

from qtickets_api.client import Page, QticketsClient
from qtickets_api.query import Condition, Query
from qtickets_api.streams import Stream


def read_again(client: QticketsClient, stream: Stream[Any], identity: str) -> Page:
    """Fetch one thing of a stream; raises DataError for what is no id or is not there.

    A list without addresses of its own is asked for the one id, and the answer is proved.
    """
    if not (identity.isascii() and identity.isdigit()):
        raise DataError(f"--id {identity}: ids of Qtickets are whole numbers.")
    if stream.has_details:
        row, fetched_at = client.item(f"{stream.path}/{identity}")
        return Page([row], (int(identity),), 1, 1, fetched_at)
    query = Query((Condition("id", "=", int(identity)),), per_page=1)
    page = client.page(stream.path, query)
    if not page.rows:
        raise DataError(f"Qtickets knows no {stream.name.replace('_', ' ')[:-1]} {identity}.")
    return page
