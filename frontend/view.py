"""Everything on a page that depends on the chosen beat, as one answer: the browser keeps it, and fetches it ahead."""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import dash
from flask import Response, request, stream_with_context
from plotly.io.json import to_json_plotly
from werkzeug.datastructures import MultiDict

from frontend.address import DEFAULT_METHODS, Method, parse_method
from frontend.api import JSON, Api, ApiError
from frontend.figures.paper import PX_PER_MM
from frontend.rhythm.stretch import MM, within
from frontend.tokens import Theme

log = logging.getLogger("beatlens.pages")
MEDIA = "application/x-ndjson"


@dataclass(frozen=True)
class View:
    """Which beat is shown, and how."""

    record: str
    beat: int  # sample at the record's fs
    lead: str | None = None
    model: str | None = None
    target: str | None = None  # class symbol whose score is explained; None: the model's output
    score: str | None = None  # "probability" where maps explain that instead of the logit
    a: str = DEFAULT_METHODS["a"]  # as the address writes methods: `learned_mask,steps=200`
    b: str = DEFAULT_METHODS["b"]
    width: float = 1440.0  # of the window in px
    mm: float = PX_PER_MM  # px of a millimetre on the reader's screen
    theme: Theme = "light"
    urgency: Literal["interactive", "prefetch"] = "interactive"
    held: Mapping[str, str] = field(default_factory=dict)  # method → explanation that ended without a result
    fresh: frozenset[str] = frozenset()  # explanations that the reader saw being computed

    @property
    def where(self) -> JSON:
        """What an explanation belongs to."""
        return {name: getattr(self, name) for name in ("record", "lead", "model", "beat", "target")}

    def method(self, slot: str) -> Method:
        """The method of slot "a" or "b"."""
        return parse_method(self.a if slot == "a" else self.b)


@dataclass(frozen=True)
class PanelUpdate:
    """What one panel shows of a view."""

    props: dict[str, dict[str, Any]]  # component id → Dash properties
    data: Any = None  # JSON for the panel's script
    complete: bool = True  # False while a job is under way: asked for again, not kept


Panel = Callable[[Api, View], PanelUpdate]
Panels = tuple[tuple[str, Panel], ...]


def register(app: dash.Dash, api: Api, pages: Mapping[str, Callable[[Api], Panels]]) -> None:
    """Serve `_view?page=review&record=…&beat=…`: one line of JSON for each panel, as each is ready."""

    def answer() -> Response:
        try:
            view = read(request.args)
            panels = pages[request.args.get("page", "review")](api)
        except (KeyError, ValueError) as error:
            return Response(to_json_plotly({"detail": f"The view cannot be read: {error}"}), 400)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return Response(stream_with_context(lines(api, view, panels)), mimetype=MEDIA, headers=headers)

    app.server.add_url_rule(f"{app.config.routes_pathname_prefix}_view", "view", answer)


def read(query: MultiDict[str, str]) -> View:
    """The view that a query asks for; KeyError or ValueError where it asks for none."""
    texts = {name: query[name] for name in ("lead", "model", "target", "score", "a", "b") if query.get(name)}
    held = dict(pair.rsplit("~", 1) for pair in query.getlist("held") if "~" in pair)
    return View(
        record=query["record"],
        beat=int(query["beat"]),
        width=float(query.get("width", View.width)),
        mm=within(query, "mm", View.mm, MM),
        theme="dark" if query.get("theme") == "dark" else "light",
        urgency="prefetch" if query.get("urgency") == "prefetch" else "interactive",
        held=held,
        fresh=frozenset(query.get("fresh", "").split(",")),
        **texts,
    )


def lines(api: Api, view: View, panels: Panels) -> Iterator[str]:
    """The answer; what is the matter with the beat itself is said once, and no panel is asked."""
    try:
        check(api, view)
    except ApiError as error:
        yield line("", error=error)
        return
    for name, panel in panels:
        try:
            yield line(name, panel(api, view))
        except ApiError as error:
            yield line(name, error=error)
        except Exception:
            log.exception("panel %s of %s", name, asdict(view))
            yield line(name, error=ApiError("This panel could not be drawn. The log says why."))


def check(api: Api, view: View) -> None:
    """ApiError where the record, lead, model, beat or target is none."""
    known = [entry["symbol"] for entry in api.beat(view.record, view.beat, view.lead, view.model)["classes"]]
    if view.target is not None and view.target not in known:
        words = f"Unknown class {view.target!r}: the model knows {', '.join(known)}."
        raise ApiError(words, status=404, options=tuple(known), field="target")


def line(name: str, part: PanelUpdate | None = None, error: ApiError | None = None) -> str:
    """One panel as a line of JSON; without a name it is about the whole view."""
    body: JSON = {"name": name, "props": {}, "data": None, "complete": error is None, "error": None}
    if part:
        body |= {"props": part.props, "data": part.data, "complete": part.complete}
    if error:
        body["error"] = {"detail": error.detail, "options": error.options, "field": error.field}
    return f"{to_json_plotly(body)}\n"
