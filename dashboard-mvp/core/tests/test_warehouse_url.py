"""Where the warehouse is, however it is spelled."""

from __future__ import annotations

from pathlib import Path

import pytest
from zakaz.errors import SettingsError
from zakaz.warehouse.url import Secret, WarehouseUrl, warehouse_url

CANARY = "canary-word"


def read(url: str = "", **variables: str) -> WarehouseUrl:
    environ = {"HOME": "/home/anna", **variables}
    return warehouse_url(environ | ({"ZAKAZ_WAREHOUSE_URL": url} if url else {}))


def test_the_default_is_a_store_under_the_users_data(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any variable the embedded store lives where the system keeps user data."""
    monkeypatch.setattr("sys.platform", "linux")
    assert read() == WarehouseUrl("embedded", path=Path("/home/anna/.local/share/zakaz"))
    assert read(XDG_DATA_HOME="/data").path == Path("/data/zakaz")
    assert read(XDG_DATA_HOME="relative").path == Path("/home/anna/.local/share/zakaz")
    monkeypatch.setattr("sys.platform", "darwin")
    assert read().path == Path("/home/anna/Library/Application Support/zakaz")


@pytest.mark.parametrize(
    ("text", "folder"),
    [
        ("chdb:///srv/zakaz", "/srv/zakaz"),
        ("chdb:///srv/мои%20данные", "/srv/мои данные"),
        (" chdb:///srv/zakaz/ ", "/srv/zakaz"),
    ],
)
def test_an_embedded_store_is_an_absolute_folder(text: str, folder: str) -> None:
    """Three slashes and a path; letters may be percent-encoded."""
    url = read(text)
    assert (url.kind, url.path) == ("embedded", Path(folder))
    assert str(url) == f"chdb://{folder}"


@pytest.mark.parametrize(
    "text", ["chdb://zakaz", "chdb:zakaz", "chdb://./zakaz", "chdb://~/zakaz", "chdb://", "chdb:"]
)
def test_a_relative_store_is_refused(text: str) -> None:
    """A folder that depends on where one stands is exit 78."""
    with pytest.raises(SettingsError, match="absolute folder") as caught:
        read(text)
    assert caught.value.exit_code == 78


def test_a_server_is_read_from_its_url() -> None:
    """User, password, host and port are taken apart; what is left out has its usual value."""
    url = read("clickhouse://zakaz_writer:test%40s%2Fs%3A%25%23@db.example.test:9001/zakaz")
    assert url.kind == "server"
    assert (url.user, url.host, url.port) == ("zakaz_writer", "db.example.test", 9001)
    assert url.password.reveal() == "test@s/s:%#"
    assert not url.secure
    plain = read("clickhouse://db.example.test")
    assert (plain.user, plain.password.reveal(), plain.port) == ("default", "", 9000)
    assert read("clickhouses://db.example.test").port == 9440
    assert read("clickhouse://[::1]:9000").host == "::1"
    assert str(read("clickhouse://u:p@[::1]:9000")) == "clickhouse://u:***@[::1]:9000/zakaz"


def test_tls_takes_an_authoritys_file(tmp_path: Path) -> None:
    """The CA file belongs to the s of clickhouses, and must be there."""
    file = tmp_path / "ca.pem"
    file.write_text("")
    url = read("clickhouses://db.example.test", CLICKHOUSE_CA_FILE=str(file))
    assert (url.secure, url.ca_file) == (True, file)
    with pytest.raises(SettingsError, match="CLICKHOUSE_CA_FILE is set, but"):
        read("clickhouse://db.example.test", CLICKHOUSE_CA_FILE=str(file))
    with pytest.raises(SettingsError, match="CLICKHOUSE_CA_FILE: there is no file"):
        read("clickhouses://db.example.test", CLICKHOUSE_CA_FILE=str(tmp_path / "none"))


@pytest.mark.parametrize(
    ("variables", "wanted"),
    [
        ({}, ("db.example.test", 9000, "default", "")),
        ({"CLICKHOUSE_PORT": "9001"}, ("db.example.test", 9001, "default", "")),
        ({"CLICKHOUSE_USER": "w", "CLICKHOUSE_PASSWORD": " test@/% "},
         ("db.example.test", 9000, "w", " test@/% ")),
        ({"CLICKHOUSE_DB": "zakaz", "CLICKHOUSE_USER": ""},
         ("db.example.test", 9000, "default", "")),
    ],
)  # fmt: skip
def test_b8_the_classic_variables_spell_the_same_address(
    variables: dict[str, str], wanted: tuple[str, int, str, str]
) -> None:
    """Host, port, user and password apart lead to where one URL leads; port means native TCP."""
    url = read(CLICKHOUSE_HOST="db.example.test", **variables)
    assert (url.host, url.port, url.user, url.password.reveal()) == wanted
    same = "clickhouse://w:%20test%40%2F%25%20@db.example.test:9001/zakaz"
    apart = {
        "CLICKHOUSE_HOST": "db.example.test",
        "CLICKHOUSE_PORT": "9001",
        "CLICKHOUSE_USER": "w",
        "CLICKHOUSE_PASSWORD": " test@/% ",
        "CLICKHOUSE_DB": "zakaz",
    }
    assert read(same) == read(**apart) == read(same, **apart)


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        ("clickhouse://a.example.test", {"CLICKHOUSE_HOST": "b.example.test"}),
        ("clickhouse://a.example.test", {"CLICKHOUSE_PORT": "9001"}),
        ("clickhouse://a.example.test", {"CLICKHOUSE_USER": "writer"}),
        (f"clickhouse://u:{CANARY}@a.example.test", {"CLICKHOUSE_PASSWORD": CANARY + "2"}),
        ("chdb:///srv/zakaz", {"CLICKHOUSE_HOST": "a.example.test"}),
    ],
)
def test_two_different_addresses_are_refused(text: str, variables: dict[str, str]) -> None:
    """URL and variables that contradict each other stop the run and are named, unquoted."""
    with pytest.raises(SettingsError, match="contradict each other") as caught:
        read(text, **variables)
    assert all(name in str(caught.value) for name in ("ZAKAZ_WAREHOUSE_URL", *variables))
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "variables", "named"),
    [
        (f"http://u:{CANARY}@db.example.test:8123", {}, "unknown scheme"),
        (f"postgres://u:{CANARY}@db.example.test", {}, "unknown scheme"),
        (CANARY, {}, "unknown scheme"),
        (f"clickhouse://u:{CANARY}@:9000/zakaz", {}, "names no host"),
        (f"clickhouse://u:{CANARY}@db.example.test:port/zakaz", {}, "cannot be read"),
        (f"clickhouse://u:{CANARY}@db.example.test:99999/zakaz", {}, "cannot be read"),
        (f"clickhouse://u:9{CANARY}/x@db.example.test/zakaz", {}, "percent-encode"),
        (f"clickhouse://u:{CANARY}#x@db.example.test/zakaz", {}, "percent-encode"),
        (f"clickhouse://u:{CANARY}?x@db.example.test/zakaz", {}, "percent-encode"),
        (f"clickhouse://u:{CANARY}@[db.example.test/zakaz", {}, "cannot be read"),
        (f"clickhouse://u:{CANARY}@db.example.test/other", {}, "always `zakaz`"),
        ("", {"CLICKHOUSE_HOST": "db.example.test", "CLICKHOUSE_DB": "other"}, "CLICKHOUSE_DB"),
        ("", {"CLICKHOUSE_HOST": "http://db.example.test"}, "plain host name"),
        ("", {"CLICKHOUSE_HOST": "db.example.test", "CLICKHOUSE_PORT": "http"}, "8123"),
        ("", {"CLICKHOUSE_HOST": "db.example.test", "CLICKHOUSE_PORT": "0"}, "CLICKHOUSE_PORT"),
        ("", {"CLICKHOUSE_PASSWORD": CANARY}, "CLICKHOUSE_HOST is not"),
    ],
)
def test_b8_a_wrong_address_is_told_without_its_password(
    text: str, variables: dict[str, str], named: str
) -> None:
    """Every fault is exit 78, says what to write, and repeats nothing that may be secret."""
    with pytest.raises(SettingsError) as caught:
        read(text, **variables)
    assert named in str(caught.value)
    assert CANARY not in str(caught.value)


def test_a_password_is_never_shown() -> None:
    """No way of printing the address gives the password away; revealing it is explicit."""
    url = read(f"clickhouse://u:{CANARY}@db.example.test")
    for shown in (repr(url), str(url), f"{url}", repr(url.password), f"{url.password!s:>30}"):
        assert CANARY not in shown
    assert url.password == Secret(CANARY) != Secret("x")
    assert url.password.reveal() == CANARY
    assert "***" not in repr(Secret())
