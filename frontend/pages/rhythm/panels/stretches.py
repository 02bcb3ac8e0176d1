"""The rhythms that the reader has named in this recording; filled by assets/pages/rhythm/stretches.js."""

from frontend.panel import Panel
from frontend.ui.components import kbd, section
from frontend.ui.elements import Element, html

HOW = "Drag over the rows, then press a label. Ends move by drag or arrow keys; Shift-click puts the nearer end there."


def layout() -> Element:
    """The list, a stretch to begin with, and the way out of here as WFDB annotations."""
    new = html.Button(["Mark a stretch ", *kbd("S")], id="stretch-new", className="btn sm", title=HOW)
    out = html.A("Export", id="stretch-export", className="btn sm gh", title="As WFDB rhythm annotations", hidden=True)
    head = html.Div(
        [html.H2("Rhythms you named", className="h"), html.Span(className="sp"), new, out], className="row g8"
    )
    chosen = html.Div(id="stretch-chosen", className="row g8 stretch-chosen", role="status", hidden=True)
    return section(head, chosen, html.Div(id="stretch-list", className="stretch-list"), id="stretches")


PANEL = Panel("stretches", place="side", order=56, layout=layout, script="pages/rhythm/stretches.js")
