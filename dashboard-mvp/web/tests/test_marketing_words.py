"""What the Marketing page says over the known store, and where its names lead."""

from __future__ import annotations

from panel_rows import table, text_of, tiles
from starlette.testclient import TestClient


def test_a_period_without_a_row_says_so(client: TestClient) -> None:
    """A period before all data shows a sentence, and tiles with dashes for ratios."""
    page = client.get("/marketing?from=2024-01-01&to=2024-01-02").text
    assert 'data-testid="nothing"' in page
    assert 'data-value="" title="—">—</p>' in text_of(page, "kpi-roas")


def test_sums_that_agree_are_said_shortly(client: TestClient) -> None:
    """All days equal: one line, no notice."""
    page = client.get("/marketing?period=7d").text
    assert "все 7 дней сходятся" in text_of(page, "control-equal")
    assert 'data-testid="control"' not in page
    assert table(client, "marketing_control", "?period=7d") == []


def test_old_data_are_told_in_words_too(client: TestClient) -> None:
    """The known store is long past: both sides say so, and not by a colour alone."""
    facts = text_of(client.get("/marketing").text, "facts")
    assert "Реклама (VK): загружено 14:25, статистика по 14\u00a0июн — устарело" in facts
    assert "Продажи (Qtickets): загружено 14:25, последняя продажа: 14\u00a0июн — устарело" in facts


def test_names_lead_to_what_they_name(client: TestClient) -> None:
    """A campaign and a city narrow the page, an event has its own; unattributed spend too."""
    page = client.get("/marketing?period=90d").text
    assert 'href="/marketing?period=90d&amp;campaign=501"' in page
    assert 'href="/marketing?period=90d&amp;city=unknown"' in page
    assert 'href="/events?event=101"' in page
    chosen = client.get("/marketing?campaign=501&campaign=502").text
    assert 'data-testid="filter-campaign"' in chosen
    assert "2 кампании" in chosen


def test_figures_follow_the_language(client: TestClient) -> None:
    """The same page in English: other words, other separators, the same numbers."""
    russian, english = (client.get(f"/marketing?lang={lang}").text for lang in ("ru", "en"))
    assert "Ads and sales" in english
    assert "No campaign" in english
    assert "Модель:" in russian
    raw = tiles(client, "marketing")["cpc"]
    assert f"{raw}\u202f₽" in english
    assert f"{raw.replace('.', ',')}\u202f₽" in russian
