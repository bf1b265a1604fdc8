"""Tests pass on any day: those that know a calendar are run at instants where calendars turn."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CALENDARS = [
    "dashboard-mvp/core/tests/test_moscow.py",
    "dashboard-mvp/core/tests/test_punctuality.py",
    "dashboard-mvp/integrations/qtickets_api/tests/test_ladder.py",
    "dashboard-mvp/web/tests/test_period.py",
    "dashboard-mvp/emulators/tests/test_ledger.py",
]


def run_at(instant: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pytest at an instant, with the plugins that these tests need: none but its own."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--at", instant,
         *arguments],
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}, cwd=ROOT,
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip


@pytest.mark.needs("faketime")
@pytest.mark.parametrize("instant", ["2027-12-31T23:59:50+03:00", "2028-02-29T23:59:50+03:00"])
def test_k16_tests_pass_a_year_ahead_and_at_the_turn_of_a_month(instant: str) -> None:
    """Days, months and years that end while tests run change none of their results."""
    done = run_at(instant, *CALENDARS)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]


@pytest.mark.needs("faketime")
def test_k16_a_planted_test_that_knows_todays_year_is_found(tmp_path: Path) -> None:
    """The clock is moved indeed: what holds for this year only fails."""
    (tmp_path / "test_year.py").write_text(
        "from datetime import date\n\n\ndef test_year():\n    assert date.today().year < 2090\n",
        encoding="utf-8",
    )
    settings = (f"--rootdir={ROOT}", "-c", str(ROOT / "pyproject.toml"), f"--confcutdir={ROOT}")
    done = run_at("2091-01-01T00:00:00+03:00", *settings, "-p", "conftest", str(tmp_path))
    assert done.returncode == 1, done.stdout[-3000:] + done.stderr[-2000:]
