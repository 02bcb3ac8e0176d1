"""What the worklist's grid shows of each recording."""

import hashlib
import json
from collections.abc import Sequence
from functools import partial

from frontend import format
from frontend.api import JSON
from frontend.discovery import guarded
from frontend.pages.worklist.column import Column, said
from frontend.ui.views import SHORT, reads_beats

GROUP = "beatlens.columns"
DEMO = "demo"  # the source of what comes with the program
EMPTY: JSON = {"value": None, "sort": None, "csv": {}, "words": []}  # where another package's column fails


def digest(answer: JSON) -> str:
    """Hash of an answer: whether the table has changed; what is under way the browser asks for itself."""
    listed = [entry | {"progress": None} for entry in answer["recordings"]]
    return hashlib.sha256(json.dumps(answer | {"recordings": listed}).encode()).hexdigest()


def complete(answer: JSON) -> bool:
    """Whether sparks and counts, which the service makes little by little, are all there, or never will be."""
    if answer["model"] and answer["counting"]["done"] < answer["counting"]["total"]:
        return False
    return all(entry["spark"] is not None or (entry["output"] or {}).get("trouble") for entry in answer["recordings"])


def opens(entry: JSON, card: JSON | None, rhythm: str | None, stay: str | None = None) -> JSON:
    """The page that a recording opens with, and the model where that is not the worklist's own.

    What the worklist's model reads decides; a short recording of one lead without reference beats is one of rhythm,
    and opens with the model called `rhythm` where there is one; a series opens with the one called `stay`.
    """
    if stay and entry.get("kind") == "series":
        return {"page": "stay", "model": stay}
    if card and card["reads"] == entry.get("kind", "ecg") == "ecg" and not reads_beats(card):
        return {"page": "rhythm", "model": card["id"]}
    short = entry["seconds"] <= SHORT and len(entry["leads"]) == 1 and entry.get("kind", "ecg") == "ecg"
    if rhythm and short and entry["beat_source"].startswith("detector") and not entry["synthetic"]:
        return {"page": "rhythm", "model": rhythm}
    return {"page": "desk", "model": None}


def rank(entry: JSON, recordings: Sequence[JSON]) -> int:
    """Where a recording stands before any order: 0 is where a newcomer starts, 2 is what no patient made.

    A newcomer has nothing but the demo set, and starts with what is real in it.
    """
    if entry["synthetic"]:
        return 2
    return 1 if any(one["source"] != DEMO for one in recordings) else 0


def row(
    entry: JSON,
    columns: Sequence[Column],
    card: JSON | None = None,
    rank: int = 1,
    rhythm: str | None = None,
    stay: str | None = None,
) -> JSON:
    """What the table shows of a recording: each column's value, what sorts it and what the file says.

    `card` is the worklist's model in short, `rhythm` and `stay` the first models that read such.
    """
    facts = {name: entry[name] for name in ("id", "synthetic", "annotated", "beat_source")}
    facts |= {
        "readable": card is None or card["reads"] == entry.get("kind"),
        "rank": rank,
        "opens": opens(entry, card, rhythm, stay),
    }
    cells = {column.field: guarded(column, partial(_cell, column, entry), EMPTY) for column in columns}
    return {
        **facts,
        "notes": " ".join(entry.get("notes") or ()),
        "trouble": said(entry).get("trouble"),
        "under_way": entry.get("progress"),
        **{field: cell["value"] for field, cell in cells.items()},
        "sort": {field: cell["sort"] for field, cell in cells.items()},
        "csv": {key: value for cell in cells.values() for key, value in cell["csv"].items()},
        "words": " ".join(word for cell in cells.values() for word in cell["words"]),
    }


def _cell(column: Column, entry: JSON) -> JSON:
    """What a column says of a recording."""
    words = list(column.words(entry)) if column.words else []
    sort = (column.compare or column.value)(entry)
    return {"value": column.value(entry), "sort": sort, "csv": column.written(entry), "words": words}


def summary(recordings: list[JSON]) -> str:
    """How many recordings and beats, and where from."""
    beats = sum(entry["beats"] or sum((entry["counts"] or {}).values()) for entry in recordings)
    sources = list(dict.fromkeys(entry["source"] for entry in recordings))
    parts = [
        format.plural(len(recordings), "recording"),
        format.plural(beats, "beat") if beats else "",
        ", ".join(sources),
    ]
    return " · ".join(part for part in parts if part)
