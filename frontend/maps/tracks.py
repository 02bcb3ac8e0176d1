"""Rows of tracks below a map: each with its name, its unit and scale, and its figure on the map's time axis."""

from collections.abc import Sequence

from frontend.api import JSON
from frontend.figures.tracks import MOST, Row, unfolded
from frontend.figures.typed import typed
from frontend.ui.elements import Element, dcc, html

STILL = {"displayModeBar": False, "responsive": False, "doubleClick": False, "staticPlot": True}


def below(explanation: JSON | None, found: Sequence[Row]) -> Element:
    """All rows; those that only say how a map came about wait for `button`. Nothing where there are none."""
    if explanation is None or not found:
        return None
    aside = {} if unfolded(explanation, found) else {"data-aside": ""}
    shown = [*map(line, found[:MOST]), more(found[MOST:])]
    names = f"Beside the map of {explanation['title']}"  # Compare scrolls them: the keyboard has to get there
    return html.Div(shown, className="tracks", tabIndex=0, role="group", **{"aria-label": names}, **aside)


def more(left: Sequence[Row]) -> Element:
    """`5 more`, unfolded by a click; nothing where all rows are in sight."""
    if not left:
        return None
    names = html.Span(", ".join(one.title for one in left), className="f")
    summary = html.Summary([f"{len(left)} more ", names], className="xs cut track-more")
    return html.Details([summary, *map(line, left)])


def button(found: Sequence[Row]) -> Element:
    """In a map's head: how many rows there are; assets/maps/tracks.js shows and hides those of all maps."""
    if not found:
        return None
    names = f"Beside the map: {', '.join(one.title for one in found)}"
    words = f"{names}. Show or hide"
    return html.Button(f"+{len(found)}", className="track-toggle xs", title=names, **{"aria-label": words})


def line(row: Row) -> Element:
    """One of them."""
    head = html.Div([html.Span(row.title), html.Span(row.facts, className="f cut")], className="row g6 xs track-head")
    if row.figure is None:
        return html.Div(head, className="track")
    graph = html.Div(dcc.Graph(figure=typed(row.figure), config=STILL), role="img", **{"aria-label": row.words})
    return html.Div([head, graph], className="track")
