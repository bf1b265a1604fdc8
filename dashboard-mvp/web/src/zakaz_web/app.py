"""The dashboard's routes: its pages, their panels as JSON, CSV and XLSX, its static files."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp
from zakaz.errors import WarehouseError, ZakazError
from zakaz.moscow import now as moscow_now

from zakaz_web import assets, pages, texts
from zakaz_web import filters as choices
from zakaz_web import page as shell
from zakaz_web.filters import BadRequestError, Filters, NotFoundError, Rules
from zakaz_web.freshness import Freshness, read_freshness
from zakaz_web.pages import Page
from zakaz_web.panel import to_csv, to_json
from zakaz_web.reading import NothingPublishedError, Reading
from zakaz_web.security import Door, Guard
from zakaz_web.supply import is_other_schema, is_unmade
from zakaz_web.sync_loop import SyncState
from zakaz_web.texts import Texts
from zakaz_web.xlsx import MEDIA_TYPE as XLSX
from zakaz_web.xlsx import to_xlsx

log = logging.getLogger(__name__)

EMPTY_RELOAD_SECONDS = 20
AWAY_RELOAD_SECONDS = 15


class Dashboard:
    """Answers requests; everything it needs from outside is handed in."""

    def __init__(
        self,
        reading: Reading,
        *,
        clock: Callable[[], datetime] = moscow_now,
        sync_state: Callable[[], SyncState] = SyncState,
    ) -> None:
        self._reading = reading
        self._clock = clock
        self._sync_state = sync_state
        self._assets = assets.installed()
        self._templates = shell.environment(self._assets)

    def warm(self) -> None:
        """Answer the first page ahead of its reader; what fails here fails there again."""
        first = pages.SALES
        try:
            with self._reading.snapshot() as snapshot:
                view = first.resolve(snapshot, Filters(), self._clock(), texts.load("ru"))
                for name in first.panels:
                    first.panel(snapshot, view, name)
        except (NothingPublishedError, ZakazError) as error:
            log.debug("Not warmed: %r", error)

    def root(self, request: Request) -> Response:
        """Send the bare address to the first page, and a page's with a slash behind to the page.

        The address is a path alone, so that it holds behind a proxy with TLS; the query is kept.
        """
        query = f"?{request.url.query}" if request.url.query else ""
        page = request.url.path.rstrip("/") or pages.SALES.rules.path
        return RedirectResponse(page + query, status_code=307)

    def page(self, page: Page) -> Callable[[Request], Response]:
        """Give the function that shows a page."""

        def show(request: Request) -> Response:
            chosen, words = _read(request, page.rules)
            try:
                with self._reading.snapshot() as snapshot:
                    view = page.resolve(snapshot, chosen, self._clock(), words)
                    if view.is_empty:
                        return self._empty(chosen, words, view.freshness)
                    context = page.context(snapshot, view)
            except NothingPublishedError:
                return self._empty(chosen, words, Freshness(()))
            context |= shell.shell_context(view.filters, words, "loading")
            context |= shell.badge_context(view.freshness, words, view.now, self._sync_state())
            return self._html(view.template, context)

        return show

    def panel(self, request: Request) -> Response:
        """Give one panel as data, for the same query string as its page."""
        name, form = request.path_params["name"], request.path_params["form"]
        page = pages.OF_PANEL.get(name)
        if page is None or form not in ("csv", "json", "xlsx"):
            raise HTTPException(404)
        chosen, words = _read(request, page.rules)
        if form != "json":  # a file is kept and added up: it holds all rows, not the first ones
            chosen = chosen.with_(all_rows=True, whole=True)
        try:
            with self._reading.snapshot() as snapshot:
                view = page.resolve(snapshot, chosen, self._clock(), words)
                found = page.panel(snapshot, view, name)
        except NothingPublishedError:
            raise HTTPException(404) from None
        if form == "json":
            return _json(to_json(found) | {"currency": view.currency})
        file = f"{name}_{view.file_stem}.{form}"
        return Response(
            to_csv(found, words.lang) if form == "csv" else to_xlsx(found),
            media_type="text/csv; charset=utf-8" if form == "csv" else XLSX,
            headers={"Content-Disposition": f'attachment; filename="{file}"'},
        )

    def status(self, request: Request) -> Response:
        """Say what is published and how fresh it is; the open page asks this once a minute."""
        try:
            with self._reading.snapshot() as snapshot:
                age = read_freshness(snapshot, self._clock())
                return _json({"stamp": age.stamp(snapshot.generation), "freshness": age.status})
        except NothingPublishedError:
            return _json({"stamp": None, "freshness": "no_data"})

    def static(self, request: Request) -> Response:
        """Give a static file under the address of this very version."""
        response = None
        if request.path_params["version"] == self._assets.version:
            response = self._assets.respond(request.path_params["name"], request)
        if response is None:
            raise HTTPException(404)
        return response

    def favicon(self, request: Request) -> Response:
        """Give the icon to browsers that ask for it by its old name."""
        response = self._assets.respond("img/favicon.svg", request, "public, max-age=86400")
        if response is None:
            raise HTTPException(404)
        return response

    def empty_page(self, request: Request) -> Response:
        """Show what to run where nothing was ever loaded."""
        chosen, words = _read(request, pages.rules_of(request.url.path))
        return self._empty(chosen, words, Freshness(()))

    async def refuse(self, request: Request, status: int, key: str = "") -> Response:
        """Show an error page; it never says more than the reader can act on."""
        return self.error_page(request, status, key)

    def error_page(self, request: Request, status: int, key: str = "", title: str = "") -> Response:
        """Build the error page in the reader's language; keys name texts other than the usual."""
        pairs = request.query_params.multi_items()
        words = texts.load(choices.language(pairs, request.headers.get("accept-language", "")))
        known = f"error.{status}.title" in words.keys()  # noqa: SIM118
        heading = words(title or (f"error.{status}.title" if known else "error.title"))
        if not key:
            key = f"error.{status}.text" if known and status != 400 else ""
        text = words(key) if key else ""
        if request.url.path.endswith(".json"):
            return _json({"error": heading, "text": text}, status)
        theme = next((v for n, v in pairs if n == "theme" and v in choices.THEMES), "")
        lang = words.lang if "lang" in request.query_params else ""
        shown = Filters(rules=pages.rules_of(request.url.path), lang=lang, theme=theme)
        refresh = AWAY_RELOAD_SECONDS if status == 503 else None
        context = shell.shell_context(shown, words, "error", refresh)
        context |= {"status": status, "heading": heading, "text": text}
        return self._html("error.html", context, status)

    def _empty(self, chosen: Filters, words: Texts, freshness: Freshness) -> Response:
        context = shell.shell_context(chosen, words, "empty", EMPTY_RELOAD_SECONDS)
        context |= shell.badge_context(freshness, words, self._clock(), self._sync_state())
        return self._html("empty.html", context)

    def _html(self, template: str, context: dict[str, Any], status: int = 200) -> Response:
        return HTMLResponse(self._templates.get_template(template).render(context), status)


def create_app(dashboard: Dashboard, door: Door) -> ASGIApp:
    """Wire routes and errors, and put the guard outside of it all, faults included."""

    async def http_error(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        return dashboard.error_page(request, status)

    async def bad_request(request: Request, error: Exception) -> Response:
        return dashboard.error_page(request, 400, getattr(error, "key", ""))

    async def not_found(request: Request, error: Exception) -> Response:
        return dashboard.error_page(request, 404, getattr(error, "key", ""))

    async def warehouse_away(request: Request, error: Exception) -> Response:
        if isinstance(error, WarehouseError) and is_unmade(error):
            return dashboard.empty_page(request)
        log.error("The warehouse did not answer: %s", error)
        if isinstance(error, ZakazError) and is_other_schema(error):
            response = dashboard.error_page(request, 503, "error.schema.text", "error.schema.title")
        else:
            response = dashboard.error_page(request, 503)
        response.headers["Retry-After"] = str(AWAY_RELOAD_SECONDS)
        return response

    async def bug(request: Request, error: Exception) -> Response:
        return dashboard.error_page(request, 500)

    app = Starlette(
        routes=[
            Route("/", dashboard.root),
            *(Route(page.rules.path, dashboard.page(page)) for page in pages.ALL),
            *(Route(f"{page.rules.path}/", dashboard.root) for page in pages.ALL),
            Route("/panel/{name}.{form}", dashboard.panel),
            Route("/status.json", dashboard.status),
            Route("/static/{version}/{name:path}", dashboard.static),
            Route("/favicon.ico", dashboard.favicon),
        ],
        exception_handlers={
            HTTPException: http_error,
            BadRequestError: bad_request,
            NotFoundError: not_found,
            ZakazError: warehouse_away,
            Exception: bug,
        },
        middleware=[Middleware(GZipMiddleware, minimum_size=800, compresslevel=6)],
    )
    app.router.redirect_slashes = False  # it would redirect to an absolute http:// address
    return Guard(app, door, dashboard.refuse)


def _read(request: Request, rules: Rules) -> tuple[Filters, Texts]:
    pairs = request.query_params.multi_items()
    lang = choices.language(pairs, request.headers.get("accept-language", ""))
    return choices.read(pairs, rules), texts.load(lang)


def _json(value: Any, status: int = 200) -> Response:
    if status == 200:
        body = json.dumps(value, ensure_ascii=False)
        return Response(body, media_type="application/json; charset=utf-8")
    return JSONResponse(value, status)
