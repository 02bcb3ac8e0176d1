"""Documents of earlier formats, read as today's. What is stored stays as it was written."""

import json
from collections.abc import Callable
from typing import Any

from backend.links.schemas import FORMAT, Frozen
from models.explanations.explanation import from_extras

Document = dict[str, Any]


def read(format: int, text: str) -> Frozen:
    """The document that was written in `format`."""
    document: Document = json.loads(text)
    for earlier in range(format, FORMAT):
        document = UPGRADES[earlier](document)
    return Frozen.model_validate(document)


def _from_1(document: Document) -> Document:
    """Format 1 knew beats alone: symbols of MIT-BIH, one lead or the first ones, softmax."""
    beat, record, strip, model = (document[name] for name in ("beat", "record", "strip", "model"))
    at = record["sample"]
    placed = {"at": at, "start": at, "end": at + 1}
    channels = [record["lead"]] if model["input"].get("leads", 1) == 1 else record["leads"][: model["input"]["leads"]]
    rest = {name: value for name, value in document.items() if name != "beat"}
    return rest | {
        "record": _without(record, "sample") | placed,
        "strip": _without(strip, "beats", "beat_source")
        | {"source": strip["beat_source"], "windows": [_strip_window(one) for one in strip["beats"]]},
        "window": _without(beat, "sample", "symbol", *BEAT)
        | placed
        | {"label": beat["symbol"], "channels": channels, "kind": "beat", "vocabulary": MITBIH}
        | {"beat": {name: beat[name] for name in BEAT}},
        "explanations": [from_extras(one) for one in document["explanations"]],
        "model": _without(model, "temperature")
        | {"output": {"temperature": model["temperature"]}, "vocabulary": MITBIH},
    }


MITBIH = "mitbih"
BEAT = ("r", "aami", "rr_before", "rr_after")  # what was said of every window, as every one was a beat's


def _strip_window(beat: Document) -> Document:
    return _without(beat, "symbol") | {"label": beat["symbol"]}


def _without(document: Document, *names: str) -> Document:
    return {name: value for name, value in document.items() if name not in names}


UPGRADES: dict[int, Callable[[Document], Document]] = {1: _from_1}
