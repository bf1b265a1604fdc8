"""What the settings of a machine may spoil: folder, .env, zone, home, locale."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from other_user import as_root, other_user
from zakaz import environment
from zakaz.cli import streams
from zakaz.errors import SettingsError
from zakaz.store import Store
from zakaz.warehouse.url import default_folder, warehouse_url

# Whatever the machine's locale is: Python then takes every text for ASCII.
ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.fixture
def zakaz(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Return a function that runs ``zakaz`` as a process; keywords are variables."""

    def call(
        *arguments: str, text: bytes = b"", **variables: str
    ) -> subprocess.CompletedProcess[bytes]:
        environ = {"PATH": os.environ["PATH"], "ZAKAZ_WAREHOUSE_URL": f"chdb://{tmp_path}/store"}
        return subprocess.run(
            [sys.executable, "-m", "zakaz", *arguments], cwd=tmp_path, env={**environ, **variables},
            input=text, capture_output=True, timeout=60, check=False,
        )  # fmt: skip

    return call


@pytest.fixture
def published(ready_store: Path) -> Path:
    """Return a fresh store with our schema that readers may open."""
    Store(ready_store).publish()
    return ready_store


def test_field_p07_a_removed_working_folder_has_no_env_file(
    cli: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command goes on in a folder that is gone; doctor says that no .env was read."""
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()

    assert cli("status").code == 0
    assert "the working folder was removed" in cli("doctor").out


@pytest.mark.parametrize("loaded", [False, True])
def test_field_p07_no_command_needs_its_working_folder(
    cli: Callable[..., Any],
    shop: Any,
    ready_store: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    loaded: bool,
) -> None:
    """In a folder that is gone no command ends with a traceback, with a store or without one."""
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    if loaded:
        Store(ready_store).publish()
    else:
        shutil.rmtree(ready_store)

    for line in (
        ("status",), ("doctor",), ("sync", "--dry-run"), ("runs",), ("check", "freshness"),
        ("verify",), ("plan", "template"), ("query", "SELECT 1"), ("bootstrap",), ("sync",),
    ):  # fmt: skip
        done = cli(*line, SHOP_TOKEN="x")
        assert done.code != 70, (line, done)
        assert "Traceback" not in done.err, line


@as_root
def test_field_p07_a_closed_working_folder_has_no_env_file(published: Path) -> None:
    """Another user in a closed folder reads a store; the variables come from elsewhere."""
    with other_user(published, tried=[("status",)]) as user:
        closed = user.folder / "closed"
        closed.mkdir(mode=0o700)
        (closed / ".env").write_text("ZAKAZ_LOG_LEVEL=loud\n", encoding="utf-8")

        (done,) = user.run(("status",), folder=closed)

    assert done.code == 0, done.err
    assert f"no .env was read: the working folder {closed} is closed to this user" in done.err


@pytest.mark.parametrize("spoilt", [b"A=a\0\n", b'A="a\\0b"\nB=1\0\n', "A=a\ud83d\n"])
def test_field_p07_a_character_no_variable_can_hold_is_named_by_its_line(
    tmp_path: Path, spoilt: bytes | str
) -> None:
    """A NUL or half a letter in .env is a fault of the file, not of the program."""
    file = tmp_path / ".env"
    file.write_bytes(spoilt if isinstance(spoilt, bytes) else spoilt.encode(errors="surrogatepass"))

    with pytest.raises(SettingsError, match=r"\.env is (malformed:\n  line \d|not UTF-8)"):
        environment.read_file(file)


@pytest.mark.parametrize("zone", ["MSK-3", "europe/moscow"])
def test_field_p09_a_zone_unknown_to_the_engine_does_not_stop_it(zone: str) -> None:
    """The engine counts in Moscow time whatever TZ says, and no package is blamed for TZ."""
    code = (
        "import os, time\n"
        "from zakaz.warehouse.embedded import load_engine\n"
        "engine = load_engine()\n"
        "print(engine.query('SELECT toDateTime(0), timezone()', 'TSV'), os.environ['TZ'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env={"PATH": os.environ["PATH"], "TZ": zone},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert done.stdout.split() == ["1970-01-01", "03:00:00", "Europe/Moscow", zone], done.stderr


def test_field_p09_an_engine_that_cannot_be_loaded_is_not_called_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A package that is there but fails to load is told with its own words."""
    from zakaz.warehouse.embedded import load_engine

    (tmp_path / "chdb.py").write_text("raise ImportError('wrong architecture')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "chdb", raising=False)

    with pytest.raises(SettingsError, match=r"is installed but cannot be loaded .*architecture"):
        load_engine()


def test_field_p10_without_a_home_the_variable_to_set_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A user without HOME and without an entry in passwd is told what to set."""
    monkeypatch.setattr("os.getuid", lambda: 123_456)

    with pytest.raises(SettingsError, match=r"HOME .*ZAKAZ_WAREHOUSE_URL") as caught:
        warehouse_url({})
    assert "XDG_DATA_HOME" in str(caught.value)
    assert default_folder({"XDG_DATA_HOME": "/data"}) == Path("/data/zakaz")
    assert warehouse_url({"ZAKAZ_WAREHOUSE_URL": "chdb:///s"}).path == Path("/s")


@pytest.mark.parametrize("home", ["", "  "])
@pytest.mark.parametrize(
    "command", [("status",), ("doctor",), ("sync",), ("runs",), ("bootstrap",)]
)
def test_field_p10_a_command_without_a_home_ends_with_78(
    cli: Callable[..., Any],
    shop: Any,
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
    home: str,
) -> None:
    """No command answers a missing home with a traceback; an empty one counts as missing."""
    monkeypatch.setattr("os.getuid", lambda: 123_456)

    done = cli(*command, ZAKAZ_WAREHOUSE_URL="", HOME=home, SHOP_TOKEN="x")

    assert done.code == 78, done.err
    assert "HOME" in done.out + done.err
    assert "Traceback" not in done.err


def test_field_p10_without_a_home_a_named_store_works(
    cli: Callable[..., Any],
    shop: Any,
    monkeypatch: pytest.MonkeyPatch,
    ready_store: Path,
    tmp_path: Path,
) -> None:
    """With ZAKAZ_WAREHOUSE_URL set nothing needs a home: the tokens' place is the store."""
    monkeypatch.setattr("os.getuid", lambda: 123_456)

    assert cli("sync", HOME="", SHOP_TOKEN="x").code == 0
    url = f"chdb://{tmp_path}/store"
    assert default_folder({"ZAKAZ_WAREHOUSE_URL": url}) == tmp_path / "store"


@pytest.mark.parametrize("spoilt", [ASCII, {"PYTHONIOENCODING": "cp1251:strict"}])
def test_field_p14_files_and_pipes_are_utf_8_whatever_the_locale(
    zakaz: Callable[..., Any], published: Path, spoilt: dict[str, str]
) -> None:
    """In an ASCII locale, or with an encoding forced on Python, no letter is lost either way."""
    done = zakaz("query", "-", "--csv", text="SELECT 'Ёлка ₽' AS `имя`".encode(), **spoilt)

    assert (done.returncode, done.stdout) == (0, "имя\nЁлка ₽\n".encode()), done.stderr


def test_field_p14_the_template_of_a_plan_is_utf_8(
    zakaz: Callable[..., Any], cli: Callable[..., Any], published: Path, tmp_path: Path
) -> None:
    """What the template prints into a file is what the import reads."""
    done = zakaz("plan", "template", PYTHONIOENCODING="ascii")
    (tmp_path / "plan.csv").write_bytes(done.stdout + "2026-02-01;17;Ёлка;1;1;RUB;m\n".encode())

    assert cli("plan", "import", "plan.csv", "--dry-run").code == 0


def test_field_p14_a_terminal_keeps_its_encoding_and_no_letter_stops_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On a terminal that has no such letter a question mark stands for it."""
    printed = io.BytesIO()
    terminal = io.TextIOWrapper(printed, encoding="utf-8")
    monkeypatch.setattr(terminal, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setattr("locale.getencoding", lambda: "koi8-r")

    streams.speak_utf8()
    print("Ёлка, 5 ₽", flush=True)

    assert printed.getvalue().decode("koi8-r") == "Ёлка, 5 ?\n"


def test_field_p14_a_query_that_is_no_utf_8_is_wrong_data(cli: Callable[..., Any]) -> None:
    """Letters of another encoding in the question are named, not a bug."""
    done = cli("query", b"SELECT '\xd3'".decode(errors="surrogateescape"))

    assert done.code == 65
    assert "not UTF-8" in done.err


def test_field_p14_the_stores_path_keeps_its_letters(
    zakaz: Callable[..., Any], tmp_path: Path
) -> None:
    """A Cyrillic folder is made under its own name in a locale that has no such letters."""
    store = tmp_path / "склад"

    done = zakaz("bootstrap", ZAKAZ_WAREHOUSE_URL=f"chdb://{store}", **ASCII)

    assert done.returncode == 0, done.stderr
    assert [entry.name for entry in tmp_path.iterdir()] == ["склад"]
    assert f"Store: chdb://{store}" in done.stdout.decode()


def test_field_p14_a_path_that_is_no_utf_8_is_refused() -> None:
    """The engine knows paths as UTF-8 alone, so another one is named before a folder is made."""
    environ = {"ZAKAZ_WAREHOUSE_URL": b"chdb:///tmp/\xd3\xcb\xcc".decode(errors="surrogateescape")}
    with pytest.raises(SettingsError, match=r"ZAKAZ_WAREHOUSE_URL: .*UTF-8"):
        warehouse_url(environ)
