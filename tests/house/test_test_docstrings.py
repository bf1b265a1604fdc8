"""Every test says in a sentence what is true of the product."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import PurePosixPath

import pytest

SENTENCE = re.compile(r"(?:\S+\s+){2,}\S+[.?!]$")
ORDERS = {"test", "check", "ensure", "verify", "assert"}


def speechless(tree: ast.Module) -> list[str]:
    """Name the test functions of a module whose docstring is missing or no sentence."""
    return [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and not _is_sentence(ast.get_docstring(node) or "")
    ]


def _is_sentence(text: str) -> bool:
    first = " ".join(text.partition("\n\n")[0].split())
    return bool(SENTENCE.match(first)) and first.split()[0].lower() not in ORDERS


def test_every_test_is_a_sentence(
    modules: dict[str, str], tree_of: Callable[[str], ast.Module]
) -> None:
    """The docstring of every test is a sentence about the product."""
    told = {
        name: found
        for name in modules
        if PurePosixPath(name).name.startswith("test_") and (found := speechless(tree_of(name)))
    }
    assert told == {}


@pytest.mark.parametrize(
    "docstring",
    ["", '"""Works."""', '"""Test that a sale is counted once."""', '"""a sale is counted once"""'],
)
def test_a_planted_speechless_test_is_found(docstring: str) -> None:
    """A missing docstring, a word, an order and a fragment are all found."""
    text = f"def test_sale():\n    {docstring or 'pass'}\n"
    assert speechless(ast.parse(text)) == ["test_sale"]


def test_a_sentence_passes() -> None:
    """A plain sentence about the product is accepted."""
    text = 'def test_sale():\n    """A sale of two tickets is counted once."""\n'
    assert speechless(ast.parse(text)) == []
