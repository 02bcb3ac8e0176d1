"""What is marked inside one window, in samples of the window: beats by their R peaks, and the record's other marks."""

import numpy as np

from models.explainers.tracks import Marks, WindowMark
from models.signals.beats import placed
from models.signals.resample import positions
from models.signals.windows import Cutter


def window_marks(cutter: Cutter, at: int) -> Marks:
    """Marks of the window addressed by `at`, in order of time; stretches are cut at the window's ends."""
    record, row, fs = cutter.record, cutter.row(at), cutter.card.input.fs
    first, samples = int(cutter.anchors.first[row]), int(cutter.anchors.lengths[row])
    found, peaks = placed(record, cutter.lead, fs)  # as beat windows are placed
    offsets = peaks - first
    symbols = found.symbols or ("",) * len(found)
    inside = np.flatnonzero((offsets >= 0) & (offsets < samples))
    points = [WindowMark(int(offsets[i]), None, symbols[i]) for i in inside]
    spans = [
        WindowMark(max(0, int(start)), None if end is None else min(samples, int(end)), mark.label)
        for mark in record.marks
        for start, end in [_ends(mark.start, mark.end, record.fs, fs, first)]
        if start < samples and (start >= 0 if end is None else end > 0)
    ]
    return tuple(sorted([*points, *spans], key=lambda mark: mark.start))


def _ends(start: int, end: int | None, record_fs: float, fs: float, first: int) -> tuple[int, int | None]:
    """Both ends in samples of the window that begins at `first`."""
    moved = positions(np.array([start, start if end is None else end]), record_fs, fs) - first
    return int(moved[0]), None if end is None else int(moved[1])
