"""``zakaz serve``: the dashboard on this machine until Ctrl-C."""

from __future__ import annotations

import os
import sys
import threading
import webbrowser
from typing import Annotated

import typer

DEFAULT_PORT = 8765


def serve(
    host: Annotated[
        str, typer.Option(help="Address to listen on; beyond 127.0.0.1 a login must be set.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes any free one.")
    ] = DEFAULT_PORT,
    open_browser: Annotated[
        bool | None,
        typer.Option(
            "--open/--no-open",
            help="Open the page in a browser; without a word, only at a terminal.",
        ),
    ] = None,
    sync_every: Annotated[
        str,
        typer.Option(
            metavar="INTERVAL", help="Also load now and every 30m, 2h, …; ads at their pace."
        ),
    ] = "",
) -> None:
    """Show the dashboard; Ctrl-C stops.

    It reads what the last load published and shows a newer load by itself. Loads may run beside
    it: start them with --sync-every, by a timer or by hand.
    """
    from zakaz.errors import SettingsError
    from zakaz.warehouse.url import warehouse_url

    from zakaz_web import settings, sync_loop

    url = warehouse_url(os.environ)
    door = settings.door(os.environ, host)
    loop = None
    if sync_every:
        try:
            loop = sync_loop.SyncLoop(sync_loop.interval(sync_every), os.environ)
        except ValueError as error:
            raise SettingsError(f"--sync-every: {error}.") from None
    from zakaz_web import server
    from zakaz_web.supply import WarehouseSupply

    listener = server.listen(host, port)
    supply = WarehouseSupply(url)
    supply.start_ahead()  # the engine loads while we do

    from zakaz_web.app import Dashboard, create_app
    from zakaz_web.reading import Reading

    reading = Reading(supply)
    state = (lambda: loop.state) if loop else sync_loop.SyncState
    dashboard = Dashboard(reading, sync_state=state)
    app = create_app(dashboard, door)
    wanted = sys.stdout.isatty() if open_browser is None else open_browser

    def ready() -> None:
        page = server.address(listener)
        print(f"Dashboard: {page}\nCtrl-C stops.", flush=True)
        threading.Thread(target=dashboard.warm, name="warm", daemon=True).start()
        if loop:
            loop.start()
        if wanted:
            threading.Thread(target=webbrowser.open, args=(page,), daemon=True).start()

    try:
        server.run(app, listener, ready=ready)
    finally:
        if loop:
            loop.stop()
        reading.close()
        supply.close()
