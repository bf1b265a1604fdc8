"""The ``zakaz`` command: its list of commands, each imported only when it is called."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup

from zakaz.cli.edge import exit_code_of
from zakaz.cli.quick import quick
from zakaz.cli.streams import require_utf8
from zakaz.rooms import Offer, Rooms, discover, load_object

START = "Start here"
LOAD = "Load"
LOOK = "Look"
KEEP = "Keep in order"

# name, help panel, help line, module:object
COMMANDS: tuple[tuple[str, str, str, str], ...] = (
    ("doctor", START, "Find what is wrong with this installation, with the fix for each finding.",
     "zakaz.cli.doctor:doctor"),
    ("sync", LOAD, "Load new data from every configured source and rebuild the facts.",
     "zakaz.cli.sync:sync"),
    ("plan", LOAD, "Import a sales plan from CSV; 'plan template' prints one to start from.",
     "zakaz.cli.plan:app"),
    ("status", LOOK, "Show store, sources, freshness, watermarks and quarantine on one page.",
     "zakaz.cli.status:status"),
    ("runs", LOOK, "List the last runs; 'runs show ID' tells one in detail.",
     "zakaz.cli.runs:app"),
    ("query", LOOK, "Ask the bi views one question in SQL; read-only.",
     "zakaz.cli.query:query"),
    ("check", KEEP, "Checks for monitors: 'check freshness', 'check loads', 'check control'.",
     "zakaz.cli.check:app"),
    ("verify", KEEP, "Prove that manifest, staging and facts agree.",
     "zakaz.cli.verify:verify"),
    ("rebuild", KEEP, "Compute the facts anew from what was loaded; asks no source.",
     "zakaz.cli.rebuild:rebuild"),
    ("cities", KEEP, "Say which city a word means: 'cities unknown', 'cities add'.",
     "zakaz.cli.cities:app"),
    ("bootstrap", KEEP, "Create or update the schema; never drops a table.",
     "zakaz.cli.schema:bootstrap"),
    ("validate", KEEP, "Check the declared schema; --live compares the store with it.",
     "zakaz.cli.schema:validate"),
)  # fmt: skip
_ROOM_PANELS = {"demo": START, "serve": LOOK}


class _Listed(TyperCommand):
    """A command as the help page lists it; the real one is imported when it is called."""

    def __init__(self, offer: Offer, panel: str) -> None:
        super().__init__(offer.name, help=offer.text)
        self.panel = panel
        self.target = offer.target

    def real(self) -> Any:
        """Import the command."""
        body = load_object(self.target)
        if isinstance(body, typer.Typer):
            app = body
        else:
            app = typer.Typer(add_completion=False, rich_markup_mode=None)
            app.command(self.name)(body)  # type: ignore[type-var] # a typer command body
        command = quick(typer.main.get_command(app))
        command.name = self.name
        return command


class ZakazGroup(TyperGroup):
    """The commands of the core and of all rooms, found when first needed."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.rooms: Rooms | None = None

    def list_commands(self, ctx: Any) -> list[str]:
        """Give the names of all commands, the core's first."""
        self._fill()
        return list(self.commands)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Give a command as it is listed."""
        self._fill()
        return self.commands.get(cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Give the real command that the arguments call."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command.real() if isinstance(command, _Listed) else command, rest

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the commands in sections, in the order a newcomer needs them."""
        names = self.list_commands(ctx)
        width = max(map(len, names))
        for panel in (START, LOAD, LOOK, KEEP):
            listed = [c for c in self.commands.values() if getattr(c, "panel", "") == panel]
            with formatter.section(panel):
                formatter.write_dl([(str(c.name).ljust(width), c.help or "") for c in listed])

    def _fill(self) -> None:
        if self.rooms is not None:
            return
        self.rooms = discover()
        for name, panel, text, target in COMMANDS:
            self.commands[name] = _Listed(Offer(name, text, target), panel)
        for offer in self.rooms.commands.values():
            panel = _ROOM_PANELS.get(offer.name, LOAD)
            self.commands.setdefault(offer.name, _Listed(offer, panel))
        for room in self.rooms.broken:
            print(f"zakaz: the room {room.name} is broken ({room.error})", file=sys.stderr)


app = typer.Typer(
    cls=ZakazGroup,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,  # rich takes 0.3 s to print a help page, plain text none
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(version("zakaz-core"))
        raise typer.Exit


@app.callback()
def zakaz(
    env_file: Annotated[
        Path | None,
        typer.Option(
            "--env-file",
            metavar="FILE",
            help="Read variables from FILE instead of .env here; the process environment wins.",
        ),
    ] = None,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Sales and advertising analytics for event promoters: from Qtickets and VK Ads to a page.

    Exit codes: 0 done, 65 wrong data, 70 a bug, 75 try again later, 78 fix the configuration.
    """
    from zakaz import environment, log

    os.environ.update(environment.read(os.environ, env_file=env_file))
    log.configure(os.environ.get("ZAKAZ_LOG_LEVEL", ""))


def run(arguments: Sequence[str]) -> int:
    """Run one command line and give its exit code."""
    command = quick(typer.main.get_command(app))
    return exit_code_of(
        lambda: command.main(list(arguments), prog_name="zakaz", standalone_mode=False)
    )


def main() -> NoReturn:
    """Run the command line of this process."""
    require_utf8()
    sys.exit(run(sys.argv[1:]))
