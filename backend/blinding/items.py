"""Items that a user still has to read blind, as the sessions tell them to this room."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from sqlalchemy.orm import Session

from backend.blinding.hidden import Hidden
from backend.blinding.intervals import Interval, Intervals, widened

NEAR = 0.1  # s: a detector finds one beat at slightly different samples in different leads


@dataclass(frozen=True)
class BlindItem:
    """One window that somebody has to read blind and has not decided yet."""

    recording: str
    recording_sha256: str
    start: int  # start ≤ sample < end; a beat's is its one sample
    end: int
    fs: float  # Hz
    revealed: bool  # the model's output was shown; the reference was not


class ItemsVersion(NamedTuple):
    """A version that differs whenever the windows that a user has to read blind may differ."""

    sessions: int
    closed: int
    last_step: int | None
    latest_end: datetime | None  # of the sessions that are closed: one re-opened and another closed is a change

    @property
    def any_open(self) -> bool:
        """Whether there can be such a window at all."""
        return self.sessions > self.closed


class BlindItems(Protocol):
    """The query that the sessions implement (backend.sessions.blind_items)."""

    def version(self, session: Session, user_id: str) -> ItemsVersion:
        """The version of this person's items; quick."""

    def undecided(self, session: Session, user_id: str) -> list[BlindItem]:
        """Every item of an open blind session that this person has not decided."""


def hidden_in(items: Iterable[BlindItem]) -> dict[str, Hidden]:
    """The parts of recordings that items hide, by the recording's SHA-256."""
    undecided: dict[str, set[Interval]] = defaultdict(set)
    unrevealed: dict[str, set[Interval]] = defaultdict(set)
    for item in items:
        interval = widened((item.start, item.end), round(NEAR * item.fs))
        undecided[item.recording_sha256].add(interval)
        if not item.revealed:
            unrevealed[item.recording_sha256].add(interval)
    return {
        sha256: Hidden(Intervals.of(unrevealed[sha256]), Intervals.of(intervals))
        for sha256, intervals in undecided.items()
    }
