"""Every command of the READMEs works as it is written."""

from __future__ import annotations

import re

import pytest
from stranger import ROOT, Block, Sandbox, answers, blocks_of

SCRIPTS = "infra/clickhouse/README.md"
ROOM = "dashboard-mvp/integrations/qtickets_api/README.md"
ALONE = "dashboard-mvp/vk-python/README.md"
READMES = ["README.md", SCRIPTS, ROOM, ALONE]
MARKED_ONLY = [
    "dashboard-mvp/web/README.md",
    "dashboard-mvp/emulators/README.md",
    "infra/systemd/README.md",
]
(INSTALL,) = [block for block in blocks_of("README.md") if "uv pip install" in block.commands]
MARKS = ("until Ctrl-C", "run by ", "not run, ")


def run_block(sandbox: Sandbox, block: Block) -> None:
    """Run one block the way its mark says."""
    if block.mark == "until Ctrl-C":
        sandbox.run_until(block.commands.strip(), answers)
    elif not block.mark:
        sandbox.run(block.commands)


@pytest.fixture(scope="module")
def installed(sandbox: Sandbox, qtickets: str) -> Sandbox:
    """The sandbox with `zakaz` installed as the README tells, and a source to load from."""
    settings = f"QTICKETS_TOKEN=docs-token\nQTICKETS_BASE_URL={qtickets}\n"
    (sandbox.tree / ".env").write_text(settings, encoding="utf-8")
    run_block(sandbox, INSTALL)
    return sandbox


@pytest.mark.criterion("DOC-1")
@pytest.mark.parametrize("readme", READMES + MARKED_ONLY)
def test_l6_every_block_is_run_or_says_why_not(readme: str) -> None:
    """A block of commands is executed as it stands, or its mark says where it is run or why not."""
    blocks = blocks_of(readme)
    text = (ROOT / readme).read_text(encoding="utf-8")
    assert blocks
    assert text.count("```bash") == len(blocks), "each block must be found"
    for block in blocks:
        assert not block.mark or block.mark.startswith(MARKS), block
        assert block.mark or readme not in MARKED_ONLY, f"{block} is run nowhere"


@pytest.mark.criterion("DOC-1")
def test_the_commands_of_the_room_that_runs_alone_are_those_of_its_session() -> None:
    """What the VK Ads room's README leaves to the session ``vk`` is run there word for word."""
    marked = [block for block in blocks_of(ALONE) if block.mark == "run by nox -s vk"]
    session = (ROOT / "noxfile.py").read_text(encoding="utf-8")
    assert marked
    assert [block for block in marked if block.commands.strip() not in session] == []


@pytest.mark.criterion("DOC-1")
def test_a_bare_checkout_makes_its_environment(sandbox: Sandbox) -> None:
    """The scripts of infra/clickhouse need nothing but Python: the first one makes the rest."""
    assert not list(sandbox.tree.glob(".venv"))
    for block in blocks_of(SCRIPTS):
        run_block(sandbox, block)
    assert (sandbox.tree / ".venv/bin/zakaz").exists()


@pytest.mark.criterion("DOC-1")
def test_the_main_job_is_one_line(sandbox: Sandbox) -> None:
    """The first line of the README makes its environment and ends on a page full of figures."""
    block = blocks_of("README.md")[0]
    output = sandbox.run_until(block.commands.strip(), answers, timeout=540)
    assert "Ctrl-C" in output
    assert re.search(r"[Ll]edger", output), "the demo compares its figures with the ledger"


@pytest.mark.criterion("DOC-1")
def test_own_data_in_six_commands(installed: Sandbox) -> None:
    """The section on one's own data ends on a filled dashboard, and its table of commands holds."""
    for block in blocks_of("README.md")[1:]:
        if block != INSTALL:
            run_block(installed, block)
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    table = re.findall(r"^\| (`zakaz .+?) \| ", text, re.MULTILINE)
    assert len(table) >= 6
    run_id = installed.run("zakaz runs --json | python3 -c 'import json, sys; "
                           "print(json.load(sys.stdin)[0][\"run_id\"])'").strip()  # fmt: skip
    commands = [command for cell in table for command in re.findall(r"`([^`]+)`", cell)]
    whole = [one if one.startswith("zakaz") else f"zakaz sync {one}" for one in commands]
    printed = installed.run_one_by_one([line.replace(" ID", f" {run_id}") for line in whole])
    assert printed.count("\n$ zakaz ") == len(whole) - 1


@pytest.mark.criterion("DOC-1")
@pytest.mark.parametrize("readme", [ROOM, ALONE])
def test_the_commands_of_a_room(installed: Sandbox, readme: str) -> None:
    """The commands of a room's README work one after the other beside the other rooms.

    Its line of installation is the root README's with fewer rooms, and that one was run. That the
    rooms named there are enough is proven by the image and by the session ``vk``. What the root
    README has too is not run again.
    """
    first, *others = blocks_of(readme)
    fewer, whole = first.commands.split(), INSTALL.commands.split()
    assert fewer == [word for word in whole[: whole.index("export") - 1] if word in fewer]
    run_before = {block.commands for block in blocks_of("README.md")}
    for block in others:
        if block.commands.replace("~/.zakaz/bin/", "") not in run_before:
            run_block(installed, block)
