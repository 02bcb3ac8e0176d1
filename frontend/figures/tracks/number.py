"""A track of one number: it is said, not drawn."""

from frontend import format
from frontend.figures.tracks.frame import Frame
from frontend.figures.tracks.kind import Kind
from frontend.figures.tracks.scale import Scale
from frontend.tracks import Track


def said(track: Track, _: Frame, __: Scale) -> str:
    """`−2.10 logit`, `416 samples`."""
    value = float(track.array)
    known = format.short(value) if value.is_integer() else format.measure(value)
    return f"{known if value == value else format.NONE} {track.unit}".strip()


KIND = Kind(lambda track: not track.dims, lambda *_: None, said, order=10)
