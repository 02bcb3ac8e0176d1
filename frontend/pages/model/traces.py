"""Small traces, drawn by assets/pages/model/traces.js, and links to the windows that they are of."""

import json
from collections.abc import Sequence
from urllib.parse import urlencode

from frontend.api import JSON
from frontend.ui.elements import Element, dcc, html

Line = tuple[str, Sequence[float]]  # "ink", "grey" or "dashed", and its values


def drawn(lines: Sequence[Line], words: str, height: int, origin: float | None = None) -> Element:
    """Lines on one scale, the first in front; `origin` is where R lies, 0 … 1."""
    low = min((min(values) for _, values in lines if values), default=0.0)
    high = max((max(values) for _, values in lines if values), default=1.0)
    data = {"lines": [[kind, [round(value, 3) for value in values]] for kind, values in lines], "low": low}
    data |= {"high": high if high > low else low + 1, "origin": origin}
    marks = {"data-traces": json.dumps(data, separators=(",", ":")), "aria-label": words}
    return html.Div(className="traces", role="img", style={"height": height}, **marks)


def link(record: str, at: int, words: Element, model: str) -> Element:
    """The way to a window on the desk."""
    query = urlencode({"record": record, "at": at, "model": model})
    return dcc.Link(words, href=f"/review?{query}", className="model-link")


def window_origin(spec: JSON) -> float | None:
    """Where R lies in a window, 0 … 1; None where it lies around no beat."""
    window = spec["window"]
    return window["before"] / (window["before"] + window["after"]) if window["kind"] == "beat" else None
