"""Rows of tracks: what stands below a picture, each track with its name, unit, scale and figure."""

from collections.abc import Sequence
from dataclasses import dataclass

from frontend.api import JSON
from frontend.figures.paper import Figure
from frontend.figures.tracks.frame import Frame
from frontend.figures.tracks.kind import kind_of
from frontend.figures.tracks.scale import scale
from frontend.tracks import Track, beside, shows_relevance

MOST = 12  # rows in sight; the rest is unfolded
ASIDE = ("loss", "signal")  # roles that say how a map came about: not shown until somebody asks, where there is a map


@dataclass(frozen=True)
class Row:
    """One track, drawn."""

    title: str
    facts: str  # unit and scale, or the value where there is nothing to draw
    figure: Figure | None
    words: str  # for those who cannot see it
    aside: bool  # whether it only says how the map came about


def row(track: Track, frame: Frame) -> Row:
    """A track as a row below its picture."""
    kind, aside = kind_of(track), track.role in ASIDE
    if kind is None:
        facts = f"{', '.join((*track.dims, track.unit))}: not drawn, the API has its values"
        return Row(track.name, facts, None, f"{track.name}: {facts}.", aside)
    ends = scale(track, frame)
    said, drawn = kind.said(track, frame, ends), kind.draw(track, frame, ends)
    if drawn is None:
        return Row(track.name, said, None, f"{track.name}: {said}.", aside)
    facts = ", ".join(part for part in (track.unit, ends.words) if part)
    return Row(track.name, facts, drawn, f"{track.name}, {facts}: {said}.", aside)


def rows(explanation: JSON, frame: Frame) -> list[Row]:
    """Every track that is not the picture."""
    return [row(track, frame) for track in beside(explanation)]


def unfolded(explanation: JSON, found: Sequence[Row]) -> bool:
    """Whether rows are shown without being asked for: they say something of the window, or there is no map."""
    return not shows_relevance(explanation) or any(not one.aside for one in found)
