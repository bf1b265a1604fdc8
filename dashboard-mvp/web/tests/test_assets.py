"""Static files: vendored as published, small on the wire, kept by browsers for ever."""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from zakaz_web.assets import FOLDER, FOREVER, Assets

ECHARTS = FOLDER / "vendor" / "echarts-6.1.0"

# sha256 of the files of the npm package echarts 6.1.0.
PUBLISHED = {
    "echarts.common.min.js": "61f13280aba3161f77fc801bf5f9c786f55f10432153a0683fc5cc0700b013d5",
    "langRU.js": "c1a77ec7435ffe4f4fe77eb9b9b45cd4b3d2b718084c713504922438142732a6",
    "LICENSE": "634293835b43a6dd2094fa39182a3d9a6b9ca43b7fdb9ac354e8037af2a3093a",
    "NOTICE": "d491d358344f842685c1b1585970999db65fe30ecf7ef3867af8814f4016c016",
    "licenses/LICENSE-d3": "e1211892da0b0e0585b7aebe8f98c1274fba15bafe47fa1f4ee8a7a502c06304",
}


@pytest.mark.parametrize(("name", "digest"), PUBLISHED.items())
def test_echarts_is_vendored_as_it_was_published(name: str, digest: str) -> None:
    """Not one byte differs from the release, and its licences are with it."""
    assert digest == hashlib.sha256((ECHARTS / name).read_bytes()).hexdigest()


def test_nothing_else_is_vendored() -> None:
    """Every foreign file is one of those above."""
    found = {path.relative_to(ECHARTS).as_posix() for path in ECHARTS.rglob("*") if path.is_file()}
    assert set(PUBLISHED) == found


def test_own_scripts_stay_small() -> None:
    """No module of ours is above 300 lines, and each says what it is for."""
    for path in (FOLDER / "js").glob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert text.startswith("// "), path.name
        assert len(text.splitlines()) <= 300, path.name


def test_no_file_of_ours_names_another_host() -> None:
    """Nothing in scripts, styles and templates points outside; a namespace is no address."""
    folders = [FOLDER / "js", FOLDER / "css", FOLDER.parent / "templates"]
    for path in (path for folder in folders for path in folder.iterdir()):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(https?:)?//[a-z0-9-]+\.[a-z]", text), path.name


def test_files_are_compressed_and_kept_for_ever(client: TestClient) -> None:
    """A browser gets gzip once, under an address that changes with the content."""
    assets = Assets()
    for name in ("vendor/echarts-6.1.0/echarts.common.min.js", "css/base.css", "js/app.js"):
        answer = client.get(assets.url(name), headers={"Accept-Encoding": "gzip"})
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.headers["cache-control"] == FOREVER
        assert answer.headers["vary"] == "Accept-Encoding"
        assert (FOLDER / name).read_bytes() == answer.content


def test_a_client_without_gzip_is_served_too(client: TestClient) -> None:
    """The plain file is there for whoever cannot unpack."""
    answer = client.get(Assets().url("css/base.css"), headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in answer.headers
    assert (FOLDER / "css" / "base.css").read_bytes() == answer.content


@pytest.mark.parametrize("path", ["/sales?lang=ru", "/inventory", "/events", "/events?event=101"])
def test_a_page_weighs_less_than_300_kilobytes(client: TestClient, path: str) -> None:
    """HTML and all it asks for, compressed, on the known store."""
    html = client.get(path).text
    names = set(re.findall(r"/static/[0-9a-f]{16}/([\w./-]+)", html))
    files = sum(len(gzip.compress((FOLDER / name).read_bytes(), 9)) for name in names)
    assert files + len(gzip.compress(html.encode(), 6)) <= 300_000


def test_another_content_is_another_address(tmp_path: Path) -> None:
    """The version names the content of all files."""
    (tmp_path / "a.css").write_text("a {}")
    first = Assets(tmp_path).version
    (tmp_path / "a.css").write_text("b {}")
    assert first != Assets(tmp_path).version


def test_the_favicon_is_ours(client: TestClient) -> None:
    """Browsers that ask for /favicon.ico get the icon, not a 404 in their console."""
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
