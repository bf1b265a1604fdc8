"""Every case of the catalogue has a test that ran through in this very session."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
IMAGES = HERE.parent / "images"
ID = re.compile(r"[sptxcd]\d\d")
CATALOGUE = tomllib.loads((HERE / "catalogue.toml").read_text(encoding="utf-8"))
EXPECTED = {
    *(f"S{number:02}" for number in range(1, 25)),
    *(f"P{number:02}" for number in range(1, 20)),
    *(f"T{number:02}" for number in range(1, 8)),
    *(f"X{number:02}" for number in range(1, 9)),
    *(f"C{number:02}" for number in range(1, 8) if number != 3),
    *(f"D{number:02}" for number in range(1, 8)),
}


def listed(*parts: str) -> list[str]:
    """Give the ids of these parts of the catalogue."""
    return [one for part in parts for group in CATALOGUE[part].values() for one in group]


def carried(test: str) -> set[str]:
    """Give the ids that a test's name begins with, and those its case's name begins with."""
    name, _, case = test.rpartition("::")[2].partition("[")
    found: set[str] = set()
    for words in (name.removeprefix("test_").split("_"), re.split(r"[-_]", case.rstrip("]"))):
        for word in words:
            if not re.fullmatch(r"[a-z]\d+", word):
                break
            found |= {word.upper()} if ID.fullmatch(word) else set()
    return found


def written(paths: Iterable[Path]) -> set[str]:
    """Give the ids that the test functions of these modules carry."""
    return {
        one
        for path in paths
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        for one in carried(node.name)
    }


def test_the_catalogue_is_whole() -> None:
    """Each case is listed once: with the faults or with the image."""
    ids = listed("faults", "images")

    assert sorted(ids) == sorted(EXPECTED)


def test_every_case_has_a_test() -> None:
    """Each listed case has a test in its place, and no test carries an id that is not listed."""
    here = written(HERE.rglob("test_*.py"))

    assert sorted(set(listed("faults")) - here) == []
    assert sorted(set(listed("images")) - written(IMAGES.glob("test_*.py"))) == []
    assert sorted(here - set(listed("faults"))) == []


def test_every_case_ran_through(request: pytest.FixtureRequest, ended: dict[str, str]) -> None:
    """Whatever was asked to run of the cases passed before this; nothing was skipped."""
    ran = {one for test, outcome in ended.items() if outcome == "passed" for one in carried(test)}

    assert {test: outcome for test, outcome in ended.items() if outcome != "passed"} == {}
    asked = {one for item in request.session.items for one in carried(item.nodeid)}
    assert sorted(asked & set(listed("faults")) - ran) == []


def test_an_id_is_found_wherever_a_test_carries_it() -> None:
    """Ids in the name of a test, several of them, and in the name of a case are all seen."""
    assert carried("a.py::test_s03_s05_e7_it_ends") == {"S03", "S05"}
    assert carried("a.py::test_it_ends[s09-reset]") == {"S09"}
    assert carried("a.py::T::test_x02_x04_r2_killed[fetch:4]") == {"X02", "X04"}
    assert carried("a.py::test_nothing[1-65]") == set()
