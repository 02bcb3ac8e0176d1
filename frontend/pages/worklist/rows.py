"""What the worklist's grid shows of each recording."""

import hashlib
import json
from collections.abc import Sequence

from frontend import format
from frontend.api import JSON
from frontend.pages.worklist.column import Column, said
from frontend.ui.views import SHORT, reads_beats


def digest(answer: JSON) -> str:
    """Hash of an answer: whether the table has changed."""
    return hashlib.sha256(json.dumps(answer).encode()).hexdigest()


def complete(answer: JSON) -> bool:
    """Whether sparks and counts, which the service makes little by little, are all there, or never will be."""
    if answer["model"] and answer["counting"]["done"] < answer["counting"]["total"]:
        return False
    return all(entry["spark"] is not None or (entry["output"] or {}).get("trouble") for entry in answer["recordings"])


def opens(entry: JSON, card: JSON | None, rhythm: str | None) -> JSON:
    """The page that a recording opens with, and the model where that is not the worklist's own.

    What the worklist's model reads decides; a short recording of one lead without reference beats is one of rhythm,
    and opens with the model called `rhythm` where there is one.
    """
    if card and card["reads"] == entry.get("kind", "ecg") == "ecg" and not reads_beats(card):
        return {"page": "rhythm", "model": card["id"]}
    short = entry["seconds"] <= SHORT and len(entry["leads"]) == 1 and entry.get("kind", "ecg") == "ecg"
    if rhythm and short and entry["beat_source"].startswith("detector") and not entry["synthetic"]:
        return {"page": "rhythm", "model": rhythm}
    return {"page": "desk", "model": None}


def row(entry: JSON, columns: Sequence[Column], card: JSON | None = None, rhythm: str | None = None) -> JSON:
    """What the table shows of a recording: each column's value, what sorts it and what the file says.

    `card` is the worklist's model in short, `rhythm` the first model that reads rhythms.
    """
    facts = {name: entry[name] for name in ("id", "synthetic", "annotated", "beat_source")}
    facts["readable"] = card is None or card["reads"] == entry.get("kind")
    facts["opens"] = opens(entry, card, rhythm)
    return {
        **facts,
        "notes": " ".join(entry.get("notes") or ()),
        "trouble": said(entry).get("trouble"),
        **{column.field: column.value(entry) for column in columns},
        "sort": {column.field: (column.compare or column.value)(entry) for column in columns},
        "csv": {key: value for column in columns for key, value in column.written(entry).items()},
        "words": " ".join(word for column in columns if column.words for word in column.words(entry)),
    }


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
