"""Every acceptance criterion is registered, and every closed one has a test that proves it."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
ALL = [
    *(f"CH-{number}" for number in range(1, 7)),
    *(f"QT-{number}" for number in range(1, 4)),
    *(f"VK-{number}" for number in range(1, 4)),
    *(f"CI-{number}" for number in range(1, 5)),
    *(f"DOC-{number}" for number in range(1, 4)),
]


def marks(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Give each criterion mark of a test module with the test, class or module it stands on."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for decorator in node.decorator_list:
                yield from ((found, node.name) for found in _ids(decorator))
        elif isinstance(node, ast.Assign):
            named = [target.id for target in node.targets if isinstance(target, ast.Name)]
            if "pytestmark" in named:
                yield from ((found, "pytestmark") for found in _ids(node.value))


def _ids(node: ast.expr) -> Iterator[str]:
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.criterion":
            for argument in call.args:
                yield str(ast.literal_eval(argument))


@pytest.fixture(scope="module")
def criteria() -> list[dict[str, Any]]:
    """The registry."""
    text = (ROOT / "tests/acceptance/criteria.toml").read_text(encoding="utf-8")
    entries: list[dict[str, Any]] = tomllib.loads(text)["criterion"]
    return entries


@pytest.fixture(scope="module")
def marked(modules: dict[str, str], tree_of: Callable[[str], ast.Module]) -> dict[str, set[str]]:
    """The test files that carry each criterion's mark."""
    found: dict[str, set[str]] = {}
    for name, text in modules.items():
        if PurePosixPath(name).name.startswith("test_") and "criterion" in text:
            for criterion, _ in marks(tree_of(name)):
                found.setdefault(criterion, set()).add(name)
    return found


def test_every_criterion_is_registered_once(criteria: list[dict[str, Any]]) -> None:
    """The registry holds all nineteen criteria of the design, in its order, each once."""
    assert [entry["id"] for entry in criteria] == ALL


def test_every_entry_is_complete(criteria: list[dict[str, Any]]) -> None:
    """Each entry has the customer's Russian words, an English summary and a known status."""
    for entry in criteria:
        wanted = {"id", "russian", "english", "status", "proven_in"}
        if entry["status"] == "open":
            wanted |= {"reason"}
        assert set(entry) == wanted, entry["id"]
        assert entry["status"] in {"open", "closed"}, entry["id"]
        assert entry["russian"].endswith("."), entry["id"]
        assert len(entry["english"]) > 20, entry["id"]
        assert len(entry.get("reason", "a" * 21)) > 20, entry["id"]


def test_the_named_sessions_exist(criteria: list[dict[str, Any]]) -> None:
    """A criterion is said to be proven only in sessions that the noxfile has."""
    tree = ast.parse((ROOT / "noxfile.py").read_text(encoding="utf-8"))
    sessions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    for entry in criteria:
        assert entry["proven_in"], entry["id"]
        assert set(entry["proven_in"]) <= sessions, entry["id"]


def test_every_closed_criterion_has_a_test(
    criteria: list[dict[str, Any]], marked: dict[str, set[str]]
) -> None:
    """A closed criterion is proven by at least one test that carries its mark."""
    closed = {entry["id"] for entry in criteria if entry["status"] == "closed"}
    assert sorted(closed - set(marked)) == []


def test_no_test_proves_an_unknown_criterion(marked: dict[str, set[str]]) -> None:
    """A mark with a misspelt id would prove nothing, so it fails here."""
    assert {criterion: files for criterion, files in marked.items() if criterion not in ALL} == {}


def test_marks_are_found_wherever_pytest_honours_them() -> None:
    """Marks on functions, among others, on classes and on whole modules are all seen."""
    text = """
pytestmark = [pytest.mark.needs("docker"), pytest.mark.criterion("QT-1")]

@pytest.mark.parametrize("n", [1])
@pytest.mark.criterion("CH-1")
def test_one(n): ...

@pytest.mark.criterion("CH-2")
class TestTwo:
    def test_two(self): ...

def test_three():
    "Talks about pytest.mark.criterion('CH-9') only."
"""
    assert sorted(marks(ast.parse(text))) == [
        ("CH-1", "test_one"),
        ("CH-2", "TestTwo"),
        ("QT-1", "pytestmark"),
    ]
