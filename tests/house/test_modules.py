"""Python modules stay small, are named for what they hold, import cleanly and verify TLS."""

from __future__ import annotations

import ast
import json
import re
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 300
MEDIAN = 130
EMPTY_NAMES = {"util", "utils", "helper", "helpers", "common", "manager", "managers", "misc"}
SOURCE = re.compile(r"^dashboard-mvp/.+?/src/(?P<module>.+)\.py$")
SWITCHES = {"verify", "check_hostname"}
CARELESS = {"CERT_NONE", "_create_unverified_context"}


def empty_names(name: str, tree: ast.Module) -> Iterator[str]:
    """Give the names in a module that say nothing: its own, its folders', its classes'."""
    for part in PurePosixPath(name).with_suffix("").parts:
        if EMPTY_NAMES & set(re.split(r"[_-]", part.lower())):
            yield part
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            words = {word.lower() for word in re.findall(r"[A-Z][a-z0-9]*", node.name)}
            if EMPTY_NAMES & words:
                yield node.name


def unverified(tree: ast.Module) -> list[int]:
    """Give the lines that switch the check of certificates off."""
    lines = []
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword | ast.Assign) and isinstance(node.value, ast.Constant):
            targets = (
                [node.arg] if isinstance(node, ast.keyword) else map(ast.unparse, node.targets)
            )
            switches = {str(target).rpartition(".")[2] for target in targets}
            if node.value.value is False and switches & SWITCHES:
                lines.append(node.value.lineno)
        if isinstance(node, ast.Attribute | ast.Name):
            last = node.attr if isinstance(node, ast.Attribute) else node.id
            if last in CARELESS:
                lines.append(node.lineno)
    return lines


def test_no_module_is_long(modules: dict[str, str]) -> None:
    """No module, test modules included, is longer than 300 lines."""
    lengths = {name: text.count("\n") for name, text in modules.items()}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_the_usual_module_is_short(modules: dict[str, str]) -> None:
    """The median module of the product is near a hundred lines."""
    lengths = [text.count("\n") for name, text in modules.items() if SOURCE.match(name) and text]
    assert statistics.median(lengths) <= MEDIAN


def test_names_say_what_is_inside(
    modules: dict[str, str], tree_of: Callable[[str], ast.Module]
) -> None:
    """No module, folder or class hides behind a word like utils, common or manager."""
    spoken = re.compile(rf"class \w*(?:{'|'.join(EMPTY_NAMES)})", re.IGNORECASE)
    no_class = ast.parse("")
    told = {
        name: found
        for name, text in modules.items()
        if (found := [*empty_names(name, tree_of(name) if spoken.search(text) else no_class)])
    }
    assert told == {}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a/utils.py", ""),
        ("a/http_helpers.py", ""),
        ("common/a.py", ""),
        ("a/store.py", "class StoreManager: ..."),
    ],
)
def test_a_planted_empty_name_is_found(name: str, text: str) -> None:
    """An empty name is found in a module, a folder and a class."""
    assert list(empty_names(name, ast.parse(text)))


def test_s24_certificates_are_always_verified(
    modules: dict[str, str], tree_of: Callable[[str], ast.Module]
) -> None:
    """No Python file switches the check of certificates off."""
    words = SWITCHES | CARELESS
    spoken = [name for name, text in modules.items() if any(word in text for word in words)]
    assert "tests/house/test_modules.py" in spoken
    assert {name: found for name in spoken if (found := unverified(tree_of(name)))} == {}


def test_s24_no_command_skips_certificates(texts: dict[str, str]) -> None:
    """No script, image or workflow tells curl, wget, pip or git to skip certificates."""
    careless = re.compile(
        r"curl [^\n|]*(?:-k\b|--insecure)|--no-check-certificate|--trusted-host|sslVerify[ =]false"
    )
    for name, text in texts.items():
        if not name.endswith((".py", ".js", ".json")):
            assert not careless.search(text), name


@pytest.mark.parametrize(
    "text",
    [
        "requests.get(url, verify=False)",
        "session.verify = False",
        "context.check_hostname = False",
        "context.verify_mode = ssl.CERT_NONE",
        "ssl._create_unverified_context()",
    ],
)
def test_s24_a_planted_careless_call_is_found(text: str) -> None:
    """Each way to switch the check off is found."""
    assert unverified(ast.parse(text)) == [1]


def test_g1_i13_k5_every_module_of_every_room_imports(modules: dict[str, str]) -> None:
    """Every module of all rooms imports with an empty environment and prints nothing."""
    names = sorted(
        match["module"].replace("/", ".").removesuffix(".__init__")
        for match in map(SOURCE.match, modules)
        if match
    )
    assert {name.partition(".")[0] for name in names} == {
        "zakaz",
        "qtickets_api",
        "vk_ads",
        "zakaz_web",
        "zakaz_emulators",
    }
    program = (
        "import importlib, json, sys, traceback\n"
        "told = {}\n"
        "for name in json.loads(sys.argv[1]):\n"
        "    try: importlib.import_module(name)\n"
        "    except BaseException: told[name] = traceback.format_exc(limit=-1)\n"
        "print(json.dumps(told))\n"
    )
    answer = subprocess.run(
        [sys.executable, "-W", "error", "-c", program, json.dumps(names)],
        env={},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert json.loads(answer.stdout) == {}
