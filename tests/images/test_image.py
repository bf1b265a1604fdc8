"""The loader's image: how it builds, who may run it and how a run in it ends."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.images.conftest import Image

pytestmark = pytest.mark.needs("docker")

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = "dashboard-mvp/integrations/qtickets_api/Dockerfile"
TEMPLATE = ROOT / "dashboard-mvp/test_env/.env.template"


@pytest.mark.criterion("QT-1")
def test_k15_the_image_builds_from_the_root_without_cache(image: Image) -> None:
    """docker build --no-cache succeeds with the repository root as its context."""
    assert image.docker.output("image", "inspect", "--format", "{{.Id}}", image.name)


def test_help_ends_with_exit_0(image: Image) -> None:
    """The image explains itself without any variable set."""
    answer = image.run("--help")

    assert answer.returncode == 0, answer.stdout
    assert "usage" in answer.stdout.lower()


@pytest.mark.criterion("QT-2")
def test_qt2_the_untouched_template_runs_dry_without_a_network(image: Image) -> None:
    """With the template as it stands a run sends nothing, writes nothing and exits 0."""
    _runs_dry(image)


@pytest.mark.criterion("QT-2")
def test_d01_a_dry_run_needs_no_rights_at_all(image: Image, hardened: list[str]) -> None:
    """Read-only root, no capabilities, no new privileges and scratch in memory: the same run."""
    _runs_dry(image, *hardened)


@pytest.mark.criterion("QT-2")
def test_d02_any_uid_may_run_it(image: Image, hardened: list[str]) -> None:
    """A platform that gives the container a uid of its own choice changes nothing."""
    _runs_dry(image, "--user", "123456:0")
    _runs_dry(image, "--user", "123456:123456", *hardened)


def _runs_dry(image: Image, *options: str) -> None:
    answer = image.run(options=["--env-file", str(TEMPLATE), *options], network="none")

    assert answer.returncode == 0, answer.stdout
    assert "stub mode" in answer.stdout
    assert "Traceback" not in answer.stdout


def test_d07_a_warehouse_out_of_reach_is_75_and_named(image: Image, hardened: list[str]) -> None:
    """Without a network a real run ends with 75, says which server is away and what to look at."""
    url = "clickhouse://etl_writer:word-of-the-test@ch.example:9000/zakaz"
    answer = image.run(
        options=hardened,
        env={"ZAKAZ_WAREHOUSE_URL": url, "QTICKETS_TOKEN": "token-of-the-test"},
    )

    assert answer.returncode == 75, answer.stdout
    assert "ch.example:9000 cannot be reached" in answer.stdout
    assert "Check the network" in answer.stdout
    assert "Traceback" not in answer.stdout
    assert "word-of-the-test" not in answer.stdout


def test_d07_an_api_out_of_reach_is_75_and_named(image: Image) -> None:
    """Without a network a look at the live API ends with 75 and says which host did not answer."""
    answer = image.run("--dry-run", env={"QTICKETS_TOKEN": "token-of-the-test"})

    assert answer.returncode == 75, answer.stdout
    assert "GET /events on qtickets.ru: no connection" in answer.stdout
    assert "run again later" in answer.stdout
    assert "Traceback" not in answer.stdout
    assert "token-of-the-test" not in answer.stdout


def test_an_embedded_warehouse_is_refused_with_exit_78(image: Image) -> None:
    """chdb:// in the image is a configuration error that says what to write instead."""
    answer = image.run(
        env={
            "ZAKAZ_WAREHOUSE_URL": "chdb:///var/lib/zakaz/store",
            "QTICKETS_TOKEN": "token-of-the-test",
        }
    )

    assert answer.returncode == 78, answer.stdout
    assert "clickhouse" in answer.stdout
    assert "Traceback" not in answer.stdout
    assert "token-of-the-test" not in answer.stdout


def test_c01_a_missing_token_is_named_with_exit_78(image: Image) -> None:
    """Without a token a real run stops before any request and names the variable."""
    answer = image.run(env={"ZAKAZ_WAREHOUSE_URL": "clickhouse://u:p@127.0.0.1:9/zakaz"})

    assert answer.returncode == 78, answer.stdout
    assert "QTICKETS_TOKEN" in answer.stdout


def test_d06_an_altered_hash_stops_the_build(
    image: Image, base: str, build_context: Path, tmp_path: Path
) -> None:
    """A package that is not the locked one never gets into the image."""
    altered = shutil.copytree(build_context, tmp_path / "context")
    lock = altered / "dashboard-mvp/integrations/qtickets_api/requirements.lock"
    text = lock.read_text(encoding="utf-8")
    one = text[text.index("\nrequests==") : text.index("\nrequests-ratelimiter==")]
    assert "sha256:" in one
    other = re.sub("sha256:[0-9a-f]{64}", f"sha256:{'0' * 64}", one)
    lock.write_text(text.replace(one, other), encoding="utf-8")

    built = image.docker.run(
        "build",
        "--force-rm",
        "--build-arg",
        f"BASE_IMAGE={base}",
        "--file",
        DOCKERFILE,
        ".",
        cwd=altered,
    )

    assert built.returncode != 0
    assert "DO NOT MATCH THE HASHES" in built.stdout
