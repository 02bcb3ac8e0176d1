"""What stands beside a row's axes."""

from typing import Any

from frontend import format
from frontend.figures.tracks.frame import Frame
from frontend.figures.tracks.scale import Scale
from frontend.tokens import TOKENS, Theme
from frontend.tracks import Track
from frontend.vocabulary import letters

ROOM = 5  # letters that fit left of the axis


def shown(track: Track, dim: str, frame: Frame) -> list[str]:
    """Names along a dimension as short as the margin asks: classes by their letters, channels by their own names."""
    names = track.names(dim)
    if dim == "class":
        return [letters(name) for name in names]
    known = list(frame.channels)
    if dim == "channel" and not track.labels.get("channel") and len(known) == len(names):
        names = known
    names = [name.removeprefix(f"{dim} ") for name in names]  # `unit 7` is 7
    return [name if len(name) <= ROOM else f"{name[: ROOM - 1]}…" for name in names]


def ends(scale: Scale, theme: Theme) -> dict[str, Any]:
    """The ends of a scale as labels of its axis, and a line at 0 where that lies between them."""
    colours = TOKENS[theme]
    zero = {"zeroline": scale.low < 0 < scale.high, "zerolinecolor": colours["line2"]}
    words = [format.tight(end) for end in (scale.low, scale.high)]
    small = {"size": format.letters_px(words, 10), "color": colours["ink3"]}
    labels = {"tickvals": [scale.low, scale.high], "ticktext": words, "showticklabels": True, "tickfont": small}
    return zero | labels | {"ticklabeloverflow": "allow"}
