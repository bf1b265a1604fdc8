"""``zakaz cities``: the dictionary that says which city a word means."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from zakaz.warehouse.port import Warehouse

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)

_THEN = "Facts of the past follow after: zakaz rebuild"


@app.callback()
def cities() -> None:
    """Say which city a word means; in a tag of an ad, or in the city of an event."""


@app.command("unknown")
def unknown(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON list.")] = False,
) -> None:
    """List the words that ads carry in the place of a city and that the dictionary does not know.

    Their spend stands under unknown until the word is added.
    """
    from zakaz import city_aliases
    from zakaz.cli.output import emit_json, print_table, say
    from zakaz.warehouse.connect import open_for_reading
    from zakaz.warehouse.url import warehouse_url

    with open_for_reading(warehouse_url(os.environ)) as warehouse:
        found = city_aliases.unknown_words(warehouse)
    if as_json:
        emit_json(found)
    elif found:
        print_table(
            ("word", "currency", "spend", "ads", "last day"), ([*row.values()] for row in found)
        )
        say("Is one of them a city? Add it with: zakaz cities add WORD CITY")
    else:
        say("Every word in the place of a city is known.")


@app.command("add")
def add(
    spelling: Annotated[str, typer.Argument(help="The word as it is written, e.g. нино.")],
    city: Annotated[
        str, typer.Argument(help="The city it means; without, the word is the city itself.")
    ] = "",
) -> None:
    """Let a word mean a city; a word that is known already gets its new meaning."""
    from zakaz import city_aliases, moscow
    from zakaz.cli.output import say

    with _dictionary() as warehouse:
        alias, meant = city_aliases.add(warehouse, spelling, city or spelling, moscow.now())
    say(f"'{alias}' now means {meant}. {_THEN}")


@app.command("remove")
def remove(
    spelling: Annotated[str, typer.Argument(help="The word that shall mean no city any more.")],
) -> None:
    """Take a word out of the dictionary."""
    from zakaz import city_aliases, moscow
    from zakaz.cli.output import say

    with _dictionary() as warehouse:
        meant = city_aliases.remove(warehouse, spelling, moscow.now())
    say(f"The word no longer means {meant}. {_THEN}")


@contextmanager
def _dictionary() -> Iterator[Warehouse]:
    """Open the loaded store to write; what was written is published at the end."""
    from zakaz import choice
    from zakaz.errors import SettingsError
    from zakaz.run_history import has_data
    from zakaz.schema import drift
    from zakaz.warehouse.connect import open_for_writing, publish
    from zakaz.warehouse.url import warehouse_url

    if choice.is_dry(os.environ, flag=False):
        raise SettingsError("DRY_RUN is true, so nothing is written. Set DRY_RUN=false.")
    url = warehouse_url(os.environ)
    if not has_data(url):
        raise SettingsError("Nothing is loaded yet, so there is no dictionary. Run: zakaz sync")
    with open_for_writing(url) as warehouse:
        drift.check(warehouse)
        yield warehouse
        publish(url)
