"""The room's variables: defaults, limits, and what a stub run may lack."""

from __future__ import annotations

import pytest
from qtickets_api.settings import LIVE, QticketsSettings, check, is_stub
from zakaz.errors import SettingsError

TOKEN = {"QTICKETS_TOKEN": "canary-token-of-settings"}
LOCAL = {"QTICKETS_BASE_URL": "http://127.0.0.1:8080/api/rest/v1"}
DRY = {"DRY_RUN": "true"}


def test_a_token_is_all_that_is_needed() -> None:
    """With a token alone the live service is read with careful defaults."""
    settings = QticketsSettings.load(TOKEN)

    assert settings.base_url == LIVE == "https://qtickets.ru/api/rest/v1"
    assert settings.account_id == "main"
    assert settings.overlap_minutes >= 15
    assert TOKEN["QTICKETS_TOKEN"] not in repr(settings)


@pytest.mark.parametrize("environ", [{}, {"QTICKETS_TOKEN": "  "}, LOCAL, DRY | LOCAL])
def test_e17_c01_a_missing_token_is_named(environ: dict[str, str]) -> None:
    """Without a token nothing but a stub run starts, and the variable is named."""
    with pytest.raises(SettingsError, match="QTICKETS_TOKEN") as caught:
        check(environ)

    assert caught.value.exit_code == 78


def test_e17_only_a_stub_run_needs_no_token() -> None:
    """A dry run that sends nothing to the live service needs no token."""
    check(DRY)

    assert is_stub(DRY)
    assert not is_stub({})
    assert not is_stub(DRY | LOCAL)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("QTICKETS_OVERLAP_MINUTES", "14"),
        ("QTICKETS_PAGE_SIZE", "0"),
        ("QTICKETS_PAGE_SIZE", "many"),
        ("QTICKETS_TRAILING_DAYS", "0"),
        ("QTICKETS_REFUND_DAYS", "731"),
        ("QTICKETS_REQUESTS_PER_SECOND", "0"),
        ("QTICKETS_RUN_DEADLINE_SECONDS", "-1"),
        ("QTICKETS_ACCOUNT_ID", "two words"),
        ("QTICKETS_BASE_URL", "qtickets.ru"),
        ("QTICKETS_TOKEN", "two\nlines"),
        ("DRY_RUN", "perhaps"),
    ],
)
def test_c01_c02_a_faulty_variable_is_named(name: str, value: str) -> None:
    """Each value out of its limits is refused by the name of its variable."""
    with pytest.raises(SettingsError, match=name):
        check(TOKEN | {name: value})


def test_all_faults_are_told_at_once() -> None:
    """One error names every faulty variable."""
    with pytest.raises(SettingsError) as caught:
        check({"QTICKETS_PAGE_SIZE": "0", "QTICKETS_OVERLAP_MINUTES": "1"})

    for name in ("QTICKETS_TOKEN", "QTICKETS_PAGE_SIZE", "QTICKETS_OVERLAP_MINUTES"):
        assert name in str(caught.value)
