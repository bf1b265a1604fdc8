"""Freshness: which lights wake somebody up."""

from __future__ import annotations

from typing import Any

import pytest
from zakaz import freshness


def light(source: str, status: str) -> dict[str, Any]:
    """Give one row of the view."""
    return {**freshness.nothing_loaded([source])[0], "status": status}


@pytest.mark.parametrize(
    ("lights", "configured", "code"),
    [
        ([("qtickets", "ok"), ("vk", "ok")], ["qtickets", "vk"], 0),
        ([("qtickets", "ok"), ("vk", "no_data")], ["qtickets"], 0),
        ([("qtickets", "ok"), ("vk", "no_data")], ["qtickets", "vk"], 75),
        ([("qtickets", "warning")], ["qtickets"], 75),
        ([("qtickets", "critical")], ["qtickets"], 75),
        ([("qtickets", "critical")], [], 75),
        ([("qtickets", "no_data")], [], 0),
    ],
)
def test_i14_the_exit_code_is_the_alarm(
    lights: list[tuple[str, str]], configured: list[str], code: int
) -> None:
    """Stale data is 75 wherever it stands; missing data only where a source is configured."""
    assert freshness.exit_code([light(*pair) for pair in lights], configured) == code
