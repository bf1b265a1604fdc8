"""The process behind ``engine``: reads statements from a file, writes what the parser says."""

from __future__ import annotations

import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any


def main(questions: Path, answers: Path) -> None:
    """Answer each statement with an error or with its formatted text."""
    version, found = "", []
    if find_spec("chdb") is not None:
        from zakaz.warehouse.embedded import EmbeddedWarehouse

        with EmbeddedWarehouse(answers.parent / "store") as engine:
            version = engine.version()
            found = [_answer(engine, text) for text in json.loads(questions.read_text("utf-8"))]
    answers.write_text(json.dumps([version, found]), encoding="utf-8")


def _answer(engine: Any, text: str) -> tuple[str, str]:
    from zakaz.errors import WarehouseError

    try:
        # formatQuery lets some nonsense pass as an expression; EXPLAIN AST does not.
        if "{" not in text:
            engine.query(f"EXPLAIN AST {text}")
        formatted = engine.query("SELECT formatQuery({sql:String})", {"sql": text}).scalar()
    except WarehouseError as error:
        return str(error).splitlines()[0][:300], ""
    return "", str(formatted)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
