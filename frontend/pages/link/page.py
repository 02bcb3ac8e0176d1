"""A shared link: one frozen, read-only A4 sheet."""

from frontend import format
from frontend.api import JSON, ApiError, windows
from frontend.figures.stay.variables import is_stay
from frontend.page import Page, Visit
from frontend.pages.desk.page import panels
from frontend.panel import drawn, frozen
from frontend.sheets import content, provenance
from frontend.ui.components import icon, message, missing, synthetic, tag
from frontend.ui.elements import Element, html


def layout(visit: Visit) -> Element:
    """The sheet of a token, or a plain page where there is none."""
    token = visit.rest
    try:
        document = windows.document(visit.api.link(token))
    except ApiError as error:
        return refused(error, token)
    return html.Div(
        [bar(document, token), live(document), sheet(document)], className="shared", **{"data-theme": "light"}
    )


def refused(error: ApiError, token: str) -> Element:
    """Why there is no sheet, and what to do."""
    if error.status == 401:
        words = "Whoever shared it wants its readers signed in."
        return message(
            "Sign in to read this link", words, html.A("Sign in", href=f"/sign-in?then=/s/{token}", className="btn pri")
        )
    if error.status == 410:
        return message("This link can no longer be read", f"{error.detail}.")
    if error.status == 403:
        return message("Not yet", f"{error.detail}.")
    return missing() if error.status in (404, 422) else message("This link cannot be shown now", error.detail)


def bar(document: JSON, token: str) -> Element:
    """The bar above the sheet: read only, open live, take away, print."""
    where = document["record"]
    lead = f"&lead={where['lead']}"
    record = where.get("id") or where["name"]
    page = "stay" if is_stay(document["beat"]) else "review"
    parts = [
        html.Div([icon("logo", 18), "Beatlens"], className="logo"),
        tag("Read only, frozen", "", "lock"),
        html.Span(f"link {document['number']}", className="s m"),
        until(document),
        html.Span(className="sp"),
        html.A("Open live", href=f"/{page}?record={record}&at={where['at']}{lead}", className="btn"),
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
    return html.Span(f"until {format.moment(ends)}", className="s m") if ends else None


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
        *drawn(frozen(panels(), document), document),
        *note(document),
        provenance.section(document),
    ]
    return html.Article(parts, className="sheet")


def head(document: JSON) -> Element:
    """Title, record and the notice."""
    where = document["record"]
    words = html.Span(content.subject(document), className="m")
    title = html.Div([html.H1(content.heading(document)), html.Div([words, mark(where)], className="row g8")])
    first, second = content.NOTICE
    return html.Div([title, html.Div([first, html.Br(), second], className="s m r")], className="sheet-head")


def mark(where: JSON) -> Element:
    """SYNTHETIC, where it is."""
    return synthetic() if where["synthetic"] else None


def note(document: JSON) -> list[Element]:
    """The note of whoever shared it."""
    return (
        [html.Div([html.H2("Note"), html.P(document["note"], className="w lines")], className="sheet-note")]
        if document["note"]
        else []
    )


PAGE = Page("link", "/s", "Shared link", layout, public=True, longer=True)
