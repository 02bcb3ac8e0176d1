"""What the worklist's grid shows of each recording."""

import hashlib
import json
from collections.abc import Sequence

from frontend import format
from frontend.api import JSON
from frontend.pages.worklist.column import Column, said

DEMO = "demo"  # the source of what comes with the program


def digest(answer: JSON) -> str:
    """Hash of an answer: whether the table has changed."""
    return hashlib.sha256(json.dumps(answer).encode()).hexdigest()


def complete(answer: JSON) -> bool:
    """Whether sparks and counts, which the service makes little by little, are all there, or never will be."""
    if answer["model"] and answer["counting"]["done"] < answer["counting"]["total"]:
        return False
    return all(entry["spark"] is not None or (entry["output"] or {}).get("trouble") for entry in answer["recordings"])


def rank(entry: JSON, recordings: Sequence[JSON]) -> int:
    """Where a recording stands before any order: 0 is where a newcomer starts, 2 is what no patient made.

    A newcomer has nothing but the demo set, and starts with what is real in it.
    """
    if entry["synthetic"]:
        return 2
    return 1 if any(one["source"] != DEMO for one in recordings) else 0


def row(entry: JSON, columns: Sequence[Column], reads: str | None = None, rank: int = 1) -> JSON:
    """What the table shows of a recording: each column's value, what sorts it and what the file says.

    `reads` is the kind of recording that the worklist's model reads.
    """
    facts = {name: entry[name] for name in ("id", "synthetic", "annotated", "beat_source")}
    facts |= {"readable": reads in (None, entry.get("kind")), "rank": rank}
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
