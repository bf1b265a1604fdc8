"""The environment file of the composed server: `python -m zakaz.cli.server_env FOLDER`."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path

from zakaz.errors import SettingsError, ZakazError

_SECRET = "_PASSWORD"  # noqa: S105 - the ending of a variable's name, not a password
_SHORTEST = 16


def ensure(folder: Path) -> Path:
    """Give the `.env` of a folder, made from its `.env.example` with random passwords if absent.

    The file is readable by its owner only. An existing one is never rewritten, but a password
    that is missing, short or a placeholder is a SettingsError.
    """
    path = folder / ".env"
    if not path.exists():
        _create(path, (folder / ".env.example").read_text(encoding="utf-8"))
    _check(path)
    return path


def _create(path: Path, example: str) -> None:
    lines = [
        line + secrets.token_urlsafe(24) if line.endswith(f"{_SECRET}=") else line
        for line in example.splitlines()
        if not line.startswith("#") and line
    ]
    header = (
        "# Made by scripts/bootstrap_clickhouse.sh --up. Keep it: the server knows these passwords."
    )
    # Exclusive, and closed to others from its first byte on.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("\n".join([header, *lines]) + "\n")


def _check(path: Path) -> None:
    path.chmod(0o600)
    faults = [
        name
        for line in path.read_text(encoding="utf-8").splitlines()
        for name, _, value in [line.partition("=")]
        if name.endswith(_SECRET) and not name.startswith("#") and len(value.strip()) < _SHORTEST
    ]
    if faults:
        raise SettingsError(
            f"{', '.join(faults)} in {path} must have at least {_SHORTEST} characters. "
            "Delete the file to have new passwords made, or write better ones."
        )


def main(arguments: list[str]) -> int:
    """Print the path of the environment file of the folder named by the only argument."""
    if len(arguments) != 1:
        print("usage: python -m zakaz.cli.server_env FOLDER", file=sys.stderr)
        return 2
    try:
        print(ensure(Path(arguments[0])))
    except ZakazError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
