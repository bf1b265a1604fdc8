"""The tests are sensitive: each plausible mistake is caught by the tests named beside it (R19)."""

from __future__ import annotations

from pathlib import Path

import pytest
from seeded_mistakes import FAILED, Mistake, mistakes, run_tests

FEWEST = 24


@pytest.mark.parametrize("mistake", mistakes(), ids=lambda one: one.path.stem)
def test_g07_r19_a_seeded_mistake_is_caught(mistake: Mistake, patchable: Path) -> None:
    """With the mistake in the product a test named beside it fails."""
    mistake.apply(patchable)
    code, output = run_tests(patchable, mistake.tests)
    assert code == FAILED, f"not caught: {mistake.sentence}\n{output[-4000:]}"


def test_r19_the_mistakes_are_many_and_each_says_what_it_is() -> None:
    """Every patch tells its mistake in a sentence and names a test of this tree."""
    told = mistakes()
    assert len(told) >= FEWEST
    for one in told:
        assert one.sentence.endswith("."), one.path.name
        assert one.tests, one.path.name
    assert len({one.sentence for one in told}) == len(told)
