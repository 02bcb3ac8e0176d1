"""A shared link: one frozen, read-only A4 sheet."""

from frontend import format, trust_view
from frontend.api import JSON, Api, ApiError
from frontend.explanations import Size
from frontend.figures import strip
from frontend.figures.curves import figure
from frontend.maps import scale as map_facts
from frontend.pages.desk.panels import output
from frontend.pages.desk.panels.trust import CURVES
from frontend.sheets import content, provenance
from frontend.tokens import NAME
from frontend.ui.components import chip, icon, seen, synthetic, tag
from frontend.ui.elements import Element, dcc, html
from frontend.wording import classes

STILL = {"displayModeBar": False, "responsive": False, "staticPlot": True}
SIZE = Size(332.0, 148.0)


def layout(api: Api, token: str) -> Element:
    """The sheet of a token, or a plain page where there is none."""
    try:
        document = api.link(token)
    except ApiError as error:
        return refused(error, token)
    return html.Div(
        [bar(document, token), live(document), sheet(document)], className="shared", **{"data-theme": "light"}
    )


def refused(error: ApiError, token: str) -> Element:
    """Why there is no sheet, and what to do."""
    if error.status == 401:
        words = "Whoever shared it wants its readers signed in."
        return plain(
            "Sign in to read this link", words, html.A("Sign in", href=f"/sign-in?then=/s/{token}", className="btn pri")
        )
    if error.status == 410:
        return plain("This link can no longer be read", f"{error.detail}.")
    if error.status == 403:
        return plain("Not yet", f"{error.detail}.")
    return missing_page() if error.status in (404, 422) else plain("This link cannot be shown now", error.detail)


def missing_page() -> Element:
    """For a token or a path that does not exist."""
    return plain("This link does not exist or was withdrawn", "Ask whoever sent it for a new one.")


def plain(title: str, words: str, way: Element = None) -> Element:
    """A page with one message, and the way on."""
    way = way or dcc.Link("Worklist", href="/", className="btn")
    return html.Div([html.H1(title), html.P(words, className="m"), way], className="plain")


def bar(document: JSON, token: str) -> Element:
    """The bar above the sheet: read only, open live, take away, print."""
    where = document["record"]
    lead = f"&lead={where['lead']}"
    record = where.get("id") or where["name"]
    parts = [
        html.Div([icon("logo", 18), "Beatlens"], className="logo"),
        tag("Read only, frozen", "", "lock"),
        html.Span(f"link {document['number']}", className="s m"),
        until(document),
        html.Span(className="sp"),
        html.A("Open live", href=f"/review?record={record}&beat={where['sample']}{lead}", className="btn"),
        *(file(token, form, form.upper()) for form in ("pdf", "png", "svg")),
        file(token, "json", "Provenance", "down"),
        html.A(
            [icon("print"), "Print A4"],
            href=f"/s/{token}/sheet.pdf?show",
            target="_blank",
            rel="noopener",
            className="btn pri",
            title="Shows the sheet as PDF: print it at 100 %",
        ),
    ]
    return html.Header(parts, className="top shared-top")


def until(document: JSON) -> Element:
    """When it ends, where it does."""
    ends = document["expires"]
    return html.Span(f"until {ends[:10]}", className="s m") if ends else None


def file(token: str, form: str, words: str, mark: str | None = None) -> Element:
    """A download."""
    title = "Everything frozen here, as JSON" if form == "json" else f"This sheet as {form.upper()}"
    inside = [icon(mark) if mark else None, words]
    return html.A(inside, href=f"/s/{token}/sheet.{form}", download="", className="btn", title=title)


def live(document: JSON) -> Element:
    """The amber line that names what differs live; the sheet itself never changes."""
    now = document["live"]
    if not now["differs"]:
        return None
    words = f"{'; '.join(now['notes'])}."
    line = [
        icon("warn"),
        html.B("Live now differs:"),
        html.Span(words, className="w"),
        html.Span("The page below is unchanged.", className="w"),
    ]
    return html.Div(line, className="live-differs row g8", id="live-differs")


def sheet(document: JSON) -> Element:
    """A4, 794 × 1123 px."""
    parts = [
        head(document),
        rhythm(document),
        html.Div([verdict(document), reference(document)], className="sheet-two"),
        *maps(document),
        *trust(document),
        *note(document),
    ]
    return html.Article([*parts, provenance.section(document)], className="sheet")


def head(document: JSON) -> Element:
    """Title, record and the notice."""
    where = document["record"]
    words = html.Span(content.place(document), className="m")
    title = html.Div([html.H1(content.heading(document)), html.Div([words, mark(where)], className="row g8")])
    first, second = content.NOTICE
    return html.Div([title, html.Div([first, html.Br(), second], className="s m r")], className="sheet-head")


def mark(where: JSON) -> Element:
    """SYNTHETIC, where it is."""
    return synthetic() if where["synthetic"] else None


def rhythm(document: JSON) -> Element:
    """The strip at true scale."""
    shown = content.strip_of(document)
    line = [
        html.B(f"Rhythm, {shown.span[1] - shown.begin:.1f} s"),
        html.Span("upper letters reference, lower model; RR in ms", className="m"),
        html.Span(className="sp"),
        html.Span(content.scale(shown)),
    ]
    graph = dcc.Graph(figure=content.rhythm(shown), config=STILL)
    return html.Div(
        [html.Div(line, className="row g8 s"), html.Div(graph, role="img", **{"aria-label": strip.words(shown)})],
        className="sheet-strip",
    )


def verdict(document: JSON) -> Element:
    """What the model said."""
    said = document["prediction"]
    if said is None:
        return html.Div([html.H2("Model output"), html.P("No output", className="m")])
    names = {entry["symbol"]: entry["name"] for entry in document["beat"]["classes"]}
    runner = classes.short(output.runner_up(said), names)
    words = f"calibrated, margin {format.probability(said['margin'])} over {runner}"
    name = html.Div(
        [html.Div(classes.short(said["symbol"], names), className="verdict-name"), html.Div(words, className="s m")],
        className="verdict-words",
    )
    best = html.Div(format.probability(max(said["probabilities"])), className="verdict-number")
    line = html.Div([chip(said["symbol"], "md"), name, best], className="row g12 verdict")
    return html.Div([html.H2("Model output"), line, output.bars({**document["beat"], "prediction": said})])


def reference(document: JSON) -> Element:
    """What the reference and whoever shared it say, and what the model is."""
    symbol, model = document["beat"]["symbol"], document["model"]
    called = (
        [chip(symbol, "md"), html.Span(NAME.get(symbol, symbol), className="sheet-name")]
        if symbol
        else [html.Span("none: beats by a detector", className="m")]
    )
    own = (document.get("readings") or {}).get("label")
    limits = " ".join(model["limits"][:2])
    return html.Div(
        [
            html.H2("Reference"),
            html.Div(called, className="row g8 called"),
            html.Div(["Label of whoever shared it: ", html.B(own)], className="s") if own else None,
            html.Div(seen(model["seen"]), className="gap"),
            html.P(f"{content.saw(document)} {limits}", className="s m w gap"),
        ]
    )


def maps(document: JSON) -> list[Element]:
    """The frozen maps, two in a row."""
    found = content.maps(document)
    if not found:
        return [html.P("No map was frozen with this link.", className="m")]
    ramp = html.Span(
        [html.Span("0", className="f"), html.I(className="ramp"), html.Span("full scale", className="f")],
        className="row g6",
    )
    scale = map_facts.scale_tag(document["beat"], SIZE)
    title = html.H2(f"Regions that changed the score for {content.target(document)}")
    marks = {"rel": "key-raises", "neg": "key-lowers"}
    key = [part for token, words in content.key(document) for part in (html.I(className=marks[token]), words)]
    legend = html.Span(key, className="row g6 f signs") if key else ramp
    line = html.Div([title, html.Span(className="sp"), legend, scale], className="row g8 s")
    every = [one(document, explanation, letter) for letter, explanation in content.lettered(document)]
    words = html.P(content.words(document), className="w")
    return [line, html.Div([*every, words], className="sheet-maps")]


def one(document: JSON, explanation: JSON, letter: str) -> Element:
    """One map with its scale."""
    drawn, said = content.drawn(document, explanation, SIZE)
    line = [
        html.B(letter),
        html.B(explanation["title"]),
        html.Span(content.full(explanation), className="f"),
        html.Span(className="sp"),
        html.Span(content.most(explanation)),
    ]
    graph = html.Div(dcc.Graph(figure=drawn, config=STILL), role="img", **{"aria-label": said})
    return html.Div([html.Div(line, className="row g6 s"), graph], className="map")


def trust(document: JSON) -> list[Element]:
    """Each map's verdict, and the curves of the first."""
    found, late, curved = content.judged(document), content.unjudged(document), content.curved(document)
    if not found and not late:
        return []
    head = html.H2("Can the maps be trusted?")
    lines = [
        html.Div(
            [html.Span([html.B(letter), f" {one['title']}"]), trust_view.verdict(known)],
            className="row g8 sheet-verdict",
        )
        for letter, one, known in found
    ]
    lines += [html.P(f"{letter}: {trust_view.reason(known)}.", className="s m w") for letter, _, known in found]
    lines.append(html.P(late, className="s m w"))
    if curved is None:
        return [html.Div([head, *lines], className="sheet-note")]
    letter, first = curved
    lines.append(html.P(content.legend(letter, first), className="s m w"))
    charts = [
        html.Div(
            [
                html.Div(f"{letter}: {name}", className="s m"),
                html.Div(
                    dcc.Graph(figure=figure(first[key], first["fractions"], "light"), config=STILL),
                    role="img",
                    **{"aria-label": name},
                ),
            ]
        )
        for key, name in CURVES
    ]
    return [
        html.Div([html.Div([head, *lines]), html.Div(charts, className="row g8")], className="sheet-trust sheet-note")
    ]


def note(document: JSON) -> list[Element]:
    """The note of whoever shared it."""
    return (
        [html.Div([html.H2("Note"), html.P(document["note"], className="w")], className="sheet-note")]
        if document["note"]
        else []
    )
