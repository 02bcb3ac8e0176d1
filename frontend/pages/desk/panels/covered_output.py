"""The model's output while a span is covered; filled by assets/pages/desk/cover-output.js."""

from frontend.panel import Panel
from frontend.ui.elements import Element, html


def layout() -> Element:
    """The model's output with the span covered; it takes the uncovered one's place."""
    return html.Div(id="cover-output", hidden=True)


PANEL = Panel("covered_output", place="side", order=10, layout=layout, script="pages/desk/cover-output.js")
