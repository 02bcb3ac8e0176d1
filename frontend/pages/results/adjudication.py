"""What the readers do not agree on, for a lead to decide: the beat, who says what, and a button for each label."""

from collections import defaultdict

from frontend import format
from frontend.api import JSON
from frontend.pages.blind.labels import named
from frontend.ui.components import chip, icon
from frontend.ui.elements import Element, dcc, html
from frontend.vocabulary import BEATS, label


def queue(session: JSON, found: JSON, blinded: bool) -> Element:
    """The adjudication queue; `blinded`: names, model and reference of a beat stand there only once it is decided."""
    title = html.H2(f"Adjudication: {format.count(found['open'])} open of {format.count(len(found['items']))}")
    if not found["items"]:
        return html.Div([title, html.P("No beat bears different labels.", className="m")], id="results-adjudication")
    rows = [disagreement(session, one, blinded and not one["adjudicated"]) for one in found["items"]]
    return html.Div([title, html.Div(rows, role="list")], id="results-adjudication")


def disagreement(session: JSON, one: JSON, hidden: bool) -> Element:
    """One beat: its strip, who says what, and what was decided."""
    parts = [where(one, hidden), readings(one, hidden), facts(one, hidden), decision(session, one)]
    strip = {"data-record": one["recording"], "data-lead": one["lead"], "data-time": f"{one['time']:.4f}"}
    return html.Article([html.Div(className="around", **strip), html.Div(parts)], className="disputed", role="listitem")


def where(one: JSON, hidden: bool) -> Element:
    """Which beat it is; the way to the desk, which shows model and reference, once they are not hidden."""
    name = f"Record {format.record(one['recording'].split('~')[-1])} at {format.hms(one['time'])}"
    href = f"/review?record={one['recording']}&at={one['at']}&lead={one['lead']}"
    words = html.B(name) if hidden else dcc.Link(name, href=href, className="b")
    return html.Div([words, html.Span(one["lead"], className="m")], className="row g8 wrap")


def readings(one: JSON, hidden: bool) -> Element:
    """The readers' labels by name; without names how many gave each, in an order that tells nothing."""
    if not hidden:
        return html.Div([said(by["label"], by["name"], by["comment"], by["confidence"]) for by in one["labels"]])
    groups: dict[str, list[JSON]] = defaultdict(list)
    for by in one["labels"]:
        groups[by["label"]].append(by)
    return html.Div([grouped(label, by) for label, by in sorted(groups.items())])


def grouped(label: str, by: list[JSON]) -> Element:
    """A label without who says it."""
    comments = sorted(one["comment"] for one in by if one["comment"])
    return said(label, format.plural(len(by), "reader"), " · ".join(comments))


def said(label: str, who: str, comment: str, confidence: int | None = None) -> Element:
    """A label, who says it, and why."""
    sure = html.Span(f"sure {confidence} of 5", className="s m") if confidence else None
    parts = [mark(label), html.Span(who, className="m"), sure, html.Span(comment, className="s m w")]
    return html.Div(parts, className="row g8")


def facts(one: JSON, hidden: bool) -> Element:
    """What model and reference say, or that it comes later."""
    if hidden:
        words = "Names, model and reference come with your decision"
        return html.Div([icon("lock", 13), html.Span(words, className="w")], className="row g6 s m")
    both = [
        (words, known(one[key], one[f"{key}_name"])) for words, key in (("Model", "output"), ("Reference", "reference"))
    ]
    return html.Div(
        [html.Span([html.Span(words, className="s m"), found], className="row g6") for words, found in both],
        className="row g12 wrap",
    )


def known(code: str | None, name: str | None) -> Element:
    """What model or reference says, in its own vocabulary where the session's cannot say it."""
    if code is None:
        return html.Span(format.NONE, className="f")
    drawn = chip(code, name=name) if len(code) <= 2 else None
    return html.Span([drawn, label(code, name).short], className="row g6")


def mark(label: str) -> Element:
    """A label with its chip."""
    return html.Span([chip(label) if label in BEATS else None, html.B(named(label))], className="row g6")


def decision(session: JSON, one: JSON) -> Element:
    """What was decided, and the buttons that decide it, anew if need be: the latest decision holds."""
    near = sorted({by["label"] for by in one["labels"]})
    rest = [entry["label"] for entry in session["labels"] if entry["label"] not in near]
    buttons = html.Div([choose(one["position"], name) for name in near], className="decide")
    others = html.Div([choose(one["position"], name) for name in rest], className="decide")
    more = html.Details([html.Summary("Another label"), others])
    return html.Div([held(one["adjudicated"]), buttons, more], className="deciding")


def held(decided: JSON | None) -> Element:
    """What holds; nothing before a decision."""
    if decided is None:
        return None
    by = html.Span(f"by {decided['by']}", className="s m")
    return html.Div([html.Span("Decided", className="m"), mark(decided["label"]), by], className="row g8")


def choose(position: int, label: str) -> Element:
    """A button that decides one beat."""
    words = [chip(label) if label in BEATS else None, named(label)]
    return html.Button(
        words, id={"type": "decide", "position": position, "label": label}, className="btn sm", n_clicks=0
    )
