"""What a reader is told when rows of a source were lost."""

from __future__ import annotations

import pytest
from sample_store import NOW
from zakaz_web import texts
from zakaz_web.freshness import Freshness, SourceAge
from zakaz_web.page import badge_context
from zakaz_web.sync_loop import SyncState


@pytest.mark.parametrize(
    ("lang", "told"),
    [("ru", "Часть строк потеряна: zakaz verify"), ("en", "Rows were lost: zakaz verify")],
)
def test_found_e4_the_badge_tells_of_lost_rows_of_any_source(lang: str, told: str) -> None:
    """A load of a minute ago is no comfort when stored rows of sales or of ads are gone."""
    ages = (SourceAge("qtickets", NOW, "ok"), SourceAge("vk", NOW, "ok", lost_rows=3))
    badge = badge_context(Freshness(ages), texts.load(lang), NOW, SyncState())

    assert (badge["freshness"].status, badge["badge_text"]) == ("critical", told)
