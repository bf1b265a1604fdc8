"""A server that refuses the password: the run is recorded although its journal is out of reach."""

from __future__ import annotations

import json
from pathlib import Path

from command_line import bootstrap, run
from stack_server import StackServer


def test_d5_a_wrong_password_exits_78_and_leaves_a_line(
    empty_server: StackServer, tmp_path: Path
) -> None:
    """Exit 78 without a traceback, and the local journal says `failed` and why."""
    assert bootstrap(empty_server, tmp_path).returncode == 0
    url = f"clickhouse://etl_writer:not-the-password@127.0.0.1:{empty_server.port}/zakaz"
    environ = {
        "ZAKAZ_WAREHOUSE_URL": url,
        "QTICKETS_BASE_URL": "http://127.0.0.1:9/never-asked",
        "QTICKETS_TOKEN": "token-of-this-test",
    }

    done = run(["zakaz", "sync", "qtickets"], environ, tmp_path)

    assert done.returncode == 78, done.stderr
    assert "Traceback" not in done.stderr
    assert "not-the-password" not in done.stdout + done.stderr
    (path,) = tmp_path.glob("**/runs.jsonl")
    (line,) = path.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["status"] == "failed"
    assert "not-the-password" not in line
    told = run(["zakaz", "runs"], environ, tmp_path)
    assert "failed" in told.stdout
    assert "local file" in told.stdout
