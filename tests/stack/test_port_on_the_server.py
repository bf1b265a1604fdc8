"""The port's whole contract on the session's server; the tests are those of the warehouse."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest
from stack_server import StackServer
from zakaz.warehouse.port import Warehouse
from zakaz.warehouse.server import ServerWarehouse
from zakaz.warehouse.url import warehouse_url

CONTRACT = Path(__file__).resolve().parents[1] / "warehouse"


@pytest.fixture
def port(empty_server: StackServer) -> Iterator[Warehouse]:
    """The server's adapter, with an empty database `zakaz`."""
    with ServerWarehouse(warehouse_url(empty_server.environ())) as server:
        server.execute("CREATE DATABASE zakaz")
        yield server


def _tests(part: Path) -> dict[str, object]:
    spec = importlib.util.spec_from_file_location(part.stem, part)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {name: value for name, value in vars(module).items() if name.startswith("test_")}


for part in sorted(CONTRACT.glob("test_port_*.py")):
    globals().update(_tests(part))
