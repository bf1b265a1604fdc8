"""Where the demo keeps its store, and which day its bill is dated by."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from pathlib import Path

from zakaz.errors import SettingsError
from zakaz.schema import sources
from zakaz.warehouse.url import default_folder

MARKER = "demo.json"
SEED = 1
ORDERS = 20_000
EDITION = 3
"""Raised whenever the demo organisation comes out differently: older demo stores start anew."""

FRESH_FOR = timedelta(days=14)
"""After that most shows of the bill are over, and a new bill is worth more than old data."""


def schema_digest() -> str:
    """Give a digest of the schema: a demo store is made anew with every other one."""
    files = [*sources.migrations(), *sources.views()]
    told = "".join(f"{file.name} {file.md5}\n" for file in files)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Bill:
    """The demo organisation that a store was filled from, and the schema it was filled into."""

    today: str
    orders: int = ORDERS
    seed: int = SEED
    edition: int = EDITION
    schema: str = field(default_factory=schema_digest)


@dataclass(frozen=True, slots=True)
class Place:
    """A demo store: its folder, its bill, and whether it was filled before."""

    folder: Path
    bill: Bill
    is_known: bool

    @property
    def url(self) -> str:
        """What ``ZAKAZ_WAREHOUSE_URL`` is set to."""
        return f"chdb://{self.folder}"

    def access(self) -> dict[str, str]:
        """Give the environment that keeps tokens here; those of earlier emulators open nothing."""
        home = self.folder / "state" / "access"
        shutil.rmtree(home, ignore_errors=True)
        return {"HOME": str(home), "XDG_DATA_HOME": str(home)}

    def remember(self) -> None:
        """Mark the folder as a demo store, with its bill."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        marker = json.dumps(asdict(self.bill)) + "\n"
        (self.folder / MARKER).write_text(marker, encoding="utf-8")


def default_place(environ: Mapping[str, str]) -> Path:
    """Give the demo's own folder under the user's data directory, beside real data."""
    return default_folder(environ).parent / "zakaz-demo"


def prepare(folder: Path, today: date, orders: int = ORDERS) -> Place:
    """Find the demo store or make room for one; only what a demo wrote is ever removed."""
    folder = folder.expanduser().absolute()
    known = _read(folder)
    if known is None and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise SettingsError(
            f"{folder} holds something else than a demo store; name an empty or a new folder with "
            "--store, so that no data of yours is touched"
        )
    if known is not None:
        if _is_fresh(known, today, orders):
            return Place(folder, known, is_known=True)
        _remove_demo(folder)
    return Place(folder, Bill(today.isoformat(), orders), is_known=False)


def _read(folder: Path) -> Bill | None:
    try:
        told = json.loads((folder / MARKER).read_text(encoding="utf-8"))
        today = str(date.fromisoformat(told["today"]))
        orders, seed, edition = (int(told[name]) for name in ("orders", "seed", "edition"))
        return Bill(today, orders, seed, edition, str(told.get("schema")))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _is_fresh(bill: Bill, today: date, orders: int) -> bool:
    age = today - date.fromisoformat(bill.today)
    same = bill == Bill(bill.today, orders)
    return same and timedelta(0) <= age <= FRESH_FOR


def _remove_demo(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.name == "lock":
            continue  # whoever holds it is told so by the load
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
