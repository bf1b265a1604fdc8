"""What the dashboard survives: the cases B04 to B09 of the fault catalogue, and R17."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from in_process import InProcess
from starlette.testclient import TestClient
from zakaz.errors import WarehouseError
from zakaz.warehouse.port import Reader
from zakaz.warehouse.url import WarehouseUrl
from zakaz_web.filters import PAGES
from zakaz_web.queries import Query
from zakaz_web.reading import Reading
from zakaz_web.security import HEADERS

Browse = Callable[..., TestClient]
PATHS = [*(rules.path for rules in PAGES), "/events?event=101"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/sales", 200),
        ("/inventory", 200),
        ("/events", 200),
        ("/events?event=101", 200),
        ("/events?event=nothing", 404),
        ("/panel/curve.csv?event=101", 200),
        ("/panel/kpi.csv", 200),
        ("/panel/kpi.json", 200),
        ("/panel/inventory.xlsx", 200),
        ("/panel/marketing_utm.xlsx", 200),
        ("/status.json", 200),
        ("/favicon.ico", 200),
        ("/sales?from=nonsense", 400),
        ("/inventory?shows=nonsense", 400),
        ("/nothing", 404),
        ("/panel/nothing.csv", 404),
    ],
)
def test_b04_every_answer_carries_the_same_protection(
    client: TestClient, path: str, status: int
) -> None:
    """CSP without unsafe-inline, nosniff, no frames: on pages, data, files and errors alike."""
    answer = client.get(path)
    assert answer.status_code == status
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize("path", PATHS)
def test_b04_a_bug_shows_a_page_and_no_trace(reading: Reading, browse: Browse, path: str) -> None:
    """An unforeseen error answers 500 in the reader's language, protected, without its cause."""

    def broken() -> None:
        raise RuntimeError("secret detail")

    answer = browse(reading, sync_state=broken).get(path)
    assert answer.status_code == 500
    assert "Ошибка в программе" in answer.text
    assert "secret detail" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["content-security-policy"]


def test_b05_a_runaway_query_is_killed_and_the_others_answer(
    reading: Reading, store_url: WarehouseUrl, browse: Browse
) -> None:
    """The limit ends an endless query; fifty readers at once still get their pages."""
    reading.close()
    limited = Reading(InProcess(store_url, query_seconds=1))
    counted = "SELECT count() FROM system.numbers WHERE sleepEachRow(0.00001) = 0"
    endless = Query("endless", counted, {})  # asleep it leaves the processor to the others
    try:
        with limited.snapshot() as snapshot, pytest.raises(WarehouseError) as caught:
            snapshot.query(endless)
        assert caught.value.code == 159
        client = browse(limited)
        with ThreadPoolExecutor(50) as pool:
            paths = [PATHS[at % len(PATHS)] for at in range(50)]
            codes = list(pool.map(lambda path: client.get(path).status_code, paths))
        assert codes == [200] * 50
    finally:
        limited.close()


class _Away:
    """A warehouse that does not answer, or answers that something is not there."""

    keep_seconds = math.inf

    def __init__(self, code: int | None = None) -> None:
        self._code = code

    def generation(self) -> str | None:
        return "1"

    def open(self, generation: str) -> Reader:
        raise WarehouseError("refused by 10.1.2.3:9000, user bi_reader", code=self._code)


@pytest.mark.parametrize(
    "path", [*PATHS, "/panel/kpi.csv", "/panel/kpi.json", "/panel/inventory.xlsx", "/status.json"]
)
@pytest.mark.parametrize(("lang", "word"), [("ru", "Хранилище"), ("en", "warehouse")])
def test_b06_a_warehouse_that_is_down_is_a_503_without_details(
    browse: Browse, path: str, lang: str, word: str
) -> None:
    """The reader learns that the data is safe; host and account stay in the log."""
    answer = browse(Reading(_Away())).get(path, params={"lang": lang})
    assert answer.status_code == 503
    assert word in answer.text
    assert "10.1.2.3" not in answer.text
    assert "bi_reader" not in answer.text
    assert answer.headers["retry-after"]


@pytest.mark.parametrize("path", PATHS)
def test_b06_a_server_without_our_views_is_only_empty(browse: Browse, path: str) -> None:
    """Before the first bootstrap of a server the page says what to run."""
    answer = browse(Reading(_Away(81))).get(path)
    assert answer.status_code == 200
    assert "zakaz sync" in answer.text


@pytest.mark.parametrize("code", [47, 60])
@pytest.mark.parametrize("path", [*PATHS, "/panel/kpi.json"])
def test_field_p24_a_server_of_an_older_schema_is_not_empty(
    browse: Browse, code: int, path: str
) -> None:
    """A view or a column that is not there yet: the page names the command that makes it."""
    answer = browse(Reading(_Away(code))).get(path)
    assert answer.status_code == 503
    assert "zakaz bootstrap" in answer.text
    assert "пусто" not in answer.text


@pytest.mark.parametrize("path", PATHS)
def test_b07_old_data_has_a_red_badge_with_its_time(client: TestClient, path: str) -> None:
    """Data of last year is critical, and the badge of every page says of when it is."""
    page = client.get(path).text
    assert 'data-status="critical"' in page
    assert "Данные устарели: 14:25" in page
    assert "последняя продажа:" in page


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example.test"},
        {"Host": "127.0.0.1.example.test:8765"},
        {"Host": "10.1.2.3:8765"},
        {"Host": ""},
        {"Origin": "http://evil.example.test"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Origin": "null"},
    ],
)
def test_b08_a_foreign_host_or_origin_is_refused(
    client: TestClient, headers: dict[str, str]
) -> None:
    """A name rebound to this address, or a foreign page, gets 403."""
    answer = client.get("/sales", headers=headers)
    assert answer.status_code == 403
    assert "Запрос отклонён" in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost:8765", "[::1]:8765", "LOCALHOST"])
def test_b08_this_machine_has_three_names(client: TestClient, host: str) -> None:
    """Loopback is answered under each of its names, and to pages of its own."""
    headers = {"Host": host, "Origin": f"http://{host}"}
    assert client.get("/status.json", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/%2e%2e/settings.py",
        "/static/VERSION/../../app.py",
        "/static/VERSION/..%2f..%2fapp.py",
        "/static/VERSION//etc/passwd",
        "/static/VERSION/%00",
        "/static/VERSION/vendor/echarts-6.1.0/LICENSE/..",
        "/static/wrong/css/base.css",
        "/panel/..%2fscope.csv",
        "/panel/scope.csv",
        "/panel/kpi.exe",
        "/panel/kpi.csv/x",
    ],
)
def test_b09_a_path_reaches_nothing_but_its_files(client: TestClient, path: str) -> None:
    """Climbing out of the static folder, or naming what is no panel, is 404."""
    version = client.get("/sales").text.split("/static/")[1][:16]
    assert client.get(path.replace("VERSION", version)).status_code == 404


@pytest.mark.parametrize(
    "day",
    [
        "0000-00-00",
        "2025-02-30",
        "2025-13-01",
        "30.02.2025",
        "1969-12-31",
        "1999-12-31",
        "2100-01-01",
        "9999-12-31",
        "99999-01-01",
        "2025-6",
        "14/02/2025",
        "-1",
        "1e9",
        "٢٠٢٥-٠١-٠١",
        "2025-01-01T00:00:00Z",
        "9" * 5000,
        "\x00",
    ],
)
@pytest.mark.parametrize("name", ["from", "to"])
def test_b09_odd_dates_are_a_400(client: TestClient, name: str, day: str) -> None:
    """A date that no sale can have is refused with a sentence, never with a 500."""
    answer = client.get("/sales", params={name: day})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?from=2025-06-10&to=2025-06-01", "Начало периода позже его конца."),
        ("?from=2025-06-15&to=2025-06-20", "Этот период ещё не начался."),
        ("?from=2025-06-31", "Дата записана неверно. Пишите её так: 14.02.2026."),
    ],
)
def test_b09_a_refused_period_says_what_to_change(
    client: TestClient, query: str, sentence: str
) -> None:
    """The 400 page names the fault, not just the fact."""
    assert sentence in client.get(f"/sales{query}").text


@pytest.mark.parametrize(
    "query", ["?from=2000-01-01&to=2099-12-31", "?from=2025-06-01&to=2099-01-01"]
)
def test_b09_a_huge_range_still_answers(client: TestClient, query: str) -> None:
    """A century is a period like any other; days to come are not drawn."""
    assert client.get(f"/sales{query}").status_code == 200


def test_b09_too_many_values_are_refused(client: TestClient) -> None:
    """A thousand cities or one of a thousand letters is no honest filter."""
    for path in PATHS:
        more = "&" if "?" in path else "?"
        assert (
            client.get(path + more + "&".join(f"city={at}" for at in range(301))).status_code == 400
        )
        assert client.get(f"{path}{more}city={'x' * 201}").status_code == 400
        assert client.get(f"{path}{more}lang=ru&lang=en").status_code == 400


@pytest.mark.parametrize(
    "panel",
    ["events.csv", "inventory.csv?shows=past", "pace.csv?event=102", "event_list.csv?shows=past"],
)
def test_r17_csv_is_safe_against_formulas(client: TestClient, panel: str) -> None:
    """A name that a spreadsheet would run is written as text."""
    text = client.get(f"/panel/{panel}").content.decode("utf-8-sig")
    assert "'=HYPERLINK(" in text
    assert not re.search(r'(^|[,;])"*=HYPERLINK', text, re.MULTILINE)


def test_r17_only_reading_is_possible(client: TestClient) -> None:
    """No address takes anything but GET and HEAD."""
    for path in (*PATHS, "/panel/kpi.csv", "/status.json"):
        assert client.post(path).status_code == 405
        assert client.delete(path).status_code == 405
    assert client.head("/sales").status_code == 200
