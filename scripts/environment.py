"""Run Python with this checkout's code: `python3 scripts/environment.py -m zakaz …`.

The third-party packages come from the first environment that has them: the Python that runs this
file, an active virtual environment, .venv, or one of nox. Where none has, .venv gets them, with
the rooms installed by path. Standard library only, so that any Python 3.11 or newer will do.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata, util
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("core", "integrations/qtickets_api", "vk-python", "emulators", "web")
SOURCES = [ROOT / "dashboard-mvp" / room / "src" for room in ROOMS]
NEEDED = ("chdb", "clickhouse_driver", "clickhouse_migrations", "msgspec", "sqlglot", "typer")
COMMANDS = "zakaz.commands"
ASKED = (
    "from importlib import metadata, util;"
    f" packages = all(map(util.find_spec, {NEEDED}));"
    f" exit(not (packages and metadata.entry_points(group={COMMANDS!r})))"
)
EXIT_CONFIG = 78


def candidates() -> Iterator[Path]:
    """Give the Pythons that may have the packages, the likeliest first."""
    yield Path(sys.executable)
    if active := os.environ.get("VIRTUAL_ENV"):
        yield Path(active, "bin", "python")
    yield ROOT / ".venv" / "bin" / "python"
    yield from sorted(ROOT.glob(".nox/*/bin/python"), reverse=True)


def has_packages(python: Path) -> bool:
    """Return whether a Python has the packages and knows the rooms, which commands ask for."""
    if str(python) == sys.executable and _is_good_here():
        return True
    if not python.exists():
        return False
    asked = subprocess.run(
        [python, "-c", ASKED], stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    return asked.returncode == 0


def _is_good_here() -> bool:
    """Answer for the Python that runs this file without starting it again."""
    return all(map(util.find_spec, NEEDED)) and bool(metadata.entry_points(group=COMMANDS))


def made() -> Path:
    """Make .venv, or add the rooms to the one that is there."""
    if sys.version_info < (3, 11):  # noqa: UP036 - any Python may be called python3 here
        sys.exit(f"zakaz needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}")
    python = ROOT / ".venv" / "bin" / "python"
    print(f"Installing zakaz into {python.parent.parent} (once)", file=sys.stderr)
    rooms = [f"{ROOT / 'dashboard-mvp' / room}" for room in ROOMS]
    rooms[0] += "[embedded]"
    commands = [] if python.exists() else [[sys.executable, "-m", "venv", str(ROOT / ".venv")]]
    editable = [word for room in rooms for word in ("-e", room)]
    commands.append([str(python), "-m", "pip", "install", "--quiet", "uv"])  # 4 times as fast
    commands.append([str(python), "-m", "uv", "pip", "install", "--quiet", "-p", str(python)])
    commands[-1] += editable
    for command in commands:
        if subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode:
            print(
                "Could not make an environment. On Debian: apt install python3-venv; or activate"
                " one that has the rooms of dashboard-mvp installed.",
                file=sys.stderr,
            )
            sys.exit(EXIT_CONFIG)
    return python


def interpreter() -> Path:
    """Give a Python that has the packages; make one if there is none."""
    return next((python for python in candidates() if has_packages(python)), None) or made()


def variables() -> dict[str, str]:
    """Give this process's environment with the checkout's code in front of any installed one."""
    path = [*map(str, SOURCES), *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {"PYTHONPATH": os.pathsep.join(path)}


def run(arguments: list[str]) -> None:
    """Become that Python with these arguments."""
    python = interpreter()
    os.execve(python, [str(python), *arguments], variables())  # noqa: S606 - no shell is meant


if __name__ == "__main__":
    run(sys.argv[1:])
