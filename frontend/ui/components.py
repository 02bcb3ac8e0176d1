"""Small pieces that every page is made of."""

from collections.abc import Sequence
from typing import Any

from frontend import format
from frontend.ui.elements import Element, dcc, html
from frontend.vocabulary import label, letters

SEEN = {
    "train": ("w", None, "seen in training", "This model was trained on this patient"),
    "validation": ("o", None, "model selection", "This patient was used to select the model"),
    "test": ("k", "shield", "not seen", "This model has not seen this patient"),
    "unknown": ("o", None, "not known", "Not known whether this model has seen this patient"),
}

CLOSE = {"aria-label": "Close"}  # of a dialog's button


def icon(name: str, size: int = 14) -> Element:
    """A line icon in the colour of its text."""
    return html.Span(className=f"icon icon-{name}", style={"width": size, "height": size}, **{"aria-hidden": "true"})


def chip(symbol: str, kind: str = "", name: str | None = None) -> Element:
    """A class letter on its colour; `name` is what its model or record calls it."""
    known = label(symbol, name)
    colour = {"background": f"var(--c{known.group.key})"}
    return html.Span(letters(symbol), className=f"chip {kind}".strip(), style=colour, title=known.name)


def tag(words: str, kind: str = "", mark: str | None = None, title: str | None = None) -> Element:
    """A short fact: `w` warns, `o` is outlined, `k` is strong."""
    return html.Span([icon(mark, 13) if mark else None, words], className=f"tag {kind}".strip(), title=title)


def seen(split: str, long: bool = True) -> Element:
    """Whether the model has seen the patient."""
    kind, mark, short, sentence = SEEN.get(split, SEEN["unknown"])
    return tag(sentence if long else short, kind, mark, title=sentence)


def synthetic() -> Element:
    """The mark of a recording that no patient made."""
    return tag("SYNTHETIC", "w", title="Synthesised by this project: no patient's recording")


def kbd(*keys: str) -> list[Element]:
    """Keys as drawn on a keyboard."""
    return [html.Kbd(key, className="kbd") for key in keys]


def foot(keys: Sequence[tuple[Sequence[str], str]], right: Element, *more: Element) -> Element:
    """The foot of a page: its keys, those that depend on what is shown, and one note."""
    named = [html.Span([*(kbd(name)[0] if name != "…" else "–" for name in names), words]) for names, words in keys]
    return html.Footer([*named, *more, html.Span(className="sp"), html.Span(right, className="f")], className="foot")


def sure(title: str, words: str, yes: str) -> dict[str, str]:
    """Attributes of a button that asks before it does what `words` say; assets/core/confirm.js asks."""
    return {"data-sure": words, "data-sure-title": title, "data-sure-yes": yes}


def untrained(words: str) -> Element:
    """The note that the model reads a lead which it never learnt, beside its probability; nothing where it did."""
    if not words:
        return None
    return html.Div([icon("warn"), html.Span(words, className="w")], className="untrained row g6 s", role="note")


def bar(fraction: float, colour: str, strong: bool, threshold: float | None = None) -> Element:
    """A bar of a probability, with a tick where a label is given from."""
    tick = (
        html.I(className="threshold", style={"left": f"{threshold * 100:.1f}%"}, title=f"given from {threshold:g} on")
        if threshold
        else None
    )
    style = {"width": f"{fraction * 100:.1f}%", "background": colour, "opacity": 1 if strong else 0.55}
    return html.Div([html.I(style=style), tick], className="bar")


def facts(rows: Sequence[tuple[Any, Any]]) -> Element:
    """Names and values in two columns."""
    return html.Table(
        html.Tbody([html.Tr([html.Td(name, className="m"), html.Td(value, className="r")]) for name, value in rows]),
        className="facts",
    )


def section(*children: Any, **attributes: Any) -> Element:
    """A stretch of the side panel."""
    return html.Section(list(children), className="sec", **attributes)


def state(title: str, words: str | Element, *actions: Element, warn: bool = False) -> Element:
    """What stands where nothing can be shown: what is the matter, and what to do."""
    head = html.Div([icon("bad") if warn else None, title], className="state-title" + (" warn" if warn else ""))
    return html.Div(
        [head, html.Div(words, className="m w"), html.Div(list(actions), className="row g8")],
        className="state",
        role="status",
    )


def time(seconds: float) -> Element:
    """hh:mm:ss.mmm."""
    return html.Span(format.hms(seconds), className="tn")


def saved() -> Element:
    """At the foot: whether everything has reached the server."""
    return html.Span("All changes saved", id="saved", role="status")


def running_jobs() -> Element:
    """The running jobs of this page; drawn in assets/core/jobs.js."""
    return section(html.Div(id="job", **{"aria-live": "polite"}), id="job-section", hidden=True)


def message(title: str, words: str, link: Element = None) -> Element:
    """A page with one message, and the way on."""
    link = link or dcc.Link("Worklist", href="/", className="btn")
    return html.Div([html.H1(title), html.P(words, className="m"), link], className="plain")


def nowhere() -> Element:
    """For a path at which there is no page."""
    return message("There is no such page", "The address may be mistyped.")


def missing() -> Element:
    """For a link or a path that does not exist."""
    return message("This link does not exist or was withdrawn", "Ask whoever sent it for a new one.")
