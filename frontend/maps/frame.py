"""One map on a page: where it stands, and everything that is set there."""

from typing import Any

from frontend import explanations, format, trust_view
from frontend.api import JSON, Api, ApiError
from frontend.explanations import Size
from frontend.figures.paper import blank
from frontend.maps import states, tracks
from frontend.ui.elements import Element, dcc, html
from frontend.view import View

CONFIG = {"displayModeBar": False, "responsive": False, "doubleClick": False, "scrollZoom": False}
EMPTY = blank(272, 386)


def map_frame(slot: str, *over: Element) -> Element:
    """Where one map stands: its head, the picture, what is said in its place, and what a page lays over it."""
    graph = html.Div(dcc.Graph(id=f"graph-{slot}", figure=EMPTY, config=CONFIG), id=f"map-words-{slot}", role="img")
    parts = [
        html.Div(id=f"map-head-{slot}", className="row g6 map-head"),
        graph,
        html.Div(id=f"map-state-{slot}", className="map-state"),
        html.Div(id=f"cover-{slot}", className="cover-layer"),  # where a covered span is drawn
        html.Div(id=f"calipers-{slot}", className="caliper-layer"),
        *over,
    ]
    map_ = html.Div(parts, id=f"map-{slot}", className="map", **{"data-state": "loading"})
    return html.Div([map_, html.Div(id=f"tracks-{slot}")], className="map-place")


def drawing(api: Api, job: JSON, view: View, size: Size, one: JSON | None) -> dict[str, dict[str, Any]]:
    """Properties of one map: picture, words, head, and what is said in its place; `one` is what is known by wave."""
    slot = job["slot"]
    try:
        figure, described = explanations.picture(api, job, view, size, trust_view.strength(one))
        words = f"{described} {one['words']}" if one else described
        found = explanations.result(api, job)
        beside = explanations.rows(api, job, view, size)
        said, now, rows = states.map_state(api, job, found), job["status"], tracks.below(found, beside)
        top = [*head(slot, job, found, one), tracks.button(beside)]
    except ApiError as error:
        figure, words, top = blank(272, size.width), error.detail, []
        said, now, rows = states.plain(error.detail), "refused", None
    return {
        f"graph-{slot}": {"figure": figure},
        f"map-words-{slot}": {"aria-label": words},
        f"map-head-{slot}": {"children": top},
        f"map-state-{slot}": {"children": said},
        f"tracks-{slot}": {"children": rows},
        f"map-{slot}": {"data-state": now},
    }


def came(job: JSON, found: JSON) -> Element:
    """How the result came, where there is room for all of it."""
    return html.Span(html.Span(explanations.note(job, found), className="s f"), className="gives")


def head(slot: str, job: JSON, found: JSON | None, one: JSON | None = None) -> list[Element]:
    """`A 1 − m, full scale 1, already computed … max 0.52`; a map that fails on this beat is marked."""
    letter = html.Span(slot.upper(), className="b")
    if not found:
        return [letter, html.Span(job["title"], className="s m")]
    measure = found["scale"]
    if measure is None:
        return [
            letter,
            html.Span(found["tracks"][0]["unit"] or job["title"], className="s"),
            came(job, found),
        ]
    fixed = measure["full_is_fixed"]
    kind = (
        "fixed for this method and model"
        if fixed
        else "this map's own maximum: brightness cannot be compared between beats"
    )
    full = explanations.full_scale(measure)
    most = html.Span(["max ", html.B(format.measure(measure["maximum"]))], className="s")
    return [
        letter,
        html.Span(measure["unit"], className="s"),
        html.Span(full, className="s f", title=f"Full scale: {kind}"),
        came(job, found),
        html.Span(className="sp"),
        trust_view.verdict(one["trust"], short=True) if one and trust_view.doubted(one) else None,
        most,
    ]
