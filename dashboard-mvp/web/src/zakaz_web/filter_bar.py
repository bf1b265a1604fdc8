"""The filter bar of a page: what may be chosen, what is chosen, and the way back."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Any

from zakaz_web.filters import Filters
from zakaz_web.texts import Texts
from zakaz_web.view import EventChoice, PageView

_FORM_NAMES = frozenset({"period", "from", "to", "city", "event", "campaign"})


def hidden_pairs(filters: Filters, own: Set[str] = _FORM_NAMES) -> list[tuple[str, str]]:
    """List what the form has to carry along unseen: all but its ``own`` inputs."""
    # The preset goes along even where it is the default: the server drops it when the dates were
    # retyped.
    pairs = [(name, value) for name, value in filters.pairs() if name not in own]
    return [("period", filters.preset), *pairs] if filters.preset else pairs


def pickers(view: PageView) -> list[dict[str, Any]]:
    """Give the lists to choose from, what is chosen on top."""
    texts, chosen = view.texts, view.filters
    cities = [(key, name, "") for key, name in view.cities]
    events = [
        (event.key, event.name, " · ".join(filter(None, (event.city, _span(view, event)))))
        for event in view.events
    ]
    found = [
        picker("city", "pin", cities, chosen.cities, texts, "cities"),
        picker("event", "ticket", events, chosen.events, texts, "events"),
    ]
    if view.campaigns or chosen.campaigns:
        campaigns = [(key, name, key if key != name else "") for key, name in view.campaigns]
        made = picker("campaign", "horn", campaigns, chosen.campaigns, texts, "campaigns")
        found.append(made)
    return found


def compare_picker(options: Sequence[tuple[str, str, str, bool]], texts: Texts) -> dict[str, Any]:
    """Give the list of events to compare with: key, name, what tells it apart, chosen or not."""
    chosen = [key for key, _, _, is_chosen in options if is_chosen]
    choices = [option[:3] for option in options]
    made = picker("compare", "curve", choices, chosen, texts, "compared")
    if chosen:  # a lone name would not say that it is compared with
        made["text"] = texts.count("filters.compared", len(chosen), str(len(chosen)))
    return made


def _span(view: PageView, event: EventChoice) -> str:
    return view.figures.span(event.first, event.last) if event.first else ""


def picker(
    name: str,
    icon: str,
    choices: Sequence[tuple[str, str, str]],
    chosen: Sequence[str],
    texts: Texts,
    plural: str,
) -> dict[str, Any]:
    """Give one list to choose from: key, name, what tells it apart; the chosen ones on top."""
    known = {key for key, _, _ in choices}
    strangers = [(key, key, "") for key in chosen if key not in known]
    options = [
        {"value": key, "name": shown, "aside": aside, "checked": key in chosen}
        for key, shown, aside in [*strangers, *choices]
    ]
    options.sort(key=lambda option: not option["checked"])
    names = [str(option["name"]) for option in options if option["checked"]]
    text = texts(f"filters.all_{plural}")
    if len(names) == 1:
        text = names[0]
    elif names:
        text = texts.count(f"filters.{plural}", len(names), str(len(names)))
    return {
        "name": name,
        "icon": icon,
        "label": texts(f"filters.{name}"),
        "search": texts(f"filters.search_{name}"),
        "text": text,
        "chosen": bool(names),
        "options": options,
    }


def chips(view: PageView) -> list[dict[str, str]]:
    """Give one chip per chosen city, event and campaign, with the address that lets it go."""
    cities, events = dict(view.cities), {event.key: event.name for event in view.events}
    campaigns = dict(view.campaigns)
    chosen = view.filters
    link = chosen.address
    found = [
        {
            "name": cities.get(key, key),
            "href": link(cities=tuple(c for c in chosen.cities if c != key)),
        }
        for key in chosen.cities
    ]
    found += [
        {
            "name": events.get(key, view.texts("event.nameless", id=key)),
            "href": link(events=tuple(e for e in chosen.events if e != key)),
        }
        for key in chosen.events
    ]
    found += [
        {
            "name": campaigns.get(key, key),
            "href": link(campaigns=tuple(c for c in chosen.campaigns if c != key)),
        }
        for key in chosen.campaigns
    ]
    return found
