"""The image installs what uv.lock says."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import pytest
from uv import find_uv_bin

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "dashboard-mvp/integrations/qtickets_api"


@pytest.mark.parametrize("name", ["requirements.lock", "build.lock"])
def test_a_lock_of_the_image_is_fresh(name: str, tmp_path: Path) -> None:
    """The exported lock equals what its own command gives from today's uv.lock."""
    committed = (FOLDER / name).read_text(encoding="utf-8")
    command = shlex.split(committed.splitlines()[1].removeprefix("#"))
    exported = subprocess.run(
        [find_uv_bin(), *command[1:-2]],
        cwd=FOLDER,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    def packages(text: str) -> list[str]:
        return [line for line in text.splitlines() if not line.startswith("#")]

    assert command[-2:] == ["--output-file", name]
    assert packages(exported) == packages(committed), (
        f"run in {FOLDER.relative_to(ROOT)}: {shlex.join(command)}"
    )


def test_no_lock_of_the_image_names_an_engine() -> None:
    """The embedded engine and its helpers stay out of the image."""
    text = (FOLDER / "requirements.lock").read_text(encoding="utf-8")

    names = {line.partition("==")[0] for line in text.splitlines() if "==" in line}
    assert "clickhouse-driver" in names
    assert names.isdisjoint({"chdb", "pyarrow", "pandas", "numpy"})
