"""What placing is: where on a recording the windows of one kind lie, and what is said of each."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from models.cards import InputSpec
from models.records.record import Record
from models.signals.beats import Beats
from models.signals.resample import positions, ratio

Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Anchors:
    """Windows of one recording in order of time, at the record's fs but where it says otherwise."""

    samples: Indices  # [windows], a window's address: its beat's mark, its first sample, 0 for the whole
    first: Indices  # [windows], first sample at the network's fs; negative where it would begin before the recording
    lengths: Indices  # [windows], samples at the network's fs
    starts: Indices  # [windows], first sample
    ends: Indices  # [windows], the sample after the last
    labels: tuple[str | None, ...] | None  # [windows], codes of the vocabulary asked for; None: nobody labelled any
    source: str  # "reference (atr)", "detector (sleepecg)", "every 10 s"
    beats: Beats | None = None  # that the windows lie around

    def __len__(self) -> int:
        return len(self.samples)


class Placing:
    """One way of placing windows. Subclasses live one to a file and register by being there."""

    kind: ClassVar[str]  # of the window in the card

    def anchors(self, record: Record, lead: int, spec: InputSpec, vocabulary: str) -> Anchors:
        """Every window of `record`, seen in the lead `lead`, that a network of `spec` reads."""
        raise NotImplementedError


def anchored(
    record: Record, spec: InputSpec, first: Indices, lengths: Indices, vocabulary: str, source: str
) -> Anchors:
    """Windows first [windows] of lengths [windows] samples at the network's fs, addressed by their first samples.

    Each is labelled by what covers most of it.
    """
    starts, ends = (positions(at, spec.fs, record.fs) for at in (first, first + lengths))
    labels = covering(record, starts, ends, vocabulary)
    return Anchors(starts, first, lengths, starts, ends, labels, source)


def samples_at(record: Record, spec: InputSpec) -> int:
    """The recording's length at the network's fs, as `signals.resample` makes it."""
    up, down = ratio(record.fs, spec.fs).as_integer_ratio()
    return record.samples if record.fs == spec.fs else -(-record.samples * up // down)


def covering(record: Record, starts: Indices, ends: Indices, vocabulary: str) -> tuple[str | None, ...] | None:
    """The label whose marks cover most of each window starts[windows] to ends[windows]; None: there are no such marks.

    Marks of places count for nothing; a window that no mark covers has no label.
    """
    marks = [
        (mark.start, mark.end, mark.label)
        for mark in record.marks
        if mark.vocabulary == vocabulary and mark.end is not None
    ]
    if not marks:
        return None
    labels = list(dict.fromkeys(label for _, _, label in marks))
    shared = np.zeros((len(labels), len(starts)), dtype=np.int64)
    for first, last, label in marks:
        shared[labels.index(label)] += np.maximum(np.minimum(ends, last) - np.maximum(starts, first), 0)
    most = shared.argmax(axis=0)
    return tuple(labels[i] if shared[i, row] else None for row, i in enumerate(most))
