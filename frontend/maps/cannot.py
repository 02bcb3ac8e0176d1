"""The methods that cannot explain a model, folded into one line, each with its reason."""

from collections.abc import Sequence

from frontend.api import JSON
from frontend.ui.elements import Element, html


def cannot(entries: Sequence[JSON]) -> Element:
    """`Cannot explain this model: Attention, Hidden states`, unfolded with the reasons; nothing where all can."""
    left = [entry for entry in entries if entry.get("not_offered")]
    if not left:
        return None
    names = ", ".join(entry["title"] for entry in left)
    reasons = [html.Li([html.B(entry["title"]), f": {entry['not_offered']}"]) for entry in left]
    return html.Details(
        [html.Summary(f"Cannot explain this model: {names}"), html.Ul(reasons)], className="cannot s m w"
    )
