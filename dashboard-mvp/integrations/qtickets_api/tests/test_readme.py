"""The room's README tells how to build and run it, and what every variable does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from qtickets_api.__main__ import STREAMS, _parser
from qtickets_api.settings import QticketsSettings
from qtickets_api.wire import reason_of
from zakaz.cli.edge import EXIT_USAGE
from zakaz.errors import EXIT_BUG, EXIT_CONFIG, EXIT_DATA, EXIT_OK, EXIT_TRANSIENT
from zakaz.settings import variables

README = Path(__file__).resolve().parents[1] / "README.md"


@pytest.fixture(scope="module")
def text() -> str:
    """Give the README."""
    return README.read_text(encoding="utf-8")


@pytest.mark.criterion("QT-3")
def test_build_dry_run_and_production_run_are_described(text: str) -> None:
    """The commands that build the image and run it dry and in production stand in the README."""
    commands = "\n".join(re.findall(r"```bash\n(.*?)```", text, re.DOTALL))

    assert (
        "docker build --no-cache -f dashboard-mvp/integrations/qtickets_api/Dockerfile" in commands
    )
    assert re.search(r"docker run .*--env-file \S*\.env\.template", commands)
    assert re.search(r"docker run .*--env-file qtickets\.env", commands)
    assert "DRY_RUN=true ~/.zakaz/bin/python -m qtickets_api" in commands
    assert re.search(r"^~/\.zakaz/bin/python -m qtickets_api$", commands, re.MULTILINE)


@pytest.mark.criterion("QT-3")
@pytest.mark.parametrize("name", [*variables(QticketsSettings), "DRY_RUN", "ZAKAZ_WAREHOUSE_URL"])
def test_every_variable_is_in_the_table(text: str, name: str) -> None:
    """Each variable the room reads has a row in the README's table."""
    assert re.search(rf"^\| `{name}` \| .+ \| .+ \|$", text, re.MULTILINE)


@pytest.mark.criterion("QT-3")
def test_the_defaults_in_the_table_are_true(text: str) -> None:
    """A default in the README is the one the code has."""
    told = dict(re.findall(r"^\| `(QTICKETS_\w+)` \| `?([^`|]+?)`? \|", text, re.MULTILINE))

    for field in QticketsSettings.model_fields.values():
        shown = told[str(field.alias)]
        assert field.is_required() if shown == "–" else float_or_text(shown) == field.default


def float_or_text(text: str) -> object:
    """Read a default as it stands in the table."""
    return float(text) if text.isdigit() else text


@pytest.mark.criterion("QT-3")
def test_l9_every_option_is_described_and_none_that_is_not_there(text: str) -> None:
    """The options that the README names are those of the command line, help apart."""
    here = text[: text.index("## Run it in a container")] + text[text.index("## Streams") :]
    taken = {option for action in _parser()._actions for option in action.option_strings}
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", here)) - {"--sync-every", "--entrypoint"}

    assert sorted(named - taken) == []
    assert sorted(taken - named - {"-h", "--repeat"}) == []
    assert " zakaz-qtickets-api --repeat" in text


@pytest.mark.criterion("QT-3")
def test_every_stream_is_described(text: str) -> None:
    """Each stream has a row in the README's table, in the order they are read."""
    rows = re.findall(r"^\| `(\w+)` \|", text[text.index("## Streams") :], re.MULTILINE)
    assert tuple(rows[: len(STREAMS)]) == STREAMS


@pytest.mark.criterion("QT-3")
def test_every_exit_code_is_explained(text: str) -> None:
    """The table of exit codes is that of the program, the parser's own included."""
    codes = set(re.findall(r"^\| (\d+) \| ", text, re.MULTILINE))
    known = {EXIT_OK, EXIT_DATA, EXIT_BUG, EXIT_TRANSIENT, EXIT_CONFIG, EXIT_USAGE}
    assert codes == {str(code) for code in known}


@pytest.mark.parametrize(
    "reason",
    ["bad_amount", *map(reason_of, ["id", "payed_at", "baskets[...].quantity", "name"])],
)
def test_every_reason_of_quarantine_is_explained(text: str, reason: str) -> None:
    """The reason codes that end up in quarantine stand in the README."""
    assert f"`{reason}`" in text
