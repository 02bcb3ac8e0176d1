"""RR intervals: none where beats in between may be missing, and pauses stay what they are."""

from dataclasses import replace

import numpy as np
import pytest

from models.records import Annotations, Record
from models.signals.beats import Beats, beats
from models.signals.intervals import NO_SIGNAL, NOT_ANNOTATED, SAME_SAMPLE, Intervals, intervals

FS = 250
EVERY = 200  # samples: 800 ms
DROP = range(20, 27)  # beats


def record_of(beats_at: np.ndarray, marked: np.ndarray, leads: int = 1) -> Record:
    t = np.arange(60 * FS)
    trace = np.sum([np.exp(-(((t - at) / 4) ** 2)) for at in beats_at], axis=0).astype(np.float32)
    marks = Annotations(marked, ("N",) * len(marked), "reference (atr)")
    names = tuple(f"L{i}" for i in range(leads))
    return Record("x", "x", np.stack([trace] * leads), float(FS), names, annotations=marks)


def of(record: Record) -> tuple[Beats, Intervals]:
    found = beats(record)
    return found, intervals(record, 0, found)


ALL = np.arange(100, 60 * FS - 100, EVERY)
SOME = np.delete(ALL, list(DROP))


def test_neighbours_share_an_interval_and_the_ends_have_none() -> None:
    _, rr = of(record_of(ALL, ALL))
    assert np.isnan(rr.before[0])
    assert np.isnan(rr.after[-1])
    np.testing.assert_array_equal(rr.before[1:], rr.after[:-1])
    np.testing.assert_allclose(rr.before[1:], 800.0)
    assert set(rr.why_before) | set(rr.why_after) == {None}


@pytest.mark.parametrize("leads", [1, 2])
def test_beats_that_nobody_annotated_make_no_interval(leads: int) -> None:
    _, rr = of(record_of(ALL, SOME, leads))
    at = DROP.start
    assert np.isnan(rr.before[at])
    assert rr.why_before[at] == NOT_ANNOTATED
    assert np.isfinite(np.delete(rr.before, [0, at])).all()


def test_a_pause_is_an_interval_though_it_is_long() -> None:
    _, rr = of(record_of(SOME, SOME))
    assert rr.before[DROP.start] == pytest.approx(800.0 * (len(DROP) + 1))


def test_one_quiet_lead_shows_that_a_long_interval_is_a_pause() -> None:
    whole = record_of(SOME, SOME, leads=2)
    noisy = whole.signal.copy()
    noisy[1] += np.random.default_rng(0).normal(0, 1, noisy.shape[1]).astype(np.float32)
    _, rr = of(replace(whole, signal=noisy))
    assert np.isfinite(rr.before[1:]).all()


def test_no_interval_lies_over_a_gap_that_can_hide_a_beat() -> None:
    whole = record_of(ALL, SOME)
    signal = whole.signal.copy()
    signal[:, SOME[19] + 60 : SOME[20] - 60] = np.nan
    signal[:, SOME[5] + 90 : SOME[5] + 95] = np.nan  # 20 ms hide nothing
    _, rr = of(replace(whole, signal=signal))
    assert rr.why_before[20] == NO_SIGNAL
    assert rr.why_after[19] == NO_SIGNAL
    assert np.flatnonzero(np.isnan(rr.before)).tolist() == [0, 20]


def test_a_lead_with_signal_keeps_annotated_intervals() -> None:
    whole = record_of(ALL, ALL, leads=2)
    signal = whole.signal.copy()
    signal[0, 3000:4000] = np.nan
    _, rr = of(replace(whole, signal=signal))
    assert np.isfinite(rr.before[1:]).all()


def test_two_marks_at_one_sample_have_no_interval_between_them() -> None:
    doubled = np.sort(np.append(ALL, ALL[7]))
    _, rr = of(record_of(ALL, doubled))
    assert rr.why_before[8] == SAME_SAMPLE
    assert np.isnan(rr.before[8])
    assert np.nanmin(rr.before) > 0


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_beats_have_few_intervals(count: int) -> None:
    record = record_of(ALL, ALL[:2])
    found = Beats(ALL[:count], ALL[:count], None, "detector")
    rr = intervals(record, 0, found)
    assert len(rr.before) == len(rr.after) == len(rr.why_before) == len(rr.why_after) == count
    assert np.isfinite(rr.before).sum() == max(0, count - 1)
