"""scripts/smoke_qtickets_dryrun.sh, with a Docker engine and without."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts/smoke_qtickets_dryrun.sh"
TEMPLATE = ROOT / "dashboard-mvp/test_env/.env.template"


def smoke(
    *arguments: str, cwd: Path = ROOT, engine: bool = True, require: str = ""
) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environ = {**os.environ, "PATH": path, "ZAKAZ_REQUIRE": require}
    if not engine:
        environ["DOCKER_HOST"] = "unix:///nonexistent/docker.sock"
    return subprocess.run(
        [str(SCRIPT), *arguments],
        cwd=cwd,
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.mark.criterion("CH-6")
@pytest.mark.criterion("QT-2")
@pytest.mark.needs("docker")
@pytest.mark.usefixtures("base")
def test_k9_the_smoke_test_passes_with_the_untouched_template() -> None:
    """The specification's command builds the image, runs it dry and exits 0."""
    answer = smoke()

    assert answer.returncode == 0, answer.stderr
    assert "PASSED: the image" in answer.stdout
    assert "NOT RUN" not in answer.stdout


@pytest.mark.needs("docker")
@pytest.mark.usefixtures("base")
def test_the_smoke_test_leaves_no_image_behind() -> None:
    """Whatever a run builds under its own name is gone afterwards."""
    listed = ["docker", "image", "ls", "--quiet", "--filter", "reference=zakaz-qtickets:smoke-*"]

    assert smoke().returncode == 0
    assert subprocess.check_output(listed, text=True) == ""


def test_without_an_engine_the_entry_point_runs_here_and_the_image_is_named_as_not_run() -> None:
    """A machine without Docker still runs the loader dry, and no image counts as tested."""
    answer = smoke(engine=False)

    assert answer.returncode == 0, answer.stderr
    assert "NOT RUN (needs a Docker engine" in answer.stdout
    assert "PASSED: the dry run" in answer.stdout


@pytest.mark.parametrize("folder", ["/", "scripts"])
def test_k2_the_smoke_test_works_from_any_folder(folder: str) -> None:
    """The script finds the repository by its own place, not by the current folder."""
    assert smoke(cwd=ROOT / folder, engine=False).returncode == 0


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


def test_the_smoke_test_stays_dry_whatever_the_environment_file_says(tmp_path: Path) -> None:
    """DRY_RUN=false in the given file does not make the smoke test load anything."""
    wet = tmp_path / "wet.env"
    template = TEMPLATE.read_text(encoding="utf-8")
    assert "DRY_RUN=true" in template
    wet.write_text(template.replace("DRY_RUN=true", "DRY_RUN=false"), encoding="utf-8")

    answer = smoke("--env-file", str(wet), engine=False)

    assert answer.returncode == 0, answer.stderr


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
    wrong.write_text("QTICKETS_PAGE_SIZE=many\n", encoding="utf-8")

    answer = smoke("--env-file", str(wrong), engine=False)

    assert answer.returncode == 1
    assert "exit code 78" in answer.stderr
