"""Panels read back from their JSON, for tests that compare figures."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

from starlette.testclient import TestClient
from zakaz_web import kpi


def table(client: TestClient, panel: str, query: str = "") -> list[dict[str, Any]]:
    """Read a panel as rows by column name."""
    answer = client.get(f"/panel/{panel}.json{query}")
    assert answer.status_code == 200, answer.text
    names = [column["name"] for column in answer.json()["columns"]]
    return [dict(zip(names, row, strict=True)) for row in answer.json()["rows"]]


def tiles(client: TestClient, page: str, query: str = "") -> dict[str, Any]:
    """Read the tiles of a page by KPI."""
    rows = table(client, f"{page}_kpi", query)
    figures = kpi.dictionary(page)
    return {figure.id: row["value"] for figure, row in zip(figures, rows, strict=True)}


def text_of(page: str, testid: str) -> str:
    """Cut one element out of a page, up to the next one that is named."""
    found = page[page.index(f'data-testid="{testid}"') :]
    return found[: found.find("data-testid=", 20)]


def read_csv(raw: bytes) -> list[list[str]]:
    """Read the CSV of a Russian page, its numbers as machines write them."""
    lines = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";")
    return [[re.sub(r"^(-?\d+),(\d+)$", r"\1.\2", cell) for cell in line] for line in lines]


def file(client: TestClient, panel: str, query: str = "") -> tuple[list[str], list[list[str]]]:
    """Read a panel's CSV: its heads and its rows."""
    answer = client.get(f"/panel/{panel}.csv{query}")
    assert answer.status_code == 200, answer.text
    head, *lines = read_csv(answer.content)
    return head, lines
