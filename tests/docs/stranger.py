"""The commands of a README, and the machine of a stranger who runs them."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(
    r"(?:^[ ]*<!-- docs: (?P<mark>[^>]+) -->\n)?^[ ]*```bash\n(?P<commands>.*?)^[ ]*```$",
    re.MULTILINE | re.DOTALL,
)
# Python for the command lines in its arguments: each is `zakaz …`, with or without `> file`.
_ONE_BY_ONE = """
import contextlib, logging, shlex, sys
from zakaz.cli.app import run
for line in sys.argv[1:]:
    print(f"$ {line}", flush=True)
    command, _, file = line.partition(" > ")
    name, *words = shlex.split(command)
    assert name == "zakaz"
    logging.getLogger().handlers.clear()
    with open(file, "w") if file else contextlib.nullcontext(sys.stdout) as out:
        with contextlib.redirect_stdout(out):
            code = run(words)
    if code:
        sys.exit(f"exit code {code}")
"""
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+\S*")


@dataclass(frozen=True)
class Block:
    """One block of commands in a README; ``mark`` says how it is run, '' means as it stands."""

    readme: str
    mark: str
    commands: str


def blocks_of(readme: str) -> list[Block]:
    """Give the bash blocks of a README in their order."""
    text = (ROOT / readme).read_text(encoding="utf-8")
    return [
        Block(readme, (found["mark"] or "").strip(), re.sub(r"(?m)^ +", "", found["commands"]))
        for found in BLOCK.finditer(text)
    ]


@dataclass
class Sandbox:
    """A copy of the tree with a home of its own, where a stranger runs the commands."""

    tree: Path
    environ: dict[str, str]

    def run(self, commands: str, timeout: float = 300) -> str:
        """Run commands from the tree's root and give what they print; a failure shows it."""
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", commands],
            cwd=self.tree, env=self.environ, stdin=subprocess.DEVNULL, timeout=timeout,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"$ {commands}\n{done.stdout}\nexit code {done.returncode}"
        return done.stdout

    def run_one_by_one(self, lines: Sequence[str]) -> str:
        """Run command lines of ``zakaz`` in one process of the installed Python."""
        words = ["python", "-c", _ONE_BY_ONE, *lines]
        return self.run(f"~/.zakaz/bin/{shlex.join(words)}")

    def run_until(self, commands: str, ready: Callable[[str], bool], timeout: float = 400) -> str:
        """Run a command that goes on until Ctrl-C: wait until it is ready, then press Ctrl-C."""
        output = self.tree.parent / "output.txt"
        with output.open("w") as sink:
            process = subprocess.Popen(
                ["bash", "-c", f"exec {commands}" if "&&" not in commands else commands],
                cwd=self.tree, env=self.environ, stdin=subprocess.DEVNULL, stdout=sink,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
            try:
                deadline = time.monotonic() + timeout
                while not ready(output.read_text(encoding="utf-8")):
                    said = output.read_text(encoding="utf-8")
                    assert process.poll() is None, f"$ {commands}\n{said}\nended too early"
                    assert time.monotonic() < deadline, f"$ {commands}\n{said}\nnot ready"
                    time.sleep(0.1)
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGINT)
                process.wait(timeout=60)
        return output.read_text(encoding="utf-8")


def answers(output: str) -> bool:
    """Tell whether the output names a loopback address that serves a page with a chart."""
    found = ADDRESS.findall(output)
    if not found:
        return False
    try:
        with urllib.request.urlopen(found[-1].rstrip(".,"), timeout=60) as answer:
            return b"<html" in answer.read()
    except OSError:
        return False
