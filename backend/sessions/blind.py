"""What somebody must not see yet: the beats of open blind sessions in which that person reads."""

import threading
import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import case, func, select

from backend.database import Database
from backend.errors import SealedError
from backend.recordings.service import RecordingRepository
from backend.sessions.tables import AnnotationSession, SessionEntry, SessionItem, SessionReader

NEAR = 0.1  # s: a detector finds one beat at slightly different samples in different leads
SEALED = "Sealed until you have read this beat"
HERE = "Sealed: you have beats of this recording to read blind"
UNKNOWN = "Sealed: while you read blind, ask for this by its beat"
REMEMBERED = 50_000  # ids
FRESH, STALE = 1.0, 10.0  # s

Bools = NDArray[np.bool_]
Where = tuple[str, frozenset[int]]  # a recording's SHA-256, and samples


@dataclass(frozen=True)
class Hidden:
    """Samples of one recording, ascending, whose model output, and whose reference, somebody must not see yet."""

    model: tuple[int, ...] = ()
    reference: tuple[int, ...] = ()  # these and more: it is shown later
    tolerance: int = 0  # samples within which another sample means the same beat

    def models(self, samples: Iterable[int]) -> Bools:
        """Which of these beats [beats] have a sealed model output."""
        return _near(samples, self.model, self.tolerance)

    def references(self, samples: Iterable[int]) -> Bools:
        """Which of these beats [beats] have a sealed reference."""
        return _near(samples, self.reference, self.tolerance)


NOTHING = Hidden()


def _near(samples: Iterable[int], hidden: tuple[int, ...], tolerance: int) -> Bools:
    asked, sealed = np.fromiter(samples, np.int64), np.array(hidden, np.int64)
    if not len(sealed):
        return np.zeros(len(asked), bool)
    right = np.searchsorted(sealed, asked).clip(0, len(sealed) - 1)
    left = (right - 1).clip(0)
    return np.asarray(np.minimum(np.abs(sealed[right] - asked), np.abs(sealed[left] - asked)) <= tolerance)


class Visibility:
    """What one person may see at this moment."""

    def __init__(self, hidden: Mapping[str, Hidden], names: frozenset[str], known: "Known") -> None:
        self.hidden = hidden  # by the recording's SHA-256
        self.names = names  # of these recordings
        self.known = known

    @property
    def free(self) -> bool:
        """Whether nothing is hidden from this person."""
        return not self.hidden

    def of(self, sha256: str) -> Hidden:
        """What is hidden of one recording."""
        return self.hidden.get(sha256, NOTHING)

    def affects(self, name: str, sha256: str) -> bool:
        """Whether a recording has anything hidden, so that its sums would tell."""
        return name in self.names or sha256 in self.hidden

    def check(self, sha256: str, *samples: int) -> None:
        """SealedError where the model's output for one of these beats is hidden."""
        if self.of(sha256).models(samples).any():
            raise SealedError(SEALED)

    def check_stretch(self, sha256: str, first: int, end: int) -> None:
        """SealedError where anything of a beat between two samples is hidden."""
        hidden = self.of(sha256)
        if any(first <= sample + hidden.tolerance and sample - hidden.tolerance < end for sample in hidden.reference):
            raise SealedError(HERE)

    def at(self, repository: RecordingRepository, recording: str, *samples: int) -> Where | None:
        """Where these beats are; SealedError where one is hidden, None for whoever sees everything anyway."""
        if self.free:
            return None
        sha256 = repository.checksum(recording)
        self.check(sha256, *samples)
        return sha256, frozenset(samples)

    def note(self, where: Where | None, id: Callable[[], str]) -> None:
        """Remember of which beats a result is."""
        if where is not None:
            self.known.note(id(), where)

    def recording_of(self, id: str) -> str:
        """SHA-256 of the recording of a result that was asked for here; SealedError for any other."""
        places = self.known.of(id)
        if not places:
            raise SealedError(UNKNOWN)
        return next(iter(places))[0]

    def check_id(self, id: str) -> None:
        """SealedError for a result of a hidden beat, and for one of which this process does not know the beat.

        Only what people who read blind asked for is remembered: they ask again, by the beat, for anything else.
        """
        if self.free:
            return
        places = self.known.of(id)
        if not places:
            raise SealedError(UNKNOWN)
        for sha256, samples in places:
            self.check(sha256, *samples)


class Known:
    """Of which beats the results are that people who read blind have asked for; safe among threads."""

    def __init__(self) -> None:
        self._places: OrderedDict[str, frozenset[Where]] = OrderedDict()
        self._lock = threading.Lock()

    def note(self, id: str, where: Where) -> None:
        """Equal windows of different beats have one result."""
        with self._lock:
            self._places[id] = self._places.pop(id, frozenset()) | {where}
            while len(self._places) > REMEMBERED:
                self._places.popitem(last=False)

    def of(self, id: str) -> frozenset[Where]:
        """The beats; empty where they are not known."""
        with self._lock:
            return self._places.get(id, frozenset())


class BlindingService:
    """Knows what is hidden from whom, by the log alone: true in every process, after every restart."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._known = Known()
        self._sights: dict[str, tuple[object, float, Visibility]] = {}  # by user: stamp, when, what

    def of(self, user_id: str) -> Visibility:
        """What this person may see."""
        return self._look(user_id)[1]

    def visibility_version(self, user_id: str) -> str:
        """Another one whenever what this person may see may have changed; none comes twice."""
        return "-".join(map(str, self._look(user_id)[0]))

    def _look(self, user_id: str) -> tuple[tuple[int | None, ...], Visibility]:
        """Two quick queries, a third only after something has changed."""
        with self.database.transaction() as session:
            sessions = select(func.count(), func.count(AnnotationSession.closed))
            steps = select(func.max(SessionEntry.id)).where(SessionEntry.user_id == user_id)
            stamp = (*session.execute(sessions.select_from(AnnotationSession)).one(), session.scalar(steps))
            kept = self._sights.get(user_id)
            visibility = kept[2] if kept and kept[0] == stamp else None
            rows = session.execute(_open(user_id)).all() if visibility is None and stamp[0] > stamp[1] else []
        visibility = visibility or _sight([tuple(row) for row in rows], self._known)
        self._sights[user_id] = (stamp, time.monotonic(), visibility)
        return stamp, visibility

    def is_known_unrestricted(self, user_id: str) -> bool:
        """Whether this process saw a moment ago that nothing is hidden from this person; asks nobody.

        Once a second one of many who ask is sent to look again, so that the others need not wait.
        """
        stamp, when, visibility = self._sights.get(user_id, (None, 0.0, None))
        age = time.monotonic() - when
        if visibility is None or not visibility.free or age > STALE:
            return False
        if age > FRESH:
            self._sights[user_id] = (stamp, time.monotonic(), visibility)
            return False
        return True

    def forget(self) -> None:
        """Have everybody looked up anew."""
        self._sights.clear()


def _open(user_id: str):  # type: ignore[no-untyped-def]
    """Every item of an open blind session that this person has not decided: name, hash, sample, fs, stage."""
    stage = func.max(case((SessionEntry.step == "final", 2), (SessionEntry.step == "reveal", 1), else_=0))
    own = (
        (SessionEntry.session == SessionItem.session)
        & (SessionEntry.place == SessionItem.place)
        & (SessionEntry.user_id == user_id)
    )
    return (
        select(SessionItem.recording, SessionItem.recording_sha256, SessionItem.sample, SessionItem.fs, stage)
        .join(AnnotationSession, AnnotationSession.id == SessionItem.session)
        .join(SessionReader, SessionReader.session == SessionItem.session)
        .outerjoin(SessionEntry, own)
        .where(SessionReader.user_id == user_id, AnnotationSession.blind, AnnotationSession.closed.is_(None))
        .group_by(SessionItem.session, SessionItem.place)
        .having(func.coalesce(stage, 0) < 2)
    )


def _sight(rows: list[tuple[str, str, int, float, int | None]], known: Known) -> Visibility:
    undecided: dict[str, set[int]] = defaultdict(set)
    unrevealed: dict[str, set[int]] = defaultdict(set)
    tolerance: dict[str, int] = {}
    for _, sha256, sample, fs, stage in rows:
        undecided[sha256].add(sample)
        tolerance[sha256] = round(NEAR * fs)
        if not stage:
            unrevealed[sha256].add(sample)
    hidden = {
        sha256: Hidden(tuple(sorted(unrevealed[sha256])), tuple(sorted(samples)), tolerance[sha256])
        for sha256, samples in undecided.items()
    }
    return Visibility(hidden, frozenset(name for name, *_ in rows), known)
