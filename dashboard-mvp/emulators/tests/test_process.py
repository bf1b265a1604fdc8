"""The emulator as a process of its own: one JSON line, then service until told to stop."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
import requests

COMMAND = (sys.executable, "-m", "zakaz_emulators", "qtickets", "--seed", "1", "--orders", "300")


@pytest.fixture
def process() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [*COMMAND, "--token", "abc", "--today", "2026-10-20", "--until-stdin-closes"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as started:
        yield started
        started.kill()


@pytest.fixture
def vk_process() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [*COMMAND[:3], "vk", "--now", "2026-03-20T15:00:00", "--until-stdin-closes"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as started:
        yield started
        started.kill()


def told(process: subprocess.Popen[str]) -> dict[str, str]:
    assert process.stdout is not None
    line: dict[str, str] = json.loads(process.stdout.readline())
    return line


def test_it_prints_one_json_line_and_ends_on_sigterm(process: subprocess.Popen[str]) -> None:
    """The line names the address; the exit is clean."""
    line = told(process)
    response = requests.get(
        line["base_url"] + "/orders", headers={"Authorization": "Bearer abc"}, timeout=300
    )
    assert response.json()["paging"]["total"] == int(line["orders"])
    assert line["now"] == "2026-10-20T15:00:00+03:00"
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=300) == 0


def test_it_ends_with_the_process_that_started_it(process: subprocess.Popen[str]) -> None:
    """A closed standard input means that nobody is left."""
    told(process)
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(timeout=300) == 0


def test_the_ledger_is_told_on_a_private_path(process: subprocess.Popen[str]) -> None:
    """With the token only, and outside the API."""
    line = told(process)
    address = line["url"] + "/__ledger"
    assert requests.get(address, timeout=300).status_code == 403
    ledger = requests.get(address, headers={"Authorization": "Bearer abc"}, timeout=300).json()
    assert set(ledger) == {"daily", "refunds_by_refund_date", "inventory", "totals"}
    assert ledger["totals"]["orders"] > 200


def test_vk_ads_is_served_with_what_opens_it(vk_process: subprocess.Popen[str]) -> None:
    """The line names a client and its secret; a token for them opens the account."""
    line = told(vk_process)
    form = {name: line[name] for name in ("client_id", "client_secret")}
    token = requests.post(
        line["base_url"] + "/api/v2/oauth2/token.json",
        data={"grant_type": "client_credentials", **form},
        timeout=300,
    ).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    address = line["base_url"] + "/api/v2/banners.json?_status__in=active,blocked,deleted"
    assert requests.get(address, headers=headers, timeout=300).json()["count"] == line["banners"]
    assert line["now"] == "2026-03-20T15:00:00+03:00"
    vk_process.send_signal(signal.SIGTERM)
    assert vk_process.wait(timeout=300) == 0


def test_the_ledger_of_vk_ads_costs_no_token(vk_process: subprocess.Popen[str]) -> None:
    """The client's secret opens it, on a private path."""
    line = told(vk_process)
    address = line["url"] + "/__ledger"
    assert requests.get(address, timeout=300).status_code == 401
    headers = {"Authorization": f"Bearer {line['client_secret']}"}
    ledger = requests.get(address, headers=headers, timeout=300).json()
    assert set(ledger) == {"daily", "totals"}
    assert ledger["daily"][0]["account_id"] == "5550123"
