"""``zakaz demo``: emulators, real loaders over HTTP, facts, figures, dashboard, in one go."""

from __future__ import annotations

import json
import os
import sys
import webbrowser
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from zakaz.sync import SourceOutcome

    from zakaz_emulators.children import RunningEmulator, RunningVkAds
    from zakaz_emulators.demo_place import Place

LANGUAGES = ("ru", "en")
OURS = ("QTICKETS_", "VK_ADS_", "CLICKHOUSE_", "ZAKAZ_WAREHOUSE_URL", "ZAKAZ_WEB_", "DRY_RUN")
SHOWN_DIFFERENCES = 10


def demo(
    once: Annotated[
        bool, typer.Option("--once", help="Print the figures and exit, without the dashboard.")
    ] = False,
    port: Annotated[
        int,
        typer.Option("--port", min=0, max=65535, help="Port of the dashboard; 0 takes a free one."),
    ] = 0,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Print the address without opening a browser.")
    ] = False,
    store: Annotated[
        Path | None,
        typer.Option("--store", metavar="DIR", help="Folder of the demo's own store."),
    ] = None,
    lang: Annotated[
        str | None, typer.Option("--lang", metavar="ru|en", help="Language of figures and page.")
    ] = None,
    orders: Annotated[int, typer.Option("--orders", min=1, hidden=True)] = 20_000,
) -> None:
    """Show the whole product on invented data: no token, no account, nothing leaves this machine.

    A season of an invented promoter's ticket sales and a year of its advertising are served by
    local emulators of the Qtickets and VK Ads APIs and loaded by the real loaders. A second run
    loads only what is new.
    """
    from zakaz import moscow, progress
    from zakaz.cli.sync import terminable

    from zakaz_emulators import children, demo_place

    language = lang or spoken(os.environ)
    if language not in LANGUAGES:
        raise typer.BadParameter("write ru or en", param_hint="--lang")
    texts = read_texts(language)
    now = moscow.now()
    folder = store or demo_place.default_place(os.environ)
    place = demo_place.prepare(folder, moscow.moscow_day(now), orders)
    with terminable():
        with progress.shown() as shown:
            shown.note(texts["store"].format(folder=place.folder))
            shown.note(texts["again" if place.is_known else "first"])
            with (
                shown.task(texts["inventing"]) as task,
                children.emulators(emulator_arguments(place, now)) as (tickets, ads),
            ):
                task.advance(tickets.orders)
                task.done()
                environ = demo_environ(os.environ, place, tickets, ads)
                place.remember()
                began = monotonic()
                told_now = datetime.fromisoformat(tickets.now)
                outcomes = load(environ | place.access(), shown, told_now)
                seconds = monotonic() - began
                ledgers = tickets.ledger(), ads.ledger()
        print_figures(environ, told_now.date(), ledgers, outcomes, seconds, texts)
        if not once:
            show(environ, place, port, texts, language, browser=not no_browser)


def emulator_arguments(place: Place, now: datetime) -> list[str]:
    """Give the emulators' command line: the bill of the store, seen at this instant."""
    bill = place.bill
    dated = ["--today", bill.today, "--now", now.isoformat()]
    return [*dated, "--seed", str(bill.seed), "--orders", str(bill.orders)]


def demo_environ(
    process: Mapping[str, str], place: Place, tickets: RunningEmulator, ads: RunningVkAds
) -> dict[str, str]:
    """Give the demo's own environment: the user's tokens and warehouse are left out of it."""
    kept = {name: value for name, value in process.items() if not name.startswith(OURS)}
    return kept | {
        "ZAKAZ_WAREHOUSE_URL": place.url,
        "QTICKETS_BASE_URL": tickets.base_url,
        "QTICKETS_TOKEN": tickets.token,
        "QTICKETS_ACCOUNT_ID": "demo",
        "VK_ADS_BASE_URL": ads.base_url,
        "VK_ADS_CLIENT_ID": ads.client_id,
        "VK_ADS_CLIENT_SECRET": ads.client_secret,
    }


def load(environ: Mapping[str, str], shown: object, now: datetime) -> list[SourceOutcome]:
    """Run the real loaders against the emulators, as ``zakaz sync`` does, by the emulators' clock.

    So a show that begins in this second is over for both or for neither.
    """
    from zakaz import choice, rooms, sync
    from zakaz.errors import PartialLoad
    from zakaz.source import SyncRequest
    from zakaz.warehouse.url import warehouse_url

    found = rooms.discover()
    sources = choice.choose(found, rooms.configured_sources(found, environ), environ)
    began = monotonic()

    def clock() -> datetime:
        return now + timedelta(seconds=monotonic() - began)

    request = SyncRequest(environ=environ, clock=clock, progress=shown)  # type: ignore[arg-type]
    outcomes = sync.run(sources, request, warehouse_url(environ))
    if sync.exit_code(outcomes):
        reasons = "; ".join(one.error or one.run.message for one in outcomes if one.exit_code)
        raise PartialLoad(f"the demo could not be loaded: {reasons}")
    return outcomes


def print_figures(
    environ: Mapping[str, str],
    today: date,
    ledgers: tuple[Mapping[str, object], Mapping[str, object]],
    outcomes: list[SourceOutcome],
    seconds: float,
    texts: Mapping[str, str],
) -> None:
    """Print the table of figures and whether they equal the ledgers; if not, exit 65."""
    from zakaz.cli.output import console, say
    from zakaz.errors import DataError
    from zakaz.warehouse.connect import open_for_reading
    from zakaz.warehouse.url import warehouse_url

    from zakaz_emulators import demo_ads_report, demo_report

    with open_for_reading(warehouse_url(environ)) as warehouse:
        columns = {
            name: demo_report.figures(warehouse, *days)
            for name, days in demo_report.periods(today).items()
        }
        wrong = [
            *demo_report.differences(warehouse, ledgers[0]),
            *demo_ads_report.differences(warehouse, ledgers[1]),
        ]
    console().print(demo_report.table(columns, texts))
    received = sum(one.report.received for one in outcomes)
    incremental = any(one.report.incremental for one in outcomes)
    told = texts["incremental" if incremental else "loaded"]
    say(told.format(received=demo_report.count(received), seconds=f"{seconds:.1f}"))
    say(texts["unequal" if wrong else "equal"])
    if wrong:
        listed = "\n  ".join(wrong[:SHOWN_DIFFERENCES])
        raise DataError(f"{len(wrong)} figures differ from the ledger:\n  {listed}")


def show(
    environ: Mapping[str, str],
    place: Place,
    port: int,
    texts: Mapping[str, str],
    language: str,
    *,
    browser: bool,
) -> None:
    """Run the dashboard until Ctrl-C; its process ends with ours."""
    from zakaz.cli.edge import Terminated
    from zakaz.cli.output import say

    from zakaz_emulators import children

    with (
        suppress(KeyboardInterrupt, Terminated),
        children.dashboard(port, environ, str(place.folder)) as running,
    ):
        page = f"{running.address}?lang={language}"
        say(texts["open"].format(address=page))
        say(texts["stops"])
        sys.stdout.flush()
        if browser and sys.stdout.isatty():
            webbrowser.open(page)
        running.stay()


def spoken(environ: Mapping[str, str]) -> str:
    """Give the language of the user's locale, English when it is neither."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environ.get(name):
            return "ru" if environ[name].lower().startswith("ru") else "en"
    return "en"


def read_texts(language: str) -> dict[str, str]:
    """Read the demo's words in a language."""
    source = files("zakaz_emulators") / "texts" / f"{language}.json"
    found: dict[str, str] = json.loads(source.read_text(encoding="utf-8"))
    return found
