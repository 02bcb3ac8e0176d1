"""What the worklist says of each recording beyond its header: found out behind the scenes, kept in memory."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np

from backend.plain import numbers
from backend.recordings.schemas import Recording
from models.errors import DomainError
from models.records import Annotations, Catalogue, Entry, Problem, Record
from models.signals.beats import known
from models.signals.rpeaks import DETECTOR

log = logging.getLogger("beatlens.api")
SPARK_SECONDS, SPARK_POINTS = 3.0, 120
PATIENCE = 1.0  # s that the first listing waits for the counts of annotated beats
LARGE = 30_000_000  # values; a larger recording gets its preview when somebody opens it
REST = 2.0  # of the time that reading one took: people's requests come first


class Opens(Protocol):
    """What summaries need of the shelf."""

    @property
    def catalogue(self) -> Catalogue: ...


@dataclass(frozen=True)
class Summary:
    """What was found out about one recording."""

    beat_source: str | None = None
    counts: dict[str, int] | None = None
    spark: list[float | None] | None = None
    complete: bool = False


class Summaries:
    """One quiet thread first counts the annotated beats, then reads the signals for previews."""

    def __init__(self, shelf: Opens) -> None:
        self.shelf = shelf
        self._known: dict[str, Summary] = {}
        self._problems: dict[str, Problem] = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._counted = threading.Event()
        self._thread: threading.Thread | None = None

    def known(self, id: str) -> Summary:
        """What is known by now."""
        return self._known.get(id, Summary())

    def problems(self) -> list[Problem]:
        """Recordings found to be damaged while reading them."""
        return list(self._problems.values())

    def begin(self, entries: Sequence[Entry]) -> None:
        """Have the unknown ones looked at by one thread, and wait a moment for the counts, the quick part of it."""
        with self._lock:
            fresh = [entry for entry in entries if entry.id not in self._known and entry.id not in self._problems]
            idle = self._thread is None or not self._thread.is_alive()
            starting = bool(fresh) and idle and not self._stop.is_set()
            if starting:
                self._counted.clear()
                self._thread = threading.Thread(target=self._run, args=(fresh,), name="summaries", daemon=True)
                self._thread.start()
        if starting:
            self._counted.wait(PATIENCE)

    def wait(self, seconds: float = 60.0) -> None:
        """Wait for the thread; for tests and the end."""
        if self._thread is not None:
            self._thread.join(seconds)

    def close(self) -> None:
        """Stop after the recording in hand."""
        self._stop.set()
        self.wait(5.0)

    def learn(self, record: Record) -> Summary:
        """Everything about an opened recording; asked for by whoever opens one."""
        summary = self.known(record.id)
        if not summary.complete:
            summary = self._known[record.id] = Summary(*_labels(record.annotations), spark(record), True)
        return summary

    def _run(self, entries: list[Entry]) -> None:
        for entry in entries:
            self._guarded(entry, self._count)
        self._counted.set()
        for entry in entries:
            if entry.samples * len(entry.leads) <= LARGE:
                began = time.monotonic()
                self._guarded(entry, self._open)
                self._stop.wait(REST * (time.monotonic() - began))

    def _guarded(self, entry: Entry, look: Callable[[Entry], None]) -> None:
        """One recording's fault is written down and spoils no other."""
        if self._stop.is_set() or entry.id in self._problems:
            return
        try:
            look(entry)
        except DomainError as error:
            self._problems[entry.id] = Problem(entry.id, str(error))
        except Exception as error:
            log.exception("summary of %s", entry.id)
            self._problems[entry.id] = Problem(entry.id, f"could not be read: {type(error).__name__}")

    def _count(self, entry: Entry) -> None:
        marks = self.shelf.catalogue.annotations(entry.id) if entry.annotated else None
        self._known.setdefault(entry.id, Summary(*_labels(marks)))

    def _open(self, entry: Entry) -> None:
        self.learn(self.shelf.catalogue.open(entry.id))


def _labels(annotations: Annotations | None) -> tuple[str, dict[str, int] | None]:
    """Who placed the beats, and how many bear each symbol; the detector's bear none."""
    marks = known(annotations)
    return (marks.source, dict(Counter(marks.symbols).most_common())) if marks else (DETECTOR, None)


def spark(record: Record) -> list[float | None]:
    """About 120 values of the first lead's first 3 s without a gap (of its first 3 s, if all have one), in mV."""
    size = min(record.samples, round(SPARK_SECONDS * record.fs))
    first = record.signal[0]
    starts = range(0, max(1, record.samples - size), size)
    start = next((s for s in starts if not np.isnan(first[s : s + size]).any()), 0)
    values = first[start : start + size]
    if len(values) <= SPARK_POINTS:
        return numbers(values, 3)
    # The largest excursion of each bin from the middle: R peaks survive.
    edges = np.linspace(0, len(values), SPARK_POINTS + 1).astype(int)
    middle = np.nanmedian(values) if np.isfinite(values).any() else 0.0
    bins = (values[a:b] for a, b in pairwise(edges))
    return numbers(np.array([part[np.argmax(np.nan_to_num(np.abs(part - middle)))] for part in bins]), 3)


def recording(entry: Entry, summary: Summary) -> Recording:
    """The worklist's row."""
    return Recording(
        id=entry.id,
        name=entry.name,
        source=entry.source,
        leads=list(entry.leads),
        fs=entry.fs,
        samples=entry.samples,
        seconds=entry.seconds,
        comments=list(entry.comments),
        age=entry.age,
        sex="M" if entry.sex == "M" else "F" if entry.sex == "F" else None,
        annotated=entry.annotated,
        synthetic=entry.synthetic,
        credit=entry.credit,
        beat_source=summary.beat_source or _expected(entry),
        counts=summary.counts,
        spark=summary.spark,
    )


def _expected(entry: Entry) -> str:
    """Where the beats will come from, as far as the header tells."""
    if not entry.annotated:
        return DETECTOR
    return "truth (synthesised)" if entry.synthetic else "reference"
