"""scripts/smoke_qtickets_dryrun.sh, with a Docker engine and without."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts/smoke_qtickets_dryrun.sh"
TEMPLATE = ROOT / "dashboard-mvp/test_env/.env.template"


def smoke(
    *arguments: str,
    cwd: Path = ROOT,
    script: Path = SCRIPT,
    engine: bool = True,
    require: str = "",
    path: str = "",
) -> subprocess.CompletedProcess[str]:
    """Run the smoke test; ``path`` comes first on the PATH."""
    found = [*filter(None, [path]), str(Path(sys.executable).parent), os.environ["PATH"]]
    environ = {**os.environ, "PATH": os.pathsep.join(found), "ZAKAZ_REQUIRE": require}
    if not engine:
        environ["DOCKER_HOST"] = "unix:///nonexistent/docker.sock"
    return subprocess.run(
        [str(script), *arguments],
        cwd=cwd,
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def left_by_a_smoke_test() -> dict[str, set[str]]:
    """Give what an engine holds that a smoke test could have made."""
    listings = {
        "images": ["image", "ls", "--quiet", "--filter", "reference=zakaz-qtickets:smoke-*"],
        "stages": ["image", "ls", "--quiet", "--filter", "label=zakaz.stage=build"],
        "containers": ["ps", "--all", "--quiet", "--filter", "name=zakaz-smoke"],
        "networks": ["network", "ls", "--quiet", "--filter", "name=zakaz-smoke"],
    }
    return {
        what: set(subprocess.check_output(["docker", *command], text=True).split())
        for what, command in listings.items()
    }


@pytest.mark.criterion("CH-6")
@pytest.mark.criterion("QT-2")
@pytest.mark.needs("docker")
@pytest.mark.usefixtures("image")  # whose layers the build finds again
def test_b7_k9_the_smoke_test_passes_twice_and_leaves_nothing_behind() -> None:
    """The specification's command builds, runs dry in stub mode, asks and writes nothing, exits 0.

    Whatever it makes, images, containers and its network, is gone afterwards.
    """
    before = left_by_a_smoke_test()
    for _ in range(2):
        answer = smoke("--env-file", "dashboard-mvp/test_env/.env.template")

        assert answer.returncode == 0, answer.stderr
        assert "smoke: stub mode: DRY_RUN is true" in answer.stdout
        assert "smoke: connections: 0 (in place of clickhouse qtickets.ru" in answer.stdout
        assert "smoke: files written, journal and tables included: 0" in answer.stdout
        assert "PASSED: the image" in answer.stdout
        assert "NOT RUN" not in answer.stdout
        assert left_by_a_smoke_test() == before


@pytest.mark.needs("docker")
@pytest.mark.usefixtures("image")  # whose layers the build finds again
def test_a_loader_that_asks_or_writes_fails_the_smoke_test(
    build_context: Path, tmp_path: Path
) -> None:
    """A planted request and a planted file are both counted, and nothing is left behind either."""
    tree = shutil.copytree(build_context, tmp_path / "tree")
    module = tree / "dashboard-mvp/integrations/qtickets_api/src/qtickets_api/dry_run.py"
    planted = (
        "import socket\n"
        "socket.create_connection(('qtickets.ru', 443)).close()\n"
        "open('journal.jsonl', 'w').close()\n"
    )
    module.write_text(module.read_text(encoding="utf-8") + planted, encoding="utf-8")
    before = left_by_a_smoke_test()

    answer = smoke(script=tree / "scripts" / SCRIPT.name)

    assert answer.returncode == 1
    assert "smoke: connections: 1 " in answer.stdout
    assert "smoke: files written, journal and tables included: " in answer.stdout
    assert "tables included: 0" not in answer.stdout
    assert "PASSED" not in answer.stdout
    assert left_by_a_smoke_test() == before


@pytest.mark.parametrize(
    "text",
    ["DRY_RUN=false\n", "DRY_RUN=\n", "QTICKETS_TOKEN=x\n", "DRY_RUN=true\nDRY_RUN=no\n"],
    ids=["false", "empty", "absent", "the last one counts"],
)
def test_qt2_a_file_that_is_not_dry_is_refused_before_anything_starts(
    tmp_path: Path, text: str
) -> None:
    """Without DRY_RUN=true in the given file the smoke test ends with 78 and calls no engine."""
    wet, called = tmp_path / "wet.env", tmp_path / "called"
    wet.write_text(text, encoding="utf-8")
    docker = tmp_path / "bin" / "docker"
    docker.parent.mkdir()
    docker.write_text(f"#!/bin/sh\necho $@ >>{called}\n", encoding="utf-8")
    docker.chmod(0o755)

    answer = smoke("--env-file", str(wet), path=str(docker.parent))

    assert answer.returncode == 78
    assert f"REFUSED: {wet} does not say DRY_RUN=true" in answer.stderr
    assert not called.exists()


def test_without_an_engine_the_entry_point_runs_here_and_the_image_is_named_as_not_run() -> None:
    """A machine without Docker still runs the loader dry, and no image counts as tested."""
    answer = smoke(cwd=ROOT / "scripts", engine=False)

    assert answer.returncode == 0, answer.stderr
    assert "NOT RUN (needs a Docker engine" in answer.stdout
    assert "smoke: stub mode: DRY_RUN is true" in answer.stdout
    assert "PASSED: the dry run of the same entry point" in answer.stdout


def test_k2_the_smoke_test_works_from_any_folder() -> None:
    """The script finds the repository by its own place, not by the current folder."""
    assert smoke(cwd=Path("/"), engine=False).returncode == 0


def test_k10_a_positional_environment_file_is_explained_with_exit_2() -> None:
    """An environment file without --env-file gives the usage, not a bare failure."""
    answer = smoke(str(TEMPLATE))

    assert answer.returncode == 2
    assert "usage:" in answer.stderr
    assert "--env-file" in answer.stderr


def test_a_missing_environment_file_is_named_with_exit_2(tmp_path: Path) -> None:
    """A mistyped file name is a usage error that names the file."""
    answer = smoke("--env-file", str(tmp_path / "absent.env"))

    assert answer.returncode == 2
    assert "absent.env" in answer.stderr


def test_g06_a_required_engine_that_is_missing_is_a_failure() -> None:
    """Where ZAKAZ_REQUIRE names docker, a machine without it does not pass."""
    answer = smoke(require="docker,browser", engine=False)

    assert answer.returncode == 1
    assert "FAILED" in answer.stderr


@pytest.mark.needs("docker")
def test_a_base_that_nobody_gives_is_named_as_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine without the base image is no pass either: what is lacking is named."""
    monkeypatch.setenv("BASE_IMAGE", "localhost:1/zakaz-absent:never")
    answer = smoke()

    assert answer.returncode == 0, answer.stderr
    assert "NOT RUN (needs the base image localhost:1/zakaz-absent:never" in answer.stdout
    assert smoke(require="docker").returncode == 1


def test_a_failing_dry_run_fails_the_smoke_test_with_its_exit_code(tmp_path: Path) -> None:
    """A wrong setting makes the verdict FAILED and names the loader's exit code."""
    wrong = tmp_path / "wrong.env"
    wrong.write_text("DRY_RUN=true\nQTICKETS_PAGE_SIZE=many\n", encoding="utf-8")

    answer = smoke("--env-file", str(wrong), engine=False)

    assert answer.returncode == 1
    assert "exit code 78" in answer.stderr
