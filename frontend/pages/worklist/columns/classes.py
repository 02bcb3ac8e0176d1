"""Beats by class: the reference's and the model's."""

from frontend.api import JSON
from frontend.pages.worklist.column import LARGEST_FIRST, Column, said
from frontend.tokens import CLASSES
from frontend.vocabulary import BEATS

Grouped = list[tuple[str, int]]


def grouped(counts: dict[str, int] | None) -> Grouped | None:
    """Beats of each group of symbols, in the order of the classes; None where nothing is counted yet."""
    if counts is None:
        return None
    groups: dict[str, int] = {}
    for symbol, n in counts.items():
        key = BEATS[symbol].colour_group if symbol in BEATS else symbol
        groups[key] = groups.get(key, 0) + n
    known = [(symbol, groups.pop(symbol)) for symbol in CLASSES if symbol in groups]
    return [*known, *sorted(groups.items())]  # classes of a model that are not MIT-BIH's come last


def reference(entry: JSON) -> Grouped | None:
    """The reference's."""
    return grouped(entry["counts"])


def model(entry: JSON) -> Grouped | None:
    """The model's."""
    return grouped(said(entry).get("counts"))


def not_normal(entry: JSON) -> int:
    """How many beats are not normal, by the reference, else by the model."""
    return sum(n for symbol, n in reference(entry) or model(entry) or [] if symbol != "N")


def listed(beats: Grouped | None) -> str:
    """`N 5 V 2`."""
    return " ".join(f"{symbol} {n}" for symbol, n in beats or [])


COLUMN = Column(
    "classes",
    "Beats by class",
    order=50,
    width=230,
    value=lambda entry: [reference(entry), model(entry)],
    renderer="ClassBar",
    compare=not_normal,
    csv=(
        ("Beats by reference class", lambda entry: listed(reference(entry))),
        ("Beats by model class", lambda entry: listed(model(entry))),
    ),
    words=lambda entry: entry["counts"] or (),
    options={
        "flex": 270,
        "minWidth": 154,
        "headerTooltip": "Upper bar: reference. Lower bar: model output. Numbers: the reference's, else the model's.",
        "headerComponentParams": {"innerHeaderComponent": "ClassLegend"},
        **LARGEST_FIRST,
    },
)
