"""The reader's screen of an annotation session: its frame, filled by `_blind` and assets/pages/blind/blind.js."""

import dash

from frontend.address import SLOTS
from frontend.api import Api
from frontend.figures.paper import blank
from frontend.maps.frame import CONFIG, map_frame
from frontend.page import Page, Visit
from frontend.pages.blind import content as blind_content
from frontend.rhythm import frame, leads
from frontend.ui.components import foot, icon, kbd, section
from frontend.ui.elements import Element, dcc, html

STEPS = (("first", "Read"), ("reveal", "Model revealed"), ("final", "Keep or change"), ("done", "Reference"))
KEYS = (
    (("N", "V"), "… label"),
    (("1", "5"), "how sure, how plausible"),
    (("Enter",), "commit, keep, next"),
    (("M",), "calipers"),
    (("W",), "raw or filtered"),
    (("⌘ Z",), "undo before commit"),
)
SURE = ("guess", "certain")
PLAUSIBLE = ("not at all", "fully")


def layout(_: Visit) -> Element:
    """The page at its final size; assets/pages/blind/blind.js fills it."""
    main = html.Div([head(), strip(), below()], className="main desk blind-main")
    side = html.Aside([title(), reading(), decision(), another(), *after_the_reveal()], className="side blind-side")
    saved = html.Span("All changes saved", id="session-saved", role="status")
    page = html.Div([main, side, foot(KEYS, saved)], id="blind", className="page blind", **{"data-phase": "loading"})
    return html.Div([page, html.Div(id="blind-instead", className="plain", hidden=True)])


def head() -> Element:
    """The record, and which of the four steps it is."""
    steps = []
    for name, words in STEPS:
        mark = html.Span([html.Span(className="blind-number"), icon("check", 12)], className="blind-mark")
        steps.append(html.Li([mark, html.Span(words, className="blind-step-words")], **{"data-step": name}))
    name = html.Div(id="blind-record", className="row g8")
    return html.Div(
        [name, html.Span(className="sp"), html.Ol(steps, className="blind-steps")], className="record-header"
    )


def strip() -> Element:
    """The rhythm, with its rows empty until they may be seen."""
    rows = [("Reference", 9), ("Model", 30), ("You", 51)]
    words = [html.Div(id="blind-hidden-reference"), html.Div(id="blind-hidden-model")]
    drawn = [frame.strip(), html.Div(words, className="blind-hidden")]
    inside = html.Div(drawn, className="blind-strip")
    return html.Div(
        [frame.banded("strip", rows, inside, last="RR ms"), leads.second(), frame.ruler()], className="rhythm"
    )


def below() -> Element:
    """The beat alone and what was measured; in its place, once revealed, the maps."""
    drawn = html.Div(
        [
            html.Div(
                dcc.Graph(id="graph-r", figure=blank(272, 450), config=CONFIG),
                id="blind-words",
                role="img",
                **{"aria-label": "The beat"},
            ),
            html.Div(id="blind-region", className="blind-region"),
            html.Div(id="calipers-r", className="caliper-layer"),
        ],
        className="map",
    )
    region = html.Div(
        [
            html.Span("Drag over what decided it for you, if anything did.", id="blind-region-words", className="s m"),
            html.Button("Take it away", id="blind-region-off", className="btn sm gh", hidden=True),
        ],
        className="row g8 blind-region-row",
    )
    alone = html.Div(
        [
            html.Div([drawn, html.Div(id="blind-measured", className="blind-measured")], className="row blind-alone"),
            region,
        ],
        id="blind-alone",
    )
    both = html.Div([rated(slot) for slot in SLOTS], id="blind-maps", className="maps-row", hidden=True)
    lead = html.Div(id="blind-tools", className="row g8 blind-tools")
    said = html.P(id="blind-said", className="w blind-said")
    rows = html.Div(id="rhythm-rows", role="group", **{"aria-label": "The window in rows"})
    return html.Div([lead, rows, alone, both, said], className="blind-below")


def rated(slot: str) -> Element:
    """A map with the reader's own region over it."""
    return map_frame(slot, html.Div(id=f"blind-region-{slot}", className="blind-region on-map"))


def title() -> Element:
    """What is asked now."""
    top = html.Div(
        [
            html.H2("What is this beat?", id="blind-title"),
            html.Span(className="sp"),
            step_button("blind-before", "left", "Beat before ([)"),
            html.Span(id="blind-count", className="m"),
            step_button("blind-after", "right", "Beat after (])"),
        ],
        className="row g4",
    )
    hint = html.P(id="blind-hint", className="s m w")
    return html.Div(
        [top, hint, html.Div(id="blind-wait", className="blind-wait", role="status", hidden=True)],
        className="blind-title",
    )


def step_button(id: str, mark: str, words: str) -> Element:
    """To a neighbour in the session."""
    return html.Button(icon(mark, 14), id=id, className="btn gh sm ic", title=words, **{"aria-label": words})


def reading() -> Element:
    """Label, how sure, a note: what is committed before anything is revealed."""
    note = html.Textarea(
        id="blind-note",
        placeholder="Note, optional",
        className="reading-note",
        maxLength="5000",
        **{"aria-label": "Note"},
    )
    commit = html.Button(
        [html.Span("Commit and reveal the model", id="blind-commit-words"), *kbd("Enter")],
        id="blind-commit",
        className="btn pri blind-commit",
    )
    sure = scale("blind-sure", "How sure are you?", SURE)
    labels = html.Div(id="blind-labels", className="blind-labels", role="group", **{"aria-label": "Labels"})
    return html.Div([labels, sure, note, commit], id="blind-reading")


def scale(id: str, words: str, ends: tuple[str, str]) -> Element:
    """1 … 5 as buttons."""
    buttons = [
        html.Button(str(n), **{"data-score": str(n), "aria-pressed": "false", "aria-label": f"{words} {n} of 5"})
        for n in range(1, 6)
    ]
    top = html.Div(
        [
            html.Span(words, className="h"),
            html.Span(className="sp"),
            *kbd("1"),
            html.Span("–", className="f"),
            *kbd("5"),
        ],
        className="row g6",
    )
    foot_ = html.Div([ends[0], html.Span(className="sp"), ends[1]], className="row s m")
    return html.Div([top, html.Div(buttons, className="blind-scale"), foot_], id=id, className="sec")


def decision() -> Element:
    """The model's output beside one's own, and what to do with it."""
    keep = html.Button(id="blind-keep", className="btn pri blind-choice")
    change = html.Button(id="blind-change", className="btn blind-choice")
    asked = section(html.H2("Keep or change your reading?", className="h"), keep, change, id="blind-decide")
    rated = scale("blind-plausible", "How plausible is the explanation?", PLAUSIBLE)
    return html.Div([html.Div(id="blind-model"), rated, asked], id="blind-decision", hidden=True)


def another() -> Element:
    """Any other class: to change to, and later to correct to."""
    others = html.Div(id="blind-others", className="blind-others", role="group", **{"aria-label": "Another class"})
    words = html.Span("Change to another class", id="blind-more-words")
    return html.Details([html.Summary(words), others], id="blind-more", hidden=True)


def after_the_reveal() -> list[Element]:
    """Reference, the other readers, and how the session stands."""
    onward = html.Button(
        [html.Span("Next beat", id="blind-next-words"), *kbd("Enter")],
        id="blind-next",
        className="btn pri blind-commit",
        hidden=True,
    )
    return [html.Div(id="blind-reference"), onward, html.Div(id="blind-log"), html.Div(id="blind-session")]


def register(app: dash.Dash, api: Api) -> None:
    """What the page is filled with."""
    blind_content.register(app, api)


PAGE = Page("blind", "/blind", "Reading", layout, register=register, under="sessions")
