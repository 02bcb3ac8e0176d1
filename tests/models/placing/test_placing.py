"""Where windows lie: around beats, one after another, the whole."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from models.cards import BeatWindow, InputSpec, SpanWindow, WholeWindow
from models.placing import anchors
from models.records.record import Mark, Record

Make = Callable[..., Record]


def marked(record: Record, *marks: tuple[int, int | None, str]) -> Record:
    return replace(record, marks=tuple(Mark(*mark, "rhythm", "reference (atr)") for mark in marks))


def spans(samples: int, stride: int, shortest: int, fs: float = 360.0) -> InputSpec:
    window = SpanWindow(samples=samples, stride=stride, shortest=shortest)
    return InputSpec(fs=fs, preprocessing=(), window=window)


def test_a_beat_is_addressed_by_its_mark_and_its_window_lies_on_its_peak(make_record: Make) -> None:
    record = make_record()
    assert record.annotations is not None
    moved = replace(record.annotations, samples=record.annotations.samples + 5)
    found = anchors(replace(record, annotations=moved), 0, InputSpec(fs=360))
    assert found.beats is not None
    np.testing.assert_array_equal(found.samples, moved.samples)
    np.testing.assert_array_equal(found.beats.r, record.annotations.samples)
    np.testing.assert_array_equal(found.starts, found.beats.r - 72)
    np.testing.assert_array_equal(found.ends - found.starts, found.lengths)
    assert found.labels == moved.symbols


def test_a_beat_has_labels_in_vocabularies_of_beats_alone(make_record: Make) -> None:
    record = make_record()
    assert record.annotations is not None
    symbols = ("A", "L", *record.annotations.symbols[2:])
    record = replace(record, annotations=replace(record.annotations, symbols=symbols))
    assert (anchors(record, 0, InputSpec(fs=360), "aami").labels or ())[:2] == ("S", "N")
    assert anchors(record, 0, InputSpec(fs=360), "cinc2017").labels is None


@pytest.mark.parametrize("stride", [100, 250, 1000])
def test_spans_follow_each_other_and_reach_the_end(make_record: Make, stride: int) -> None:
    record = make_record(seconds=10.0)  # 3,600 samples
    found = anchors(record, 0, spans(1000, stride, 300))
    np.testing.assert_array_equal(found.samples, np.arange(len(found)) * stride)
    assert (found.lengths[:-1] == 1000).all()
    assert 300 <= found.lengths[-1] <= 1000
    assert found.ends[-1] == 3600
    if stride < 1000:
        assert (found.ends < 3600).sum() == len(found) - 1  # no second window is but the end of the one before
    assert found.beats is None


def test_what_is_left_over_at_the_end_is_a_window_only_where_it_is_long_enough(make_record: Make) -> None:
    record = make_record(seconds=10.0)
    assert anchors(record, 0, spans(1000, 1000, 600)).lengths.tolist() == [1000, 1000, 1000, 600]
    assert anchors(record, 0, spans(1000, 1000, 601)).lengths.tolist() == [1000, 1000, 1000]
    assert anchors(record, 0, spans(5000, 5000, 5000)).lengths.tolist() == []
    assert anchors(record, 0, spans(1200, 1200, 1)).lengths.tolist() == [1200, 1200, 1200]


def test_a_span_is_labelled_by_what_covers_most_of_it(make_record: Make) -> None:
    record = marked(make_record(seconds=10.0), (0, 1600, "N"), (1600, 1900, "AFIB"), (2000, None, "VT"))
    found = anchors(record, 0, spans(1000, 1000, 600), "rhythm")
    assert found.labels == ("N", "N", None, None)
    assert anchors(record, 0, spans(1000, 1000, 600), "cinc2017").labels is None


@pytest.mark.parametrize(("fs", "to"), [(360.0, 360.0), (360.0, 100.0), (250.0, 300.0), (977.0, 300.0)])
def test_the_whole_is_one_window_at_0_as_long_as_the_recording(make_record: Make, fs: float, to: float) -> None:
    from models.signals.resample import resample

    record = marked(make_record(fs=fs, seconds=13.7), (0, 10, "AFIB"), (10, round(13.7 * fs), "N"))
    found = anchors(record, 0, InputSpec(fs=to, preprocessing=(), window=WholeWindow(longest=10**6)), "rhythm")
    assert (found.samples.tolist(), found.starts.tolist(), found.labels) == ([0], [0], ("N",))
    assert found.lengths.tolist() == [len(resample(record.signal[0], fs, to))]
    assert abs(int(found.ends[0]) - record.samples) <= np.ceil(fs / to)


def test_a_series_has_no_beats(make_record: Make) -> None:
    record = make_record(kind="series", annotations=None)
    assert len(anchors(record, 0, InputSpec(fs=360, window=BeatWindow()))) == 0


def test_a_short_recording_is_one_window_where_the_network_reads_it_whole(make_record: Make) -> None:
    window = SpanWindow(samples=1000, stride=1000, shortest=300, whole_to=2000)
    spec = InputSpec(fs=360.0, preprocessing=(), window=window)
    short, long = (anchors(make_record(seconds=seconds), 0, spec) for seconds in (5.0, 10.0))
    assert (short.samples.tolist(), short.lengths.tolist()) == ([0], [1800])
    assert long.lengths.tolist() == [1000, 1000, 1000, 600]
    assert window.fits(1800)
    assert window.fits(300)
    assert not window.fits(2001)
