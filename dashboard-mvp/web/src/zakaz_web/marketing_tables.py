"""The tables of the Marketing page: campaigns, cities, events and UTM tags, each of the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zakaz_web.filters import MARKETING
from zakaz_web.marketing_sums import Sides, added, cells, cells_apart, columns
from zakaz_web.panel import Cell, Column, Panel, ordered
from zakaz_web.texts import Texts
from zakaz_web.view import UNKNOWN

Row = Mapping[str, Any]
Rows = Sequence[Row]

TOP = 15
TAGS = ("source_tag", "medium_tag", "campaign_tag", "content_tag")


@dataclass(frozen=True, slots=True)
class Names:
    """What keys are called: cities, events with their city, campaigns."""

    cities: Mapping[str, str]
    events: Mapping[str, tuple[str, str]]
    campaigns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Entry:
    """One row before its figures: its key, the cells that name it, its sums."""

    key: str
    names: tuple[str, ...]
    row: Row


def campaign_name(key: str, shown: object, texts: Texts) -> str:
    """Give the name of a campaign, or its number where the source gave no name."""
    if key == UNKNOWN:
        return texts("marketing.no_campaign")
    return str(shown or "").strip() or texts("marketing.campaign", id=key)


def campaigns(
    rows: Rows, names: Names, known: Sides, sort: str, all_rows: bool, texts: Texts
) -> Panel:
    """Give spend per campaign beside the revenue of the sales that carry its tags."""
    heads = (
        Column("name", "text", texts("column.ad_plan")),
        Column("id", "text", texts("column.id")),
    )
    found = []
    for row in rows:
        if key := str(row["campaign_key"]):
            name = names.campaigns.get(key) or campaign_name(key, row["shown_campaign"], texts)
            found.append(_Entry(key, (name, "" if key == UNKNOWN else key), row))
    bucket = (texts("marketing.no_campaign"), "")
    return _table("marketing_campaigns", heads, found, bucket, known, sort, all_rows, texts)


def cities(
    rows: Rows, names: Names, known: Sides, sort: str, all_rows: bool, texts: Texts
) -> Panel:
    """Give spend per city beside the revenue of its events."""
    heads = (Column("name", "text", texts("column.city")),)
    bucket = (texts("marketing.no_city"),)
    found = [
        _Entry(key, bucket if key == UNKNOWN else (names.cities.get(key, key),), row)
        for row in rows
        if (key := str(row["city_key"]))
    ]
    return _table("marketing_cities", heads, found, bucket, known, sort, all_rows, texts)


def events(
    rows: Rows, names: Names, known: Sides, sort: str, all_rows: bool, texts: Texts
) -> Panel:
    """Give spend per event, where it belongs to exactly one, beside its revenue."""
    heads = (
        Column("name", "text", texts("column.event")),
        Column("city", "text", texts("column.city")),
    )
    bucket = (texts("marketing.no_event"), "")
    found = [
        _Entry(key, bucket if key == UNKNOWN else names.events.get(key, (key, "")), row)
        for row in rows
        if (key := str(row["event_key"]))
    ]
    return _table("marketing_events", heads, found, bucket, known, sort, all_rows, texts)


def utm(rows: Rows, names: Names, known: Sides, sort: str, all_rows: bool, texts: Texts) -> Panel:
    """Give spend and revenue per source, medium, campaign and content, as tagged."""
    heads = (
        Column("name", "text", texts("column.source")),
        Column("medium", "text", texts("column.medium")),
        Column("campaign", "text", texts("column.campaign")),
        Column("content", "text", texts("column.content")),
    )
    found = []
    for row in rows:
        tags = [str(row[name]) for name in TAGS]
        if tags[0]:
            shown = tuple(texts("utm.unknown") if tag == UNKNOWN else tag for tag in tags)
            key = UNKNOWN if set(tags) == {UNKNOWN} else "/".join(tags)
            found.append(_Entry(key, shown, row))
    bucket = (texts("utm.unknown"),) * len(heads)
    return _table("marketing_utm", heads, found, bucket, known, sort, all_rows, texts)


def _table(
    name: str,
    heads: tuple[Column, ...],
    entries: Sequence[_Entry],
    bucket: tuple[str, ...],
    known: Sides,
    sort: str,
    all_rows: bool,
    texts: Texts,
) -> Panel:
    """Order the rows, join the tail into one, and put what is not attributed last."""
    heads = (*heads, *columns(texts))
    named = [entry for entry in entries if entry.key != UNKNOWN]
    by_key = {entry.key: entry.row for entry in named}
    made = Panel(
        name,
        heads,
        tuple((*entry.names, *cells(added([entry.row], known))) for entry in named),
        tuple(entry.key for entry in named),
    )
    made = ordered(made, sort, MARKETING.sortable)
    shown = len(made.rows) if all_rows or len(made.rows) <= TOP + 1 else TOP
    lines, keys = list(made.rows[:shown]), list(made.keys[:shown])
    blank: tuple[Cell, ...] = ("",) * (len(bucket) - 1)
    if rest := made.keys[shown:]:
        words = texts("city.rest", n=len(rest))
        lines.append((words, *blank, *cells(added([by_key[key] for key in rest], known))))
        keys.append("")
    if entries:
        unnamed = [entry.row for entry in entries if entry.key == UNKNOWN]
        lines.append((*bucket, *cells_apart(added(unnamed, known))))
        keys.append(UNKNOWN)
    return Panel(name, heads, tuple(lines), tuple(keys), left_out=len(rest))
