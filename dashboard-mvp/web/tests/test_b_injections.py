"""Nothing that comes from outside is run: B01 and B02 of the fault catalogue, and R17."""

from __future__ import annotations

from collections.abc import Sequence
from html.parser import HTMLParser
from typing import TypeVar
from urllib.parse import urlencode

import pytest
from sample_ads import BANNERS
from sample_store import EVENTS
from starlette.testclient import TestClient
from zakaz_web.filters import PAGES, TAGS, BadRequestError, Rules, read
from zakaz_web.page import FOLDER

Place = TypeVar("Place")

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

FREE = {"city", "event", "campaign", "account", "compare", "currency", *TAGS}
EVERY = {"lang", "theme"}
FILTERED = [
    *(("events", name) for name in ("city", "event")),
    *(("inventory", name) for name in ("city", "event")),
    *(("marketing_campaigns", name) for name in ("city", "event", "campaign")),
]
UTM_NAMES = ("city", "event", *TAGS)
STRICT = [(rules, name) for rules in PAGES for name in sorted((rules.names | EVERY) - FREE)]
SHOWN = [  # two that a page shows side by side are shown by one page
    ("/sales", "city event"),
    ("/marketing", "city event campaign"),
    ("/utm", " ".join(UTM_NAMES)),
    ("/inventory", "city event"),
    ("/events", "city"),
    ("/events?event=101", "compare"),
]
REFUSED = [
    *(("/sales", name) for name in ("from", "currency", "sort", "theme")),
    *(("/marketing", name) for name in ("currency", "sort", "table")),
    *(("/utm", name) for name in ("from", "table", "rows")),
    *(("/inventory", name) for name in ("shows", "sort", "lang")),
    *(("/events", name) for name in ("event", "shows", "account", "lang")),
    *(("/events?event=101", name) for name in ("account", "measure", "currency")),
]


def turns(places: Sequence[Place], texts: Sequence[str]) -> list[tuple[Place, str]]:
    """Pair places and texts so that each place and each text has its turn, and none waits."""
    count = max(len(places), len(texts))
    return [(places[at % len(places)], texts[at % len(texts)]) for at in range(count)]


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


@pytest.mark.parametrize(("panel", "name"), FILTERED)
def test_b01_injected_sql_is_only_a_name_nobody_has(
    client: TestClient, whole: dict[str, int], panel: str, name: str
) -> None:
    """A filter compares every payload as literal text: it finds nothing and changes nothing."""
    path = f"/panel/{panel}.json"
    answer = client.get(path, params={name: INJECTIONS})
    assert answer.status_code == 200
    assert answer.json()["rows"] == []
    alone = client.get(path, params={name: _known(name)}).json()["rows"]
    both = client.get(path, params={name: [*INJECTIONS, _known(name)]}).json()["rows"]
    assert both == alone
    assert 0 < len(both) < whole[panel]


@pytest.mark.parametrize("name", UTM_NAMES)
def test_b01_injected_sql_is_only_a_tag_nobody_has(client: TestClient, name: str) -> None:
    """Every panel of the UTM page takes them as literal text: nothing found, nothing changed."""
    for panel in ("utm_sources", "utm_tags", "utm_faults"):
        answer = client.get(f"/panel/{panel}.json", params={name: INJECTIONS})
        assert answer.status_code == 200
        assert answer.json()["rows"] == []
    tiles = client.get("/panel/utm_kpi.json", params={name: INJECTIONS}).json()["rows"]
    assert tiles[0][1] == "0.00"
    known = {"city": EVENTS[0].city, "event": EVENTS[0].id}.get(name, "unknown")
    alone = client.get("/panel/utm_tags.json", params={name: known}).json()
    assert alone == client.get("/panel/utm_tags.json", params={name: [*INJECTIONS, known]}).json()


@pytest.mark.parametrize(
    ("place", "text"),
    turns(
        [
            *FILTERED,
            *(("utm_tags", name) for name in UTM_NAMES),
            *((panel, "currency") for panel in ("cities", "utm_tags", "events", "utm_faults")),
        ],
        INJECTIONS,
    ),
)
def test_b01_injected_sql_finds_nothing_alone_either(
    client: TestClient, place: tuple[str, str], text: str
) -> None:
    """No payload needs another one beside it to stay harmless: each is sent alone once."""
    panel, name = place
    answer = client.get(f"/panel/{panel}.json", params={name: text})
    assert answer.status_code == 200
    assert answer.json()["rows"] == []


def test_b01_an_injected_event_is_only_one_nobody_knows(client: TestClient) -> None:
    """As the event of a page it is not found, as one to compare with it changes no figure."""
    for text in INJECTIONS:
        named = {"event": "101", "account": text}
        assert client.get("/panel/curve.json", params={"event": text}).status_code == 404
        assert client.get("/panel/utm.json", params=named).status_code == 404
    assert client.get("/events", params={"event": INJECTIONS[0]}).status_code == 404
    alone = client.get("/panel/curve.json?event=101&compare=none").json()
    both = client.get("/panel/curve.json", params={"event": "101", "compare": INJECTIONS}).json()
    assert alone == both


@pytest.mark.parametrize("rules", PAGES, ids=lambda rules: rules.name)
def test_b01_a_parameter_that_is_no_free_text_takes_no_payload(rules: Rules) -> None:
    """Reading the address refuses every payload in every such parameter of every page."""
    for name in sorted((rules.names | EVERY) - FREE):
        for text in INJECTIONS:
            with pytest.raises(BadRequestError):
                read([(name, text)], rules)


@pytest.mark.parametrize(("place", "text"), turns(STRICT, INJECTIONS))
def test_b01_a_parameter_that_is_no_free_text_refuses_it(
    client: TestClient, place: tuple[Rules, str], text: str
) -> None:
    """Whatever is not a name answers 400 in the reader's language, never 500."""
    rules, name = place
    answer = client.get(rules.path, params={name: text})
    assert answer.status_code == 400
    assert "Такой адрес прочитать нельзя" in answer.text
    assert text not in answer.text or len(text) < 3


@pytest.mark.parametrize(("path", "names"), SHOWN)
def test_b02_scripts_in_a_choice_are_inert(client: TestClient, path: str, names: str) -> None:
    """Every script that an address chooses by is shown as text, in lists, chips and links."""
    carried = urlencode(dict.fromkeys(names.split(), SCRIPTS), doseq=True)
    answer = client.get(f"{path}{'&' if '?' in path else '?'}{carried}")
    assert answer.status_code == 200
    assert_inert(answer.text)


@pytest.mark.parametrize(("place", "text"), turns([*REFUSED, *SHOWN], SCRIPTS))
def test_b02_scripts_in_the_address_are_inert(
    client: TestClient, place: tuple[str, str], text: str
) -> None:
    """What an address carries is shown as text or refused, never run."""
    path, names = place
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
