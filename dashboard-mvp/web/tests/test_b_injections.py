"""Nothing that comes from outside is run: B01 and B02 of the fault catalogue, and R17."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
from sample_ads import BANNERS
from sample_store import EVENTS
from starlette.testclient import TestClient
from zakaz_web.filters import PAGES, TAGS
from zakaz_web.page import FOLDER

INJECTIONS = (
    "' OR 1=1 --",
    "'; DROP TABLE zakaz.fact_qtickets_sales_daily; --",
    "\\'; DROP DATABASE zakaz; --",
    "') UNION ALL SELECT 1,2,3,4,5 --",
    "1) OR (1=1",
    "москва' AND sleep(3) AND '1'='1",
    "{cities:Array(String)}",
    "{from:Date}",
    "%27%20OR%201%3D1",
    "%(x)s",
    "$$; SELECT 1; $$",
    "`; SELECT 1; `",
    '"; SELECT 1; "',
    "/* */ OR 1=1 /* */",
    "-- ",
    "#",
    "\\",
    "\\\\'",
    "'",
    "''",
    "]",
    "['a']",
    "null",
    "0x27",
    "file('/etc/passwd')",
)
SCRIPTS = (
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    '" autofocus onfocus=alert(1) x="',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "<iframe src=javascript:alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "{{ 7 * 7 }}",
    "{% import os %}",
    "${alert(1)}",
    "<math><mtext></mtext></math>",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<!--<script>alert(1)//-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<style>@import 'http://example.test'</style>",
    "<link rel=stylesheet href=//example.test>",
    "<base href=//example.test>",
    "<meta http-equiv=refresh content='0;url=//example.test'>",
    "\u202e<script>alert(1)</script>",
)

FREE = {"city", "event", "campaign", "account", "compare", *TAGS}
FILTERED = [
    *(("events", name) for name in ("city", "event")),
    *(("inventory", name) for name in ("city", "event")),
    *(("marketing_campaigns", name) for name in ("city", "event", "campaign")),
]
STRICT = [
    (rules.path, name)
    for rules in PAGES
    for name in sorted((rules.names | {"lang", "theme"}) - FREE)
]


class _Elements(HTMLParser):
    """Collects what a browser would make of a page: tags and their event handlers."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.handlers: list[str] = []
        self.links: list[str] = []
        self.inline_scripts = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.handlers += [name for name in given if name.startswith("on") or name == "style"]
        self.links += [given[name] for name in ("href", "src", "action") if name in given]
        is_data = given.get("type") == "application/json"
        self.inline_scripts += tag == "script" and "src" not in given and not is_data


def assert_inert(html: str) -> None:
    """A page holds no script, handler, style or address but our own."""
    page = _Elements(html)
    assert page.handlers == []
    assert page.inline_scripts == 0
    assert not {"iframe", "style", "math", "object", "embed"} & set(page.tags)
    assert all(link.startswith(("/", "#")) and not link.startswith("//") for link in page.links)


@pytest.fixture(scope="module")
def whole(client: TestClient) -> dict[str, int]:
    """Give how many rows a panel has that nobody filtered."""
    panels = {panel for panel, _ in FILTERED}
    return {panel: len(client.get(f"/panel/{panel}.json").json()["rows"]) for panel in panels}


@pytest.mark.parametrize("text", INJECTIONS)
@pytest.mark.parametrize(("panel", "name"), FILTERED)
def test_b01_injected_sql_is_only_a_name_nobody_has(
    client: TestClient, whole: dict[str, int], panel: str, name: str, text: str
) -> None:
    """A filter is compared as literal text: it finds nothing and changes nothing."""
    path = f"/panel/{panel}.json"
    answer = client.get(path, params={name: text})
    assert answer.status_code == 200
    assert answer.json()["rows"] == []
    both = client.get(path, params={name: [text, _known(name)]}).json()["rows"]
    assert 0 < len(both) < whole[panel]


@pytest.mark.parametrize("text", INJECTIONS)
@pytest.mark.parametrize("name", ["city", "event", *TAGS])
def test_b01_injected_sql_is_only_a_tag_nobody_has(
    client: TestClient, name: str, text: str
) -> None:
    """Every panel of the UTM page takes it as literal text: nothing is found, nothing changes."""
    for panel in ("utm_sources", "utm_tags", "utm_faults"):
        answer = client.get(f"/panel/{panel}.json", params={name: text})
        assert answer.status_code == 200
        assert answer.json()["rows"] == []
    tiles = client.get("/panel/utm_kpi.json", params={name: text}).json()["rows"]
    assert tiles[0][1] == "0.00"
    known = {"city": EVENTS[0].city, "event": EVENTS[0].id}.get(name, "unknown")
    alone = client.get("/panel/utm_tags.json", params={name: known}).json()
    assert alone == client.get("/panel/utm_tags.json", params={name: [text, known]}).json()


@pytest.mark.parametrize("text", INJECTIONS)
def test_b01_an_injected_event_is_only_one_nobody_knows(client: TestClient, text: str) -> None:
    """As the event of a page it is not found, as one to compare with it changes no figure."""
    assert client.get("/events", params={"event": text}).status_code == 404
    named = {"event": "101", "account": text}
    assert client.get("/panel/utm.json", params=named).status_code == 404
    alone = client.get("/panel/curve.json?event=101&compare=none").json()
    both = client.get("/panel/curve.json", params={"event": "101", "compare": text}).json()
    assert alone == both


@pytest.mark.parametrize("text", INJECTIONS)
@pytest.mark.parametrize(("path", "name"), STRICT)
def test_b01_a_parameter_that_is_no_free_text_refuses_it(
    client: TestClient, path: str, name: str, text: str
) -> None:
    """Whatever is not a name answers 400 in the reader's language, never 500."""
    answer = client.get(path, params={name: text})
    assert answer.status_code == 400
    assert "Такой адрес прочитать нельзя" in answer.text
    assert text not in answer.text or len(text) < 3


@pytest.mark.parametrize("text", SCRIPTS)
@pytest.mark.parametrize(
    ("path", "names"),
    [  # two that a page shows side by side are shown by one page
        *(("/sales", names) for names in ("city event", "from", "currency", "sort", "theme")),
        *(("/marketing", names) for names in ("city event campaign", "currency", "sort", "table")),
        *(("/utm", names) for names in ("city event", " ".join(TAGS), "from", "table", "rows")),
        *(("/inventory", names) for names in ("city event", "shows", "sort", "lang")),
        *(("/events", names) for names in ("city", "event", "shows", "account", "lang")),
        *(("/events?event=101", names) for names in ("account", "compare", "measure", "currency")),
    ],
)
def test_b02_scripts_in_the_address_are_inert(
    client: TestClient, path: str, names: str, text: str
) -> None:
    """What an address carries is shown as text or refused, never run."""
    carried = urlencode(dict.fromkeys(names.split(), text))
    answer = client.get(f"{path}{'&' if '?' in path else '?'}{carried}")
    assert answer.status_code in (200, 400, 404)
    assert_inert(answer.text)


@pytest.mark.parametrize("path", ["/sales", "/utm", "/inventory", "/events", "/marketing"])
def test_b02_scripts_in_names_are_inert(client: TestClient, path: str) -> None:
    """Names of events and cities come from outside and are shown letter by letter."""
    page = client.get(f"{path}?event=103&city=томск").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert_inert(page)


def test_b02_scripts_in_names_of_campaigns_and_tags_are_inert(client: TestClient) -> None:
    """What people type into the ad cabinet is shown letter by letter, in lists and tables."""
    page = client.get("/marketing?rows=all").text
    for number in (2, 3):
        assert f"&lt;script&gt;alert({number})&lt;/script&gt;" in page
    assert_inert(page)


def test_no_template_holds_an_inline_script_or_style() -> None:
    """The CSP holds by construction: no template has an event handler or a style attribute."""
    for path in FOLDER.glob("*.html"):
        page = _Elements(path.read_text(encoding="utf-8"))
        assert page.handlers == [], path.name
        assert page.inline_scripts == 0, path.name


def _known(name: str) -> str:
    return {"event": EVENTS[0].id, "city": EVENTS[0].city, "campaign": BANNERS[0].plan}[name]
