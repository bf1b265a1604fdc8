"""The room's README tells how to get access, run, configure and understand it."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from vk_ads.__main__ import SOURCE
from vk_ads.settings import VkAdsSettings
from zakaz.cli.edge import EXIT_USAGE
from zakaz.errors import EXIT_BUG, EXIT_CONFIG, EXIT_DATA, EXIT_OK, EXIT_TRANSIENT
from zakaz.interval import interval
from zakaz.settings import variables

ROOM = Path(__file__).resolve().parents[1]
NAMES = [*variables(VkAdsSettings), "VK_ADS_SYNC_EVERY", "DRY_RUN", "ZAKAZ_WAREHOUSE_URL"]


@pytest.fixture(scope="module")
def text() -> str:
    """Give the README."""
    return (ROOM / "README.md").read_text(encoding="utf-8")


@pytest.mark.criterion("VK-3")
@pytest.mark.parametrize("name", NAMES)
def test_every_variable_is_in_the_table(text: str, name: str) -> None:
    """Each variable the room reads has a row in the README's table."""
    assert re.search(rf"^\| `{name}` \| .+ \| .+ \|$", text, re.MULTILINE)


@pytest.mark.criterion("VK-3")
def test_the_defaults_in_the_table_are_true(text: str) -> None:
    """A default in the README is the one the code has."""
    told = dict(re.findall(r"^\| `(VK_ADS_\w+)` \| `?([^`|]+?)`? \|", text, re.MULTILINE))

    assert interval(told.pop("VK_ADS_SYNC_EVERY")) == SOURCE.every({}) == timedelta(hours=3)
    for field in VkAdsSettings.model_fields.values():
        shown = told[str(field.alias)]
        value = float(shown) if shown.isdigit() else shown
        assert field.is_required() if shown == "–" else value == field.default


@pytest.mark.criterion("VK-3")
def test_the_template_is_ready_for_a_dry_run() -> None:
    """The template's values are those of the code: copied as it stands it changes no default."""
    template = (ROOM.parent / "test_env/.env.template").read_text(encoding="utf-8")
    told = dict(re.findall(r"^((?:VK_ADS_\w+|DRY_RUN))=(.*)$", template, re.MULTILINE))

    SOURCE.check(told)
    access = {"VK_ADS_CLIENT_ID": "id", "VK_ADS_CLIENT_SECRET": "secret"}
    assert VkAdsSettings.load(told | access) == VkAdsSettings.load(access)
    assert SOURCE.every(told) == SOURCE.every({})


@pytest.mark.criterion("VK-3")
def test_every_exit_code_is_explained(text: str) -> None:
    """The table of exit codes is that of the program, the parser's own included."""
    codes = set(re.findall(r"^\| (\d+) \| ", text, re.MULTILINE))
    known = {EXIT_OK, EXIT_DATA, EXIT_BUG, EXIT_TRANSIENT, EXIT_CONFIG, EXIT_USAGE}
    assert codes == {str(code) for code in known}


@pytest.mark.criterion("VK-3")
@pytest.mark.parametrize("reason", ["bad_day", "bad_date", "amount_range"])
def test_every_reason_of_quarantine_is_explained(text: str, reason: str) -> None:
    """The reason codes that end up in quarantine stand in the README, and in the code."""
    assert f"`{reason}`" in text
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOM / "src").rglob("*.py"))
    assert f'"{reason}"' in code


@pytest.mark.criterion("VK-3")
def test_every_module_has_its_place(text: str) -> None:
    """The table of modules names each one, so that nobody looks for it."""
    modules = {path.stem for path in (ROOM / "src/vk_ads").glob("*.py")} - {"__init__", "__main__"}
    told = set(re.findall(r"`(?:vk_ads\.)?(\w+)`", text[text.index("| Module |") :]))
    assert sorted(modules - told) == []
