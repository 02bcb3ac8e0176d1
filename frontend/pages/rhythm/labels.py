"""Rhythm classes and reference rhythms: letters, colours, and which of a model's classes a rhythm counts as."""

from functools import lru_cache

from frontend.api import JSON, Api, ApiError
from frontend.tokens import CLASSES, Theme
from frontend.vocabulary import label

NORMAL, OTHER = "N", "F"  # colour groups: of what is normal, of a rhythm without a class of its own
SHORT = 2  # letters that stand on a chip


def letters(kind: JSON) -> str:
    """What stands on a chip: `AF` where the short name has room, else the code."""
    short = label(kind["symbol"], kind["name"]).short
    return short if len(short) <= SHORT else str(kind["symbol"])[:SHORT]


def short(kind: JSON) -> str:
    """`AF`, `Other`: a class in a sentence."""
    return label(kind["symbol"], kind["name"]).short


def colour_key(kind: JSON) -> str:
    """The key of the CSS variable --c<key>."""
    return label(kind["symbol"], kind["name"]).group.key


def colour(kind: JSON, theme: Theme) -> str:
    """Hex colour of a class."""
    return label(kind["symbol"], kind["name"]).group.colour(theme)


def is_normal(kind: JSON) -> bool:
    """Whether it is drawn pale: most of most recordings."""
    return label(kind["symbol"], kind["name"]).colour_group == NORMAL


def rhythms(api: Api, record: str) -> list[JSON]:
    """The reference's rhythms and its label of the whole recording, as far as they may be seen."""
    try:
        marks = api.marks(record)["marks"]
    except ApiError:
        return []
    return [mark for mark in marks if mark["end_time"] is not None and mark["vocabulary"] != "wfdb"]


def mark_letters(mark: JSON) -> str:
    """A reference rhythm in short: its own letters, of a class its short name."""
    return str(mark["label"]) if mark["vocabulary"] == "rhythm" else label(mark["label"], mark["name"]).short


def groups(api: Api) -> dict[tuple[str, str], str]:
    """Vocabulary and code → what the label counts as: "sinus", "fibrillation"."""
    return _groups(api)


@lru_cache(maxsize=4)
def _groups(api: Api) -> dict[tuple[str, str], str]:
    return {
        (one["name"], entry["code"]): entry.get("group", "") for one in api.vocabularies() for entry in one["labels"]
    }


def class_of(api: Api, mark: JSON, card: JSON) -> JSON | None:
    """The model's class that a mark of the reference counts as; where it has none for it, the class of all others."""
    known, vocabulary = groups(api), card["vocabulary"]
    kinds = {known.get((vocabulary, kind["symbol"])): kind for kind in card["classes"]}
    group = known.get((mark["vocabulary"], mark["label"]))
    if group is None:
        return None
    return kinds.get(group) or kinds.get("other")


def mark_colour(api: Api, mark: JSON, card: JSON, theme: Theme) -> str:
    """A reference rhythm in the colour of the class that it counts as."""
    kind = class_of(api, mark, card)
    return colour(kind, theme) if kind else CLASSES[OTHER].colour(theme)


def shares(marks: list[JSON], start: float, end: float) -> list[tuple[JSON, float]]:
    """Each rhythm of a stretch with its seconds, in the order in which they begin; one rhythm is named once."""
    found: dict[str, tuple[JSON, float]] = {}
    for mark in marks:
        seconds = min(end, mark["end_time"]) - max(start, mark["time"])
        if seconds > 0:
            before = found.get(mark["label"], (mark, 0.0))[1]
            found[mark["label"]] = (mark, before + seconds)
    return list(found.values())
