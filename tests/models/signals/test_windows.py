"""From recording to network input: identities of cutting, normalising, resampling and gaps."""

import threading
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from models.cards import BeatWindow, InputSpec, ZScore
from models.errors import InvalidError
from models.records import Record
from models.signals import pieces, preparing, windows
from models.signals.beats import to_peaks
from models.signals.gaps import bridged
from models.signals.preparing import Prepared, measured, prepare
from models.signals.resample import position, resample, resample_mask
from models.signals.windows import Window, around

Make = Callable[..., Record]
PLAIN = InputSpec(fs=360, preprocessing=())
PAPER = InputSpec(fs=360)


def cut(record: Record, prepared: Prepared, r: int) -> Window:
    """The window around `r` (record's fs)."""
    window = prepared.spec.window
    assert isinstance(window, BeatWindow)
    first = position(r, prepared.record_fs, prepared.spec.fs) - window.before
    return windows.cut(record, prepared, first, window.samples, r)


def peaks(record: Record) -> list[int]:
    assert record.annotations is not None
    return [int(sample) for sample in record.annotations.samples]


def test_raw_window_is_exactly_the_recordings_millivolts(make_record: Make) -> None:
    record = make_record()
    r = peaks(record)[2]
    window = cut(record, prepare(record, [0], PAPER), r)
    assert window.start == r - 72
    assert window.input.shape == window.raw.shape == (1, 216)
    assert window.input.dtype == window.raw.dtype == np.float32
    np.testing.assert_array_equal(window.raw, record.signal[:1, r - 72 : r + 144])


def test_without_preprocessing_the_input_is_the_raw_window(make_record: Make) -> None:
    record = make_record()
    window = cut(record, prepare(record, [1], PLAIN), 1000)
    np.testing.assert_array_equal(window.input, window.raw)


def test_r_lies_at_index_before(make_record: Make) -> None:
    record = make_record()
    prepared = prepare(record, [0], PAPER)
    for r in peaks(record)[1:-1]:
        window = cut(record, prepared, r)
        assert int(np.argmax(window.input[0])) == 72
        assert window.input[0, 72] == prepared.signal[0, r]


def test_zscore_has_mean_zero_and_spread_one_in_each_lead(make_record: Make) -> None:
    signal = make_record().signal * np.array([[3.0], [0.1]], dtype=np.float32) + 5
    prepared = prepare(make_record(signal=signal), [0, 1], PAPER.model_copy(update={"leads": 2}))
    np.testing.assert_allclose(prepared.signal.mean(axis=1), 0, atol=1e-6)
    np.testing.assert_allclose(prepared.signal.std(axis=1), 1, atol=1e-5)


def test_the_input_does_not_depend_on_gain_or_offset(make_record: Make) -> None:
    record = make_record()
    other = replace(record, signal=record.signal * 7 + 2)
    a, b = (cut(each, prepare(each, [0], PAPER), 2000).input for each in (record, other))
    np.testing.assert_allclose(a, b, atol=1e-4)


def test_leads_come_in_the_order_asked_for(make_record: Make) -> None:
    record = make_record()
    spec = PLAIN.model_copy(update={"leads": 2})
    prepared = prepare(record, [1, 0], spec)
    np.testing.assert_array_equal(prepared.signal, record.signal[::-1])
    np.testing.assert_array_equal(cut(record, prepared, 1000).raw, record.signal[::-1, 928:1144])


@pytest.mark.parametrize("r", [0, 71, 7200 - 143, 7199])
def test_a_window_off_the_edge_names_sample_and_length(make_record: Make, r: int) -> None:
    record = make_record()
    with pytest.raises(InvalidError, match=rf"around sample {r} leaves the recording.*7200"):
        cut(record, prepare(record, [0], PAPER), r)


def test_windows_that_just_fit(make_record: Make) -> None:
    record = make_record()
    prepared = prepare(record, [0], PAPER)
    assert cut(record, prepared, 72).start == 0
    assert cut(record, prepared, 7200 - 144).start == 7200 - 216


def with_gap(record: Record, start: int, stop: int, lead: int = 0) -> Record:
    signal = record.signal.copy()
    signal[lead, start:stop] = np.nan
    return replace(record, signal=signal)


def test_a_window_touching_a_gap_is_refused_and_its_neighbours_are_not(make_record: Make) -> None:
    record = with_gap(make_record(), 3000, 3100)
    prepared = prepare(record, [0], PAPER)
    assert np.isfinite(prepared.signal).all()
    for r in (3000 - 143, 3050, 3099 + 72):
        with pytest.raises(InvalidError, match=rf"around sample {r} touches a gap"):
            cut(record, prepared, r)
    for r in (3000 - 144, 3100 + 72):
        assert np.isfinite(cut(record, prepared, r).raw).all()


def test_a_gap_in_another_lead_does_not_matter(make_record: Make) -> None:
    prepared = prepare(with_gap(make_record(), 3000, 3100, lead=1), [0], PAPER)
    assert not len(prepared.gaps)


def test_what_bridges_a_gap_does_not_count_for_the_normalisation(make_record: Make) -> None:
    spec = PAPER.model_copy(update={"preprocessing": (ZScore(),)})
    prepared = prepare(with_gap(make_record(), 1000, 6000), [0], spec)
    assert prepared.gaps.tolist() == [[1000, 6000]]
    valid = np.delete(prepared.signal[0], slice(1000, 6000))
    assert valid.mean() == pytest.approx(0, abs=1e-6)
    assert valid.std() == pytest.approx(1, abs=1e-5)


def test_windows_around_many_beats_are_those_around_each(make_record: Make) -> None:
    record = with_gap(make_record(), 3000, 3100)
    prepared = prepare(record, [0], PAPER)
    r = [10, 500, 2999, 3050, 4000, 7190]
    inputs, valid = around(prepared, r)
    assert inputs.shape == (2, 1, 216)
    assert valid.tolist() == [False, True, False, False, True, False]
    for row, index in enumerate(np.flatnonzero(valid)):
        np.testing.assert_array_equal(inputs[row], cut(record, prepared, r[index]).input)


def test_windows_around_no_beat(make_record: Make) -> None:
    inputs, valid = around(prepare(make_record(), [0], PAPER), [])
    assert inputs.shape == (0, 1, 216)
    assert valid.shape == (0,)


@pytest.mark.parametrize("fs", [250.0, 300.0, 500.0, 720.0, 1000.0])
def test_other_sampling_frequencies_put_r_at_the_same_index(make_record: Make, fs: float) -> None:
    record = make_record(fs=fs)
    prepared = prepare(record, [0], PAPER)
    assert abs(prepared.signal.shape[1] - 20 * 360) <= 1
    for r in peaks(record)[1:-1]:
        window = cut(record, prepared, r)
        assert abs(int(np.argmax(window.input[0])) - 72) <= 1
        assert window.start == pytest.approx(r - 72 * fs / 360, abs=0.6 * fs / 360 + 0.6)


def test_a_gap_is_still_a_gap_after_resampling(make_record: Make) -> None:
    record = with_gap(make_record(fs=250.0), 1000, 1100)
    prepared = prepare(record, [0], PAPER)
    ((first, end),) = prepared.gaps.tolist()
    assert first == pytest.approx(1000 * 1.44, abs=2)
    assert end - 1 == pytest.approx(1099 * 1.44, abs=2)
    assert [prepared.lost(first + by, first + by + 10) for by in (-10, -5, 0)] == [0, 5, 10]


@pytest.mark.parametrize("fs", [128.0, 250.0, 360.0, 500.0, 977.0])
def test_resampling_there_and_back_changes_little(fs: float) -> None:
    t = np.arange(3600) / 360
    signal = np.sin(2 * np.pi * 5 * t) + 0.3 * np.cos(2 * np.pi * 11 * t) + 0.5
    back = resample(resample(signal, 360, fs), fs, 360)[:3600]
    assert np.abs(back - signal)[100:-100].max() < 0.01


def test_resampling_keeps_times_and_a_constant() -> None:
    t = np.arange(5000) / 500
    resampled = resample(np.exp(-0.5 * ((t - 4.0) / 0.02) ** 2), 500, 360)
    assert int(np.argmax(resampled)) == 4 * 360
    np.testing.assert_allclose(resample(np.full(1000, 0.7), 500, 360), 0.7, rtol=2e-5)


def test_positions_round_to_the_nearest_sample() -> None:
    assert position(250, 250, 360) == 360
    assert position(361, 360, 250) == 251
    assert all(position(position(k, 360, 1000), 1000, 360) == k for k in range(1000))


def test_masks_cover_every_sample_next_to_a_gap() -> None:
    mask = np.zeros(100, dtype=bool)
    mask[40] = True
    assert np.flatnonzero(resample_mask(mask, 100, 200, 200)).tolist() == [79, 80, 81]
    assert np.flatnonzero(resample_mask(mask, 100, 50, 50)).tolist() == [20]


def test_equal_requests_are_prepared_once(make_record: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[int, ...]] = []
    original = preparing._prepare

    def counting(record: Record, leads: tuple[int, ...], spec: InputSpec) -> Prepared:
        made.append(leads)
        return original(record, leads, spec)

    monkeypatch.setattr(preparing, "_prepare", counting)
    record = make_record(sha256="a" * 64, id="test~cached")
    threads = [threading.Thread(target=prepare, args=(record, [0], PAPER)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [(0,)]
    prepare(record, [1], PAPER)
    prepare(record, [0], PLAIN)
    prepare(replace(record, sha256="b" * 64), [0], PAPER)
    assert len(made) == 4


def test_what_is_shared_cannot_be_changed(make_record: Make) -> None:
    record = make_record()
    prepared = prepare(record, [0], PAPER)
    with pytest.raises(ValueError, match="read-only"):
        prepared.signal[0, 0] = 1
    cut(record, prepared, 1000).input[0, 0] = 1


def test_wrong_requests_are_named(make_record: Make) -> None:
    record = make_record()
    with pytest.raises(InvalidError, match=r"reads 1 lead\(s\), 2 were chosen"):
        prepare(record, [0, 1], PAPER)
    with pytest.raises(InvalidError, match="Lead index 5 is not one of 0, 1"):
        prepare(record, [5], PAPER)
    with pytest.raises(InvalidError, match="Lead MLII is flat"):
        prepare(make_record(signal=np.ones((2, 7200), np.float32)), [0], InputSpec(fs=360, preprocessing=(ZScore(),)))
    with pytest.raises(InvalidError, match="100 samples are too few"):
        prepare(make_record(signal=record.signal[:, :100]), [0], PAPER)
    with pytest.raises(InvalidError, match="needs more than 90 Hz, not 50 Hz"):
        prepare(record, [0], InputSpec(fs=50))


@pytest.mark.parametrize("fs", [128.0, 250.0, 360.0, 977.0])
def test_a_long_recording_is_prepared_in_blocks_as_a_short_one_in_one(
    make_record: Make, monkeypatch: pytest.MonkeyPatch, fs: float
) -> None:
    record = with_gap(make_record(fs=fs), 1000, 1100)
    whole = prepare(record, [0], PAPER)
    monkeypatch.setattr(pieces, "PIECE", 1000)
    parts = prepare(record, [0], PAPER)
    np.testing.assert_array_equal(parts.gaps, whole.gaps)
    np.testing.assert_allclose(parts.signal[:, :-100], whole.signal[:, :-100], atol=2e-4)
    np.testing.assert_allclose(parts.signal, whole.signal, atol=1e-2)  # what lies beyond the end is anybody's guess


@pytest.mark.parametrize("fs", [128.0, 250.0, 360.0, 977.0])
def test_what_was_measured_is_the_resampled_recording(make_record: Make, fs: float) -> None:
    record = make_record(fs=fs)
    whole = resample(record.signal[0], fs, 360)
    for first in (0, 1001, len(whole) - 316):
        stretch = measured(record, prepare(record, [0], PAPER), first, first + 216)
        np.testing.assert_allclose(stretch[0], whole[first : first + 216], atol=2e-4)


def test_windows_inside_are_those_without_a_lost_sample(make_record: Make) -> None:
    prepared = prepare(with_gap(with_gap(make_record(), 500, 520), 700, 701), [0], PLAIN)
    first = np.arange(-5, 7300, 7)
    inside = prepared.inside(first, 60)
    for start, ok in zip(first.tolist(), inside.tolist(), strict=True):
        assert ok == (start >= 0 and start + 60 <= 7200 and not prepared.lost(start, start + 60))
    assert 0 < inside.sum() < len(inside)


@pytest.mark.parametrize("fs", [250.0, 360.0])
def test_a_long_recording_has_its_peaks_where_a_short_one_has_them(
    make_record: Make, monkeypatch: pytest.MonkeyPatch, fs: float
) -> None:
    record = with_gap(make_record(fs=fs), 1000, 1100)
    marks = np.arange(200, record.samples - 200, 97)
    whole = [to_peaks(record, 0, marks, rate) for rate in (None, 360.0)]
    monkeypatch.setattr(pieces, "PIECE", 1000)
    parts = [to_peaks(record, 0, marks, rate) for rate in (None, 360.0)]
    for one, other in zip(whole, parts, strict=True):
        assert np.mean(one == other) > 0.98  # equal heights may be told apart by the last digit


def test_a_lead_of_many_hours_is_bridged_as_a_short_one(monkeypatch: pytest.MonkeyPatch) -> None:
    lead = np.sin(np.arange(5000, dtype=np.float32))
    for first, stop in ((0, 10), (999, 1001), (1500, 1600), (4990, 5000)):
        lead[first:stop] = np.nan
    whole, missing = bridged(lead)
    monkeypatch.setattr(pieces, "PIECE", 1000)
    parts, same = bridged(lead)
    np.testing.assert_allclose(parts, whole, atol=1e-6)
    np.testing.assert_array_equal(same, missing)
    with pytest.raises(InvalidError, match="5000 samples is valid"):
        bridged(np.full(5000, np.nan, dtype=np.float32))
