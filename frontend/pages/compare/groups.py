"""Groups of methods on Compare: which are unfolded, and what a folded one says."""

from collections.abc import Sequence
from typing import Any

from frontend import format, methods
from frontend.address import SLOTS
from frontend.api import JSON, Api
from frontend.methods import GROUPS, group_of
from frontend.ui.elements import Element, html
from frontend.view import View

ORDER = tuple(GROUPS)
NONE = "none"  # as the address says that all are folded
WORDS = {  # the better verdict first
    "holds up": "hold up",
    "better than chance": "better than chance",
    "partly holds": "partly",  # this and "not faithful" by the rule of before
    "not told from chance": "not told from chance",
    "cannot be judged": "cannot be judged",
    "not faithful": "not faithful",
    "nothing found": "found nothing",
}


def ordered(entries: Sequence[JSON]) -> list[JSON]:
    """Methods by group; in each the output over time, maps, then what gives neither but many rows."""
    return sorted(
        entries,
        key=lambda one: (
            ORDER.index(group_of(one)),
            not methods.shows_time(one),
            not methods.shows_relevance(one),
        ),
    )


def unfolded(api: Api, view: View) -> frozenset[str]:
    """The groups that the address names; else those of the desk's two methods, and of the output over time."""
    if view.open:
        return view.open
    chosen = {methods.chosen(api, view, slot).name for slot in SLOTS}
    return frozenset(
        group_of(entry) for entry in methods.all_of(api) if entry["method"] in chosen or methods.shows_time(entry)
    )


def shown(api: Api, view: View) -> list[JSON]:
    """The methods of unfolded groups that can explain the model, in the order of their cells."""
    known = unfolded(api, view)
    return ordered([entry for entry in methods.offered(api, view) if group_of(entry) in known])


def section(name: str, *cells: Element) -> Element:
    """Where a group stands: its head, which folds it, and its methods."""
    return html.Section(
        [html.Div(id=f"group-head-{name}"), html.Div(list(cells), className="cells")],
        id=f"group-{name}",
        className="group",
        hidden=True,
        **{"data-part": f"group-{name}"},
    )


def properties(api: Api, view: View, name: str) -> dict[str, dict[str, Any]]:
    """What a group shows of a view; it is not there where none of its methods can explain the model."""
    mine = ordered([entry for entry in methods.offered(api, view) if group_of(entry) == name])
    opened = name in unfolded(api, view)
    return {
        f"group-{name}": {"hidden": not mine, "data-open": "yes" if opened else None},
        f"group-head-{name}": {"children": head(name, mine, opened)},
    }


def head(name: str, entries: Sequence[JSON], opened: bool) -> Element:
    """`▸ Gradient: slopes of the score · 5 methods`, and their names while it is folded."""
    title, _, words = GROUPS[name].partition(": ")
    said = [html.B(title), html.Span(words, className="m")] if words else [html.B(title)]
    count = html.Span(format.plural(len(entries), "method"), className="f")
    names = None if opened else html.Span(", ".join(entry["title"] for entry in entries), className="m cut")
    inside = [html.I(className="fold"), *said, count, names, html.Span(className="sp"), html.Span(id=f"held-{name}")]
    marks = {"data-group": name, "aria-expanded": "true" if opened else "false"}
    return html.Button(inside, className="group-head row g8", **marks)


def held(verdicts: Sequence[str]) -> str:
    """`2 hold up, 1 partly` of the maps of a group that were judged; empty before."""
    counts = {words: verdicts.count(verdict) for verdict, words in WORDS.items()}
    words = [f"{count} {word}" for word, count in counts.items() if count]
    return ", ".join(words).replace("1 hold up", "1 holds up", 1) if counts["hold up"] == 1 else ", ".join(words)
