"""What the worklist's grid shows of each recording."""

import hashlib
import json

from frontend import format
from frontend.api import JSON
from frontend.tokens import GROUP, ORDER


def digest(answer: JSON) -> str:
    """Hash of an answer: whether the table has changed."""
    return hashlib.sha256(json.dumps(answer).encode()).hexdigest()


def complete(answer: JSON) -> bool:
    """Whether sparks and counts, which the service makes little by little, are all there, or never will be."""
    if answer["model"] and answer["counting"]["done"] < answer["counting"]["total"]:
        return False
    return all(entry["spark"] is not None or (entry["output"] or {}).get("trouble") for entry in answer["recordings"])


def row(entry: JSON) -> JSON:
    """What the table shows of a recording."""
    said = entry.get("output") or {}
    trouble = said.get("trouble")
    texts = [entry["name"], entry["source"], *entry["leads"], *(entry["counts"] or {}), *entry["comments"]]
    return {
        "id": entry["id"],
        "name": format.record(entry["name"]),
        "synthetic": entry["synthetic"],
        "spark": entry["spark"],
        "patient": format.patient(entry["age"], entry["sex"]),
        "age": entry["age"],
        "leads": ", ".join(entry["leads"]),
        "length": format.length(entry["seconds"]),
        "seconds": entry["seconds"],
        "annotated": entry["annotated"],
        "beats": entry["beats"],
        "beat_source": entry["beat_source"],
        "seen": said.get("seen"),
        "trouble": trouble,
        # What a cell shows is one value, so that the grid draws it anew when any of it changes.
        "classes": [grouped(entry["counts"]), grouped(said.get("counts"))],  # reference, model
        "disagree": [said.get("disagreements"), said.get("compared"), trouble],
        "unsure": [said.get("uncertain"), trouble],
        "progress": [said.get("read"), said.get("to_read"), trouble],
        "words": " ".join(texts),
    }


def grouped(counts: dict[str, int] | None) -> list[tuple[str, int]] | None:
    """Beats of each group of symbols, in the order of the classes; None where nothing is counted yet."""
    if counts is None:
        return None
    groups: dict[str, int] = {}
    for symbol, n in counts.items():
        key = GROUP.get(symbol, symbol)
        groups[key] = groups.get(key, 0) + n
    known = [(symbol, groups.pop(symbol)) for symbol in ORDER if symbol in groups]
    return [*known, *sorted(groups.items())]  # classes of a model that are not MIT-BIH's come last


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
