"""Tracks drawn: everything that an explanation holds beside its picture, by role and dimensions alone.

    frame = Frame(window, span, width, theme, classes, channels)   the time axis of the picture above, in ms and px
    rows(explanation, frame) -> [Row(title, facts, figure, words, aside)]   every track that is not the picture
    row(track, frame) -> Row                                        one `frontend.tracks.Track`

A track's role sets its scale (`scale.py`), its dimensions the way it is drawn: `lines.py`, `heat.py`, `bars.py`,
`number.py`, each a `KIND`. Another way is one more file, or an entry point `beatlens.track_figures` of another package.
"""

from frontend.figures.tracks.frame import Frame
from frontend.figures.tracks.kind import Kind
from frontend.figures.tracks.rows import MOST, Row, row, rows, unfolded
from frontend.figures.tracks.scale import Scale, scale

__all__ = ["MOST", "Frame", "Kind", "Row", "Scale", "row", "rows", "scale", "unfolded"]
