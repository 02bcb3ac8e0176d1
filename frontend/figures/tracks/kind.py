"""One way of drawing tracks, found by its `KIND`; other packages have entry points `beatlens.track_figures`."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from frontend.discovery import discover
from frontend.figures.paper import Figure
from frontend.figures.tracks.frame import Frame
from frontend.figures.tracks.scale import Scale
from frontend.tracks import Track

GROUP = "beatlens.track_figures"


@dataclass(frozen=True)
class Kind:
    """A picture for every track that fits; the first that does is taken, those of other packages before ours."""

    fits: Callable[[Track], bool]
    draw: Callable[[Track, Frame, Scale], Figure | None]  # None: its numbers are all there is
    said: Callable[[Track, Frame, Scale], str]  # its largest value, or its only one, in words
    order: int = 0


@cache
def kinds() -> tuple[Kind, ...]:
    """All of them, in the order in which they are tried."""
    package = sys.modules[__package__ or "frontend.figures.tracks"]
    return tuple(sorted(discover(package, "KIND", Kind, GROUP), key=lambda kind: kind.order))


def kind_of(track: Track) -> Kind | None:
    """The one that draws a track; None where none fits its dimensions."""
    if len(set(track.dims)) < len(track.dims):
        return None
    return next((kind for kind in kinds() if kind.fits(track)), None)
