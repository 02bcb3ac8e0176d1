"""Marks inside a window, in its own samples: the beats' R peaks, stretches cut at its ends, nothing beside it."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from models.cards import BeatWindow, Card, ClassSpec, InputSpec, SpanWindow
from models.records import Record
from models.records.record import Mark
from models.signals.beats import beats
from models.signals.window_marks import window_marks
from models.signals.windows import Cutter

Make = Callable[..., Record]


def card(**spec: object) -> Card:
    return Card(
        id="any",
        title="Any",
        summary="",
        architecture="lstm",
        network={},
        weights_sha256="0" * 64,
        input=InputSpec(preprocessing=(), **spec),  # type: ignore[arg-type]
        classes=(ClassSpec(symbol="N", name="Normal"), ClassSpec(symbol="V", name="PVC")),
    )


@pytest.mark.parametrize("fs", [360.0, 180.0])
def test_a_beats_own_peak_lies_where_its_window_has_it(make_record: Make, fs: float) -> None:
    record = make_record()
    cutter = Cutter(record, card(fs=fs, window=BeatWindow(before=40, after=60)))
    for row in np.flatnonzero(cutter.valid):
        found = window_marks(cutter, int(cutter.anchors.samples[row]))
        assert [mark.start for mark in found if mark.end is None] == [40]


def test_a_span_holds_every_beat_in_it_and_stretches_are_cut(make_record: Make) -> None:
    record = make_record()
    length = record.samples // 2
    marks = tuple(
        Mark(start, end, label, "rhythm", "test")
        for start, end, label in ((0, record.samples, "AFIB"), (length + 5, None, "note"), (10, 30, "early"))
    )
    spec = {"fs": record.fs, "window": SpanWindow(samples=length, stride=length, shortest=length)}
    cutter = Cutter(replace(record, marks=marks, sha256=""), card(**spec))
    found = window_marks(cutter, length)
    peaks = beats(record, 0).r
    inside = [int(r) - length for r in peaks if length <= r < 2 * length]
    assert [mark.start for mark in found if mark.end is None and mark.label != "note"] == inside
    assert (0, length, "AFIB") in found
    assert (5, None, "note") in found
    assert "early" not in {mark.label for mark in found}
    assert list(found) == sorted(found, key=lambda mark: mark.start)
