"""Parameters that need no converting: typer imports pydantic (0.07 s) to convert even a None."""

from __future__ import annotations

from functools import partial
from typing import Any


def quick(command: Any) -> Any:
    """Return the command; what is absent, a default or plain text is taken as it is.

    Paths, numbers and lists that were given go typer's own way.
    """
    command.get_params = partial(_parameters, command.get_params)
    for below in getattr(command, "commands", {}).values():
        quick(below)
    return command


def _parameters(listed: Any, ctx: Any) -> Any:
    """Return a command's parameters, that for help too, which typer makes only when asked."""
    parameters = listed(ctx)
    for parameter in parameters:
        if not isinstance(parameter.process_value, partial):
            parameter.process_value = partial(_process, parameter, parameter.process_value)
    return parameters


def _process(parameter: Any, convert: Any, ctx: Any, value: Any) -> Any:
    if not _is_plain(parameter, value):
        return convert(ctx, value)
    return value if parameter.callback is None else parameter.callback(ctx, parameter, value)


def _is_plain(parameter: Any, value: Any) -> bool:
    if parameter.multiple or parameter.nargs != 1:
        return False
    # Typer's own and not its interface: where a later typer has none, it converts as it did.
    described = getattr(parameter, "type_descriptor", None)
    if isinstance(value, str) and getattr(described, "annotation", None) is str:
        return True
    return not parameter.required and value is parameter.default
