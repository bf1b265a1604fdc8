"""The dashboard's readers on a server: a few connections, shared by all pages."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from native_process import READER, NativeServer, native_python
from tcp_proxy import TcpProxy
from zakaz.errors import WarehouseError
from zakaz.warehouse.url import WarehouseUrl, warehouse_url
from zakaz_web.supply import CONNECTIONS, WarehouseSupply

pytestmark = pytest.mark.skipif(
    native_python() is None, reason="NOT RUN (needs chDB 3.2.0: ZAKAZ_NATIVE_PYTHON names it)"
)
SLOW = "SELECT {n:UInt8} + 0 * count() FROM numbers(30000000)"


@pytest.fixture
def proxy(native_server: NativeServer) -> Iterator[TcpProxy]:
    """Stand between the dashboard and the server."""
    with TcpProxy((native_server.host, native_server.port)) as between:
        yield between


def address(proxy: TcpProxy) -> WarehouseUrl:
    """Return the address of a reader's account behind the proxy."""
    user, password = READER
    return warehouse_url(
        {"ZAKAZ_WAREHOUSE_URL": f"clickhouse://{user}:{password}@127.0.0.1:{proxy.port}/zakaz"}
    )


def test_found_e2_many_pages_share_a_few_connections(proxy: TcpProxy) -> None:
    """Each query gets its own answer; more connections than planned are never opened."""
    supply = WarehouseSupply(address(proxy))
    pool = supply.open(str(supply.generation()))
    with ThreadPoolExecutor(12) as pages:
        asked = [pages.submit(pool.query, SLOW, {"n": n}) for n in range(12)]
        assert [one.result().scalar() for one in asked] == list(range(12))
    assert 1 < proxy.connections <= CONNECTIONS
    pool.close()
    supply.close()


def test_found_e2_connections_that_were_cut_are_made_again(proxy: TcpProxy) -> None:
    """A read over a cut connection comes back, and a refused query costs no connection."""
    supply = WarehouseSupply(address(proxy))
    pool = supply.open("server")
    proxy.cut()
    assert pool.query("SELECT 1").scalar() == 1
    with pytest.raises(WarehouseError) as refused:
        pool.query("SELECT nothing FROM system.one")
    assert refused.value.code == 47
    assert pool.query("SELECT 2").scalar() == 2
    pool.close()
    with pytest.raises(WarehouseError, match="closed"):
        pool.query("SELECT 3")
    supply.close()
