"""Every command of the READMEs works as it is written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from stranger import ROOT, Block, Sandbox, answers, blocks_of

READMES = [
    "README.md",
    "infra/clickhouse/README.md",
    "dashboard-mvp/integrations/qtickets_api/README.md",
    "dashboard-mvp/vk-python/README.md",
]
MARKED_ONLY = [
    "dashboard-mvp/web/README.md",
    "dashboard-mvp/emulators/README.md",
    "infra/systemd/README.md",
]
MARKS = ("until Ctrl-C", "run by ", "not run, ")


def run_block(sandbox: Sandbox, block: Block) -> None:
    """Run one block the way its mark says."""
    if block.mark == "until Ctrl-C":
        sandbox.run_until(block.commands.strip(), answers)
    elif not block.mark:
        sandbox.run(block.commands)


@pytest.mark.criterion("DOC-1")
@pytest.mark.parametrize("readme", READMES + MARKED_ONLY)
def test_every_block_is_run_or_says_why_not(readme: str) -> None:
    """A block of commands is executed as it stands, or its mark says where it is run or why not."""
    blocks = blocks_of(readme)
    text = (ROOT / readme).read_text(encoding="utf-8")
    assert blocks
    assert text.count("```bash") == len(blocks), "each block must be found"
    for block in blocks:
        assert not block.mark or block.mark.startswith(MARKS), block
        assert block.mark or readme not in MARKED_ONLY, f"{block} is run nowhere"


@pytest.mark.criterion("DOC-1")
def test_the_main_job_is_one_line(sandbox: Sandbox) -> None:
    """The first line of the README makes its environment and ends on a page full of figures."""
    block = blocks_of("README.md")[0]
    output = sandbox.run_until(block.commands.strip(), answers, timeout=540)
    assert "Ctrl-C" in output
    assert re.search(r"[Ll]edger", output), "the demo compares its figures with the ledger"


@pytest.mark.criterion("DOC-1")
def test_own_data_in_six_commands(sandbox: Sandbox, qtickets: str) -> None:
    """The section on one's own data ends on a filled dashboard, and its table of commands holds."""
    settings = f"QTICKETS_TOKEN=docs-token\nQTICKETS_BASE_URL={qtickets}\n"
    (sandbox.tree / ".env").write_text(settings, encoding="utf-8")
    for block in blocks_of("README.md")[1:]:
        run_block(sandbox, block)
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    table = re.findall(r"^\| (`zakaz .+?) \| ", text, re.MULTILINE)
    assert len(table) >= 6
    run_id = sandbox.run("zakaz runs --json | python3 -c 'import json, sys; "
                         "print(json.load(sys.stdin)[0][\"run_id\"])'").strip()  # fmt: skip
    for cell in table:
        for command in re.findall(r"`([^`]+)`", cell):
            whole = command if command.startswith("zakaz") else f"zakaz sync {command}"
            sandbox.run(whole.replace(" ID", f" {run_id}"))


@pytest.mark.criterion("DOC-1")
@pytest.mark.parametrize("readme", READMES[1:])
def test_the_commands_of_the_other_readmes(
    sandbox: Sandbox, readme: str, qtickets: str, active: Path
) -> None:
    """The commands of infra/clickhouse and of each room work one after the other."""
    settings = f"QTICKETS_TOKEN=docs-token\nQTICKETS_BASE_URL={qtickets}\nDRY_RUN=\n"
    (sandbox.tree / ".env").write_text(settings, encoding="utf-8")
    sandbox.environ["PATH"] = f"{active}:{sandbox.environ['PATH']}"
    for block in blocks_of(readme):
        run_block(sandbox, block)
