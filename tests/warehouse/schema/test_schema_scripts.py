"""The operator's scripts, run as an operator runs them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from staged import Staged
from zakaz.schema import sources
from zakaz.warehouse.embedded import EmbeddedWarehouse

ROOT = Path(__file__).resolve().parents[3]
BOOTSTRAP = ROOT / "scripts" / "bootstrap_clickhouse.sh"
VALIDATE = ROOT / "scripts" / "validate_clickhouse_schema.py"


def run(
    *command: str | Path, folder: Path = ROOT, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a script with this environment's Python first on the PATH."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ZAKAZ_")}
    return subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env=kept | {"PATH": path} | variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.criterion("CH-5")
def test_k2_the_validator_finds_its_environment_from_a_bare_python(tmp_path: Path) -> None:
    """A Python without a single package, in a foreign folder, hands over to one that has them.

    Its last line is the one the specification asks for.
    """
    bare = tmp_path / "python3"
    bare.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I -S "$@"\n', encoding="utf-8")
    bare.chmod(0o755)
    probe = run(bare, "-c", "import sqlglot")
    assert "ModuleNotFoundError" in probe.stderr
    code = f"import sys; sys.path.insert(0, {str(ROOT / 'scripts')!r}); import runpy;"
    code += f"runpy.run_path({str(VALIDATE)!r}, run_name='__main__')"
    done = run(bare, "-c", code, folder=tmp_path)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "Schema validation passed")
    assert "parsed by ClickHouse 2" in done.stdout


def test_k3_the_validator_names_a_defect_and_fails(tmp_path: Path) -> None:
    """In a copy of the checkout with one column dropped from a table: exit 65."""
    copy = tmp_path / "checkout"
    for name in ("scripts", "infra"):
        shutil.copytree(ROOT / name, copy / name)
    for room in ("core", "integrations/qtickets_api", "vk-python", "web", "emulators"):
        source = ROOT / "dashboard-mvp" / room / "src"
        shutil.copytree(source, copy / "dashboard-mvp" / room / "src")
    path = copy / "infra/clickhouse/migrations/0008_create_stg_vk_ads_daily.sql"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "`clicks`" not in line), "utf-8")
    done = run("python3", copy / "scripts" / VALIDATE.name)
    assert done.returncode == 65
    assert "zakaz.stg_vk_ads_daily.clicks is written, but the table has no such column" in (
        done.stdout
    )
    assert done.stdout.splitlines()[-1].startswith("Schema validation failed")


@pytest.mark.criterion("CH-3")
@pytest.mark.criterion("CH-4")
def test_k14_the_bootstrap_script_twice_on_an_empty_and_twice_on_a_filled_store(
    store_root: Path,
) -> None:
    """Exit 0 each time; all but the first have nothing to do, and every row is still there."""
    url = f"chdb://{store_root}"
    first, second = run(BOOTSTRAP, "--url", url), run(BOOTSTRAP, ZAKAZ_WAREHOUSE_URL=url)
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert f"Applied {len(sources.migrations())} migrations" in first.stdout
    assert "nothing was changed" in second.stdout
    with EmbeddedWarehouse(store_root / "live") as opened:
        staged = Staged(opened)
        for number in range(5):
            staged.ticket(str(number))
    for _ in range(2):
        done = run(BOOTSTRAP, "--url", url)
        assert done.returncode == 0, done.stderr
        assert "nothing was changed" in done.stdout
    with EmbeddedWarehouse(store_root / "live") as opened:
        assert opened.query("SELECT count() FROM zakaz.stg_qtickets_orders").scalar() == 5


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--nope"], "unexpected argument: --nope"),
        (["--url"], "usage:"),
        (["--up", "--url", "chdb:///x"], "exclude each other"),
    ],
)
def test_k10_a_wrong_command_line_is_explained(words: list[str], told: str) -> None:
    """Exit 2 with the usage, before anything is touched."""
    done = run(BOOTSTRAP, *words)
    assert done.returncode == 2
    assert told in done.stderr


def test_a_store_that_is_no_place_is_a_configuration_fault() -> None:
    """A relative path is exit 78 without a traceback."""
    done = run(BOOTSTRAP, "--url", "chdb://relative")
    assert done.returncode == 78
    assert "Traceback" not in done.stderr
