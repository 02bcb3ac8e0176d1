"""Everything on a page that depends on the chosen beat, as one answer: the browser keeps it, and fetches it ahead."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import asdict

import dash
from flask import Response, request, stream_with_context
from plotly.io.json import to_json_plotly

from frontend.api import JSON, Api, ApiError
from frontend.figures import typed
from frontend.page import Page
from frontend.panel import Panels, PanelUpdate, updating
from frontend.view import View, read

log = logging.getLogger("beatlens.pages")
MEDIA = "application/x-ndjson"


def register(app: dash.Dash, api: Api, pages: Mapping[str, Page]) -> None:
    """Serve `_view?page=desk&record=…&at=…`: one line of JSON for each panel, as each is ready."""

    def answer() -> Response:
        try:
            view = read(request.args)
            panels = pages[request.args.get("page", "desk")].panels(api)
        except (KeyError, ValueError) as error:
            return Response(to_json_plotly({"detail": f"The view cannot be read: {error}"}), 400)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return Response(stream_with_context(lines(api, view, panels)), mimetype=MEDIA, headers=headers)

    app.server.add_url_rule(f"{app.config.routes_pathname_prefix}_view", "view", answer)


def lines(api: Api, view: View, panels: Panels) -> Iterator[str]:
    """The answer; what is the matter with the beat itself is said once, and no panel is asked."""
    try:
        check(api, view)
    except ApiError as error:
        yield line("", error=error)
        return
    for panel in updating(panels):
        name = panel.name
        try:
            yield line(name, panel.update(api, view) if panel.update else None)
        except ApiError as error:
            yield line(name, error=error)
        except Exception:
            log.exception("panel %s of %s", name, asdict(view))
            yield line(name, error=ApiError("This panel could not be drawn. The log says why."))


def check(api: Api, view: View) -> None:
    """ApiError where the record, lead, model, beat or target is none."""
    known = [entry["symbol"] for entry in api.beat(view.record, view.at, view.lead, view.model)["classes"]]
    if view.target is not None and view.target not in known:
        words = f"Unknown class {view.target!r}: the model knows {', '.join(known)}."
        raise ApiError(words, status=404, options=tuple(known), field="target")


def line(name: str, part: PanelUpdate | None = None, error: ApiError | None = None) -> str:
    """One panel as a line of JSON; without a name it is about the whole view."""
    body: JSON = {"name": name, "props": {}, "data": None, "complete": error is None, "error": None}
    if part:
        body |= {"props": typed.props(part.props), "data": part.data, "complete": part.complete}
    if error:
        body["error"] = {"detail": error.detail, "options": error.options, "field": error.field}
    return f"{to_json_plotly(body)}\n"
