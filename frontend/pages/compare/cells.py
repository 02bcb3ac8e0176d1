"""One method's place on Compare: its map, what is said in its stead, and how large it is."""

import math
from typing import Any

from frontend import explanations, methods, tracks
from frontend.api import JSON, Api, ApiError
from frontend.explanations import Size
from frontend.figures.desk import desk
from frontend.figures.paper import blank
from frontend.maps import states
from frontend.maps import tracks as track_rows
from frontend.maps.frame import CONFIG, came
from frontend.pages.compare import asking, groups
from frontend.panel import PanelUpdate
from frontend.ui.elements import Element, dcc, html
from frontend.view import View

FEW = 4  # up to so many maps stand two in a row, more of them three
GAP, NARROW, ROOMY, WIDEST = 16, 800, 520, 1064.0  # px: between maps; a page for two; a fourth in a row; a map
PAPER, TALL = {2: 226.0, 3: 150.0}, 0.6  # px of paper at least, by maps in a row; of a map's width at most
SCREEN, AROUND, BESIDE = 9 / 16, 110, 131  # a screen's height for its width; px above and below the rows, and in each
HEAD = 32  # px of a group's head


def cell(entry: JSON) -> Element:
    """Where one method's map stands."""
    name = entry["method"]
    title = [
        html.Span(id=f"digit-{name}", className="f digit"),
        html.H2(entry["title"], title=entry["summary"]),
        html.Span(className="sp"),
        html.Span(id=f"verdict-{name}"),
    ]
    inside = [
        html.Div(title, className="row g8 cell-title"),
        html.Div(id=f"head-{name}", className="row g6 cell-head"),
        dcc.Graph(id=f"graph-{name}", figure=blank(222), config=CONFIG),
        html.Div(id=f"state-{name}", className="map-state"),
    ]
    below = html.Div(id=f"tracks-{name}")
    marks = {"data-state": "loading", "data-part": f"cell-{name}"}
    return html.Div([html.Div(inside, className="map"), below], id=f"cell-{name}", className="cell", **marks)


def update(entry: JSON, api: Api, view: View) -> PanelUpdate:
    """One method's map; its cell is not there where it cannot explain the model, or its group is folded."""
    name = entry["method"]
    if methods.why_not(api, view, name):
        return PanelUpdate({f"cell-{name}": {"hidden": True, "data-state": "not offered"}})
    if methods.group_of(entry) not in groups.unfolded(api, view):
        return PanelUpdate({f"cell-{name}": {"hidden": True, "data-state": "folded"}})
    job = asking.ask(api, view, entry)
    figure, head, said, now, rows = drawing(api, job, view)
    props = {
        f"graph-{name}": {"figure": figure},
        f"head-{name}": {"children": head},
        f"state-{name}": {"children": said},
        f"tracks-{name}": {"children": rows},
        f"cell-{name}": {"hidden": False, "data-state": now},
    }
    return PanelUpdate(props, {"jobs": [job]}, explanations.complete([job]))


def drawing(api: Api, job: JSON, view: View) -> Any:
    """Figure, head, state, data-state and rows of tracks of one cell."""
    shown = size(api, view)
    try:
        figure, words = explanations.picture(api, job, view, shown)
        found = explanations.result(api, job)
    except ApiError as error:
        return blank(shown.paper + 72, shown.width), [], states.plain(error.detail), "refused", None
    beside = explanations.rows(api, job, view, shown)
    head = [*head_of(job, found, words), track_rows.button(beside)]
    waits = job["status"] == asking.NOT_ASKED
    said = asking.not_asked(job) if waits else states.map_state(api, job, found)
    return figure, head, said, job["status"], track_rows.below(found, beside)


def head_of(job: JSON, found: JSON | None, words: str) -> list[Element]:
    """Unit and how it came; full scale and raw maximum."""
    if not found:
        return []
    if tracks.over_time(found):
        return [
            html.Span("Output after each sample", className="s m"),
            html.Span(className="sp"),
            html.Span(words, className="s b"),
        ]
    scale = found["scale"]
    if scale is None:
        return [came(job, found)]
    right = html.Span(explanations.full_scale(scale), className="s f")
    return [html.Span(scale["unit"], className="s m"), came(job, found), html.Span(className="sp"), right]


def size(api: Api, view: View) -> Size:
    """Of one map: 334 px wide at 1440 with three in a row; on a large screen as wide as the row allows."""
    content = desk(view.width).content + (12 if view.width >= 1440 else 0)
    counts = by_group(api, view)
    columns = columns_of(content, max(1, sum(counts)))
    wide = min(WIDEST, (content - GAP * (columns - 1)) // columns)
    rows = max(1, sum(math.ceil(count / columns) for count in counts))
    row = (view.width * SCREEN - AROUND - HEAD * len(groups.ORDER)) / rows
    tall = max(PAPER[min(columns, 3)], min(round(row) - BESIDE, round(wide * TALL)))
    return Size(wide, tall, minor=columns == 2, mm=view.mm)


def by_group(api: Api, view: View) -> list[int]:
    """How many maps each unfolded group shows."""
    names = [methods.group_of(entry) for entry in groups.shown(api, view)]
    return [names.count(name) for name in groups.ORDER if name in names]


def columns_of(content: float, methods: int) -> int:
    """How many maps stand in a row: two or three, more where they are many and there is room."""
    if content < NARROW or methods <= FEW:
        return 2
    return max(3, min(math.ceil(math.sqrt(methods)), int(content // ROOMY)))
