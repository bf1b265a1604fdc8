"""The variables that code reads, the template and the READMEs are one list."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOM_FOLDER = ROOT / "dashboard-mvp"
TEMPLATE = ROOT / "dashboard-mvp/test_env/.env.template"
NAME = r"(?:ZAKAZ|QTICKETS|VK_ADS|CLICKHOUSE)_[A-Z_]*[A-Z]|DRY_RUN"
ANNOUNCED: set[str] = set()
# Read by the checks, not by the product; ZAKAZ_FAULT counts below a running test only.
OF_THE_CHECKS = {"ZAKAZ_REQUIRE", "ZAKAZ_CHROMIUM", "ZAKAZ_NATIVE_PYTHON", "ZAKAZ_FAULT",
                 "ZAKAZ_TESTS_BOOTSTRAPPED"}  # fmt: skip
# Set for a library while it is imported.
OF_A_LIBRARY = {"CLICKHOUSE_DRIVER_LASY_DATE_LUT"}
# What every program reads; the systemd README tells where the data goes by XDG_DATA_HOME.
OF_THE_SYSTEM = {"NO_PROXY", "HOME", "XDG_DATA_HOME", "PYTHONPATH", "VIRTUAL_ENV"}
READ = r"(?:environ(?:\.get\(|\[)|getenv\()\s*\"([A-Z_]+)\""


@pytest.fixture(scope="module")
def read_by_code() -> set[str]:
    """Every variable named in the source of a room."""
    found: set[str] = set()
    for path in (ROOT / "dashboard-mvp").glob("**/src/**/*.py"):
        found |= set(re.findall(rf"\"({NAME})\"", path.read_text(encoding="utf-8")))
    return found - OF_THE_CHECKS - OF_A_LIBRARY


@pytest.fixture(scope="module")
def in_template() -> set[str]:
    """Every variable of the environment template."""
    return set(re.findall(rf"^({NAME})=", TEMPLATE.read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.criterion("DOC-3")
def test_k11_the_template_has_what_code_reads(
    read_by_code: set[str], in_template: set[str]
) -> None:
    """The template names every variable the code reads, and none that nothing reads."""
    assert read_by_code
    assert sorted(read_by_code | ANNOUNCED) == sorted(in_template)


@pytest.mark.criterion("DOC-3")
def test_k11_every_variable_is_documented(read_by_code: set[str]) -> None:
    """Some README explains each variable, and no README names one that nothing reads."""
    documents = [ROOT / "README.md", ROOT / "CI_RECOMMENDATIONS.md", ROOT / "CONTRIBUTING.md"]
    documents += [*(ROOT / "infra").glob("**/README.md")]
    documents += [*(ROOT / "dashboard-mvp").glob("**/README.md")]
    named: set[str] = set()
    for path in documents:
        named |= set(re.findall(rf"`({NAME})[`=]", path.read_text(encoding="utf-8")))
    assert sorted(read_by_code - named) == []
    assert sorted(named - read_by_code - OF_THE_CHECKS - ANNOUNCED) == []


@pytest.mark.criterion("DOC-3")
def test_every_variable_of_the_template_is_explained(in_template: set[str]) -> None:
    """A comment stands above each variable of the template."""
    lines = TEMPLATE.read_text(encoding="utf-8").splitlines()
    for name in in_template:
        above = lines[next(n for n, line in enumerate(lines) if line.startswith(f"{name}=")) - 1]
        assert above.startswith("# "), name


@pytest.mark.criterion("DOC-3")
@pytest.mark.parametrize("room", ["integrations/qtickets_api", "vk-python", "web"])
def test_a_room_explains_its_variables_in_its_own_readme(room: str) -> None:
    """Who reads the README of one room need not look for its variables elsewhere."""
    folder = ROOM_FOLDER / room
    named = set(re.findall(rf"`({NAME})[`=]", (folder / "README.md").read_text(encoding="utf-8")))
    read: set[str] = set()
    for path in (folder / "src").rglob("*.py"):
        read |= set(re.findall(rf"\"({NAME})\"", path.read_text(encoding="utf-8")))
    assert read
    assert sorted(read - OF_THE_CHECKS - named) == []


@pytest.mark.criterion("DOC-3")
def test_nothing_else_is_read_than_what_every_system_has() -> None:
    """A variable without one of our prefixes is the system's own: none of ours hides so."""
    read: set[str] = set()
    for path in ROOM_FOLDER.glob("**/src/**/*.py"):
        read |= set(re.findall(READ, path.read_text(encoding="utf-8")))
    assert sorted(read - set(re.findall(NAME, " ".join(read))) - OF_THE_SYSTEM) == []


@pytest.mark.criterion("DOC-3")
def test_what_compose_reads_stands_in_its_example() -> None:
    """The example names every variable that the compose file reads."""
    folder = ROOT / "infra/clickhouse"
    compose = (folder / "docker-compose.yml").read_text(encoding="utf-8")
    example = (folder / ".env.example").read_text(encoding="utf-8")
    told = set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))
    assert set(re.findall(r"\$\{([A-Z_]+)", compose)) <= told
