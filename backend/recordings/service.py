"""The recordings there are: catalogue, beats, stretches of signal."""

import difflib
import logging
import threading
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backend.plain import numbers
from backend.recordings.folders import NAME, load_folders
from backend.recordings.schemas import ProblemOut, Recordings, Signal
from backend.recordings.summary import Summaries, recording
from backend.settings import Settings
from models.errors import DomainError, InvalidError, NotFoundError
from models.records import Catalogue, Entry, Problem, Record, catalogue
from models.records.lru import Lru
from models.signals.beats import Beats, beats

log = logging.getLogger("beatlens.api")
NEAREST = 5  # options named where there are many
KEPT = 64  # recordings whose beats stay in memory


class Shelf:
    """Every recording of the demo set, of the settings' folders and of the imported ones."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.summaries = Summaries(self)
        self._lock = threading.Lock()
        self._catalogue: Catalogue | None = None
        self._listed: int | None = None  # mtime of the list of imported folders
        self._beats: Lru[Beats] = Lru(KEPT)
        self._trouble: Problem | None = None

    @property
    def catalogue(self) -> Catalogue:
        """What there is; made anew when a folder was imported meanwhile."""
        file = self.settings.data_dir / NAME
        changed = file.stat().st_mtime_ns if file.exists() else None
        with self._lock:
            if self._catalogue is None or changed != self._listed:
                self._catalogue, self._listed = catalogue(self._folders()), changed
            return self._catalogue

    def _folders(self) -> tuple[Path, ...]:
        """A damaged list of imported folders is a problem on the page, not the end of the service."""
        self._trouble = None
        try:
            return (*self.settings.recordings, *load_folders(self.settings.data_dir))
        except DomainError as error:
            self._trouble = Problem(str(self.settings.data_dir / NAME), str(error))
            return self.settings.recordings

    def listing(self) -> Recordings:
        """Every recording by its header, with whatever is known of its beats by now."""
        entries = self.catalogue.entries()
        self.summaries.begin(entries)
        return Recordings(
            recordings=[recording(entry, self.summaries.known(entry.id)) for entry in entries],
            problems=[ProblemOut(file=problem.file, reason=problem.reason) for problem in self.problems()],
        )

    def problems(self) -> list[Problem]:
        """What cannot be used: bad headers, and files found to be damaged when they were read."""
        own = [self._trouble] if self._trouble else []
        return [*own, *self.catalogue.problems(), *self.summaries.problems()]

    def entry(self, id: str) -> Entry:
        """The recording by its header; NotFoundError naming the nearest ids."""
        try:
            return self.catalogue.entry(id)
        except NotFoundError as error:
            ids = [entry.id for entry in self.catalogue.entries()]
            near = tuple(difflib.get_close_matches(id, ids, NEAREST, 0.3)) or tuple(ids[:NEAREST])
            message = f"Unknown recording {id!r}: the nearest of {len(ids)} are {', '.join(near)}"
            raise NotFoundError(message, field="recording", options=near) from error

    def open(self, id: str) -> Record:
        """The recording in memory."""
        self.entry(id)
        return self.catalogue.open(id)

    def beats(self, record: Record, lead: int) -> Beats:
        """Its beats as seen in one lead (index); found once."""
        return self._beats.get((record.id, record.sha256, lead), lambda: beats(record, lead))

    def signal(self, id: str, lead: str | None, start: float, seconds: float | None, points: int) -> Signal:
        """A stretch of one lead with at most about `points` values."""
        record = self.open(id)
        index = record.lead_index(lead)
        if start >= record.seconds:
            raise InvalidError(f"start = {start:g} s is after the end: {id} lasts {record.seconds:g} s", field="start")
        first = round(start * record.fs)
        wanted = record.samples if seconds is None else first + max(1, round(seconds * record.fs))
        values = record.signal[index, first : min(wanted, record.samples)]
        at, shown = decimate(values, points)
        return Signal(
            lead=record.leads[index],
            fs=record.fs,
            start=first / record.fs,
            seconds=len(values) / record.fs,
            decimated=len(at) < len(values),
            time=numbers((first + at) / record.fs, 5),
            value=numbers(shown, 4),
        )


def locate(found: Beats, sample: int) -> int:
    """Index of the beat at `sample`; NotFoundError naming the nearest beats."""
    place = int(np.searchsorted(found.samples, sample))
    if place < len(found) and found.samples[place] == sample:
        return place
    around = found.samples[max(0, place - 2) : place + 2]
    options = tuple(str(int(other)) for other in around)
    near = f"the nearest are at {', '.join(options)}" if options else "this recording has no beats"
    raise NotFoundError(f"No beat at sample {sample}: {near}", field="beat", options=options)


def decimate(values: NDArray[np.float32], points: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Positions and values [about points] of values [samples]: minimum and maximum of each bin, gaps kept as gaps."""
    if len(values) <= points:
        return np.arange(len(values)), values
    from tsdownsample import MinMaxDownsampler

    gap = np.isnan(values)
    count = points - points % 2
    if not gap.any():
        kept = np.asarray(MinMaxDownsampler().downsample(values, n_out=count), dtype=np.int64)  # type: ignore[no-untyped-call]
        return kept, values[kept]
    return _with_gaps(values, gap, count)


def _with_gaps(
    values: NDArray[np.float32], gap: NDArray[np.bool_], count: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """As `decimate`, bin by bin: whatever a bin holds of signal shows, and a gap in it stays visible as a null."""
    edges = np.linspace(0, len(values), max(2, count // 3) + 1).astype(np.int64)
    kept: set[int] = set()
    for first, end in pairwise(edges):
        part, missing = values[first:end], gap[first:end]
        if missing.any():
            kept.add(int(first + np.argmax(missing)))
        if not missing.all():
            kept |= {int(first + np.nanargmin(part)), int(first + np.nanargmax(part))}
    at = np.array(sorted(kept), dtype=np.int64)
    return at, values[at]
