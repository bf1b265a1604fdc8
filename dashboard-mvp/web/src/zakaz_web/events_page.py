"""The Events pages as HTML: the list, or the page of one event."""

from __future__ import annotations

from typing import Any

from zakaz_web import event_list, event_list_page, event_page
from zakaz_web.events import View
from zakaz_web.reading import Snapshot


def context(snapshot: Snapshot, view: View) -> dict[str, Any]:
    """Give what the template of the view needs beside the shell."""
    if isinstance(view, event_list.View):
        return event_list_page.context(view)
    return event_page.context(snapshot, view)
