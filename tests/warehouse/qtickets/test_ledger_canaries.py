"""Five hundred canary buyers through the real loader: nothing of them is found behind it."""

from __future__ import annotations

import logging
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from starlette.testclient import TestClient
from zakaz.errors import ZakazError
from zakaz.warehouse.url import warehouse_url
from zakaz_emulators.qtickets import canary_organisation, faults
from zakaz_emulators.qtickets.canaries import Canaries, canaries_in
from zakaz_web import pages
from zakaz_web.app import Dashboard, create_app
from zakaz_web.reading import Reading
from zakaz_web.security import Door
from zakaz_web.supply import WarehouseSupply

TEXTS = (
    "SELECT database, table, groupArray(name) FROM system.columns"
    " WHERE database IN ('zakaz', 'bi') AND (type LIKE '%String%' OR type LIKE '%Enum%')"
    " GROUP BY database, table"
)


@pytest.fixture(scope="module")
def canaries() -> Canaries:
    """Give the organisation of canary buyers."""
    return canary_organisation()


@pytest.fixture
def organisation(canaries: Canaries) -> Any:
    """Let the ground stand on it."""
    return canaries.organisation


def found_in_columns(ground: Any) -> dict[str, set[str]]:
    """Look through every text column of every table and view."""
    leaks: dict[str, set[str]] = {}
    for database, table, columns in ground.rows(TEXTS):
        asked = ", ".join(f"groupUniqArray(toString(`{column}`))" for column in columns)
        (values,) = ground.rows(f"SELECT {asked} FROM `{database}`.`{table}`")
        for column, texts in zip(columns, values, strict=True):
            if found := canaries_in("\n".join(filter(None, texts))):
                leaks[f"{database}.{table}.{column}"] = found
    return leaks


def test_r13_f26_no_buyer_reaches_rows_quarantine_journals_files_logs_pages_and_exports(
    ground: Any, canaries: Canaries, caplog: pytest.LogCaptureFixture
) -> None:
    """Names, addresses and phones, hidden in tags, codes, comments and bad values, stay outside.

    Every page, and every panel as JSON, CSV and spreadsheet, names none of the buyers either.
    """
    caplog.set_level(logging.DEBUG)
    outcome = ground.sync()
    ground.sync(full_refresh=True)

    assert outcome.report.quarantined == len(canaries.malformed)
    assert outcome.report.accepted > 500
    assert found_in_columns(ground) == {}
    assert canaries_in(caplog.text) == set()
    ground.close()
    files = [path for path in ground.root.rglob("*") if path.is_file()]
    plain = [path for path in files if path.suffix in {".jsonl", ".json", ".sql", ".txt", ""}]
    assert plain
    for path in plain:
        assert canaries_in(path.read_bytes().decode("utf-8", "replace")) == set(), path.name
    look_at_pages(ground)


def look_at_pages(ground: Any) -> None:
    """Look for buyers on every page and in every export of what is published."""
    supply = WarehouseSupply(warehouse_url(ground.environ))
    reading = Reading(supply)
    dashboard = Dashboard(reading, clock=lambda: ground.now)
    client = TestClient(create_app(dashboard, Door()), base_url="http://127.0.0.1:8765")
    try:
        looked = 0
        for page in pages.ALL:
            for event in ("", "80001"):
                asked = {"event": event} if event else {}
                forms = ("json",) if event else ("json", "csv", "xlsx")
                answers = [client.get(page.rules.path, params=asked)] + [
                    client.get(f"/panel/{panel}.{form}", params=asked)
                    for panel in page.panels
                    for form in forms
                ]
                for answer in answers:
                    looked += answer.status_code == 200
                    assert canaries_in(shown(answer.content)) == set(), answer.url
        assert looked > 40
    finally:
        reading.close()
        supply.close()


def shown(content: bytes) -> str:
    """Give an answer as text; a spreadsheet is unpacked."""
    if not content.startswith(b"PK"):
        return content.decode()
    with ZipFile(BytesIO(content)) as sheet:
        return "".join(sheet.read(name).decode() for name in sheet.namelist())


def test_r13_the_scan_finds_a_buyer_who_leaked(ground: Any, canaries: Canaries) -> None:
    """The same search names the column into which an address was planted."""
    ground.warehouse.insert(
        "zakaz.meta_watermarks",
        {"job": ["qtickets"], "stream": [canaries.buyers[7].email], "value": ["x"], "_ver": [1]},
    )
    assert list(found_in_columns(ground)) == ["zakaz.meta_watermarks.stream"]


def test_r13_c07_no_buyer_is_named_in_an_error(
    ground: Any, canaries: Canaries, caplog: pytest.LogCaptureFixture
) -> None:
    """An answer that is refused is quoted in part, scrubbed of whom it names."""
    caplog.set_level(logging.DEBUG)
    buyer = canaries.buyers[3]
    told = f'{{"error":"{buyer.email} {buyer.phone}","status":422}}'.encode()
    ground.emulator.faults.always(faults.body(told, code=422), path="/orders")
    with pytest.raises(ZakazError) as error:
        ground.load()
    assert canaries_in(f"{error.value} {caplog.text}") == set()
