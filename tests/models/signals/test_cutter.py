"""The Cutter: what a model reads of a recording, of whatever length, from the leads that it names."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from models import zoo
from models.cards import BeatWindow, Card, Channel, InputSpec, SpanWindow, WholeWindow, ZScore
from models.errors import InvalidError, NotFoundError, UnsupportedError
from models.networks import build
from models.records import Record, catalogue
from models.signals.beats import beats
from models.signals.channels import match_channels, missing, stand_ins
from models.signals.filters import bandpass
from models.signals.windows import Cutter
from models.zoo import Model

Make = Callable[..., Record]


def card(spec: InputSpec, **changes: Any) -> Card:
    return Card.model_validate(
        {
            "id": "x", "title": "X", "summary": "", "architecture": "lstm", "network": {}, "weights_sha256": "0",
            "input": spec, "classes": [{"symbol": s, "name": s} for s in "NV"],
        } | changes
    )  # fmt: skip


def model(spec: InputSpec, **changes: Any) -> Model:
    torch.manual_seed(0)
    config = {"leads": spec.leads, "classes": 2, "hidden": 4}
    return Model(card(spec, **changes), build("lstm", config).eval().requires_grad_(False), "0")


@pytest.mark.parametrize("name", ["mitbih-lstm", "mitbih-lstm-pooled"])
@pytest.mark.parametrize("recording", ["demo~208-excerpt", "demo~synthetic-mixed"])
def test_the_models_of_this_house_read_and_answer_as_by_hand(name: str, recording: str) -> None:
    """Filter, normalise, cut around R, softmax, written out once more; the recordings are at the models' 360 Hz."""
    known = [entry.id for entry in catalogue().entries()]
    record, lstm = catalogue().open(recording if recording in known else known[1]), zoo.load(name)
    filtered = bandpass(record.signal[0], 360.0)
    signal = ((filtered - filtered.mean()) / filtered.std()).astype(np.float32)
    found = beats(record, 0)
    inner = (found.r >= 72) & (found.r + 144 <= record.samples)
    by_hand = np.stack([signal[r - 72 : r + 144] for r in found.r[inner]])[:, None]
    cutter = Cutter(record, lstm.card)
    np.testing.assert_array_equal(cutter.valid, inner)
    rows, inputs = zip(*cutter.batches(), strict=True)
    np.testing.assert_array_equal(np.concatenate(rows), np.flatnonzero(inner))
    np.testing.assert_array_equal(np.concatenate(inputs), by_hand)
    one = np.flatnonzero(inner)[3]
    np.testing.assert_array_equal(cutter.window(int(found.samples[one])).input, by_hand[3])
    with torch.inference_mode():
        logits = lstm.network(torch.from_numpy(by_hand)).double() / lstm.card.output.temperature
    expected = torch.softmax(logits, dim=1).numpy()
    np.testing.assert_allclose(lstm.probabilities(by_hand), expected, atol=1e-5)


def test_leads_are_found_by_their_names_whatever_their_order(make_record: Make) -> None:
    channels = (Channel(name="I"), Channel(name="II", aliases=("MLII",)))
    spec = InputSpec(fs=360, channels=channels, preprocessing=())
    record = make_record(leads=("mlii", " I"))
    cutter = Cutter(record, card(spec), lead=0)
    assert cutter.channels == (1, 0)
    assert cutter.channel_names == (" I", "mlii")
    at = int(cutter.anchors.samples[3])
    window = cutter.window(at)
    np.testing.assert_array_equal(window.raw, record.signal[[1, 0], window.start : window.end])
    turned = replace(record, signal=record.signal[::-1], leads=record.leads[::-1])
    np.testing.assert_array_equal(Cutter(turned, card(spec)).window(at).input, window.input)


def test_a_model_of_one_named_lead_reads_that_and_not_the_one_in_view(make_record: Make) -> None:
    spec = InputSpec(fs=360, channels=(Channel(name="V1"),))
    assert Cutter(make_record(), card(spec), lead=0).channel_names == ("V1",)
    assert Cutter(make_record(), card(InputSpec(fs=360)), lead=0).channel_names == ("MLII",)
    assert Cutter(make_record(), card(InputSpec(fs=360)), lead=1).channel_names == ("V1",)


def test_leads_without_names_are_the_first_ones_and_are_named() -> None:
    channels = tuple(Channel(name=name) for name in ("I", "V9", "aVR"))
    with pytest.raises(UnsupportedError, match="x reads I, V9, aVR, and this recording has no V9, aVR: it has II, I"):
        match_channels(("II", "I"), channels, "x")
    assert match_channels(("AVR", "v 9", "i", "I"), channels) == (2, 1, 0)


TWO = (Channel(name="II", aliases=("MLII",), optional=True), Channel(name="V1", substitutes=("V5",), optional=True))


def test_an_optional_lead_may_be_missing_and_is_filled_as_the_card_says(make_record: Make) -> None:
    channels = (TWO[0], Channel(name="V9", optional=True, fill=0.5))
    spec = InputSpec(fs=250, channels=channels, preprocessing=(ZScore(),))
    record = make_record()
    cutter, alone = Cutter(record, card(spec)), Cutter(record, card(InputSpec(fs=250, preprocessing=(ZScore(),))))
    assert (cutter.channels, cutter.channel_names) == ((0, None), ("MLII", "V9"))
    assert missing(cutter.channels, spec) == ["V9"]
    at = int(cutter.anchors.samples[3])
    window, other = cutter.window(at), alone.window(at)
    np.testing.assert_allclose(window.input[0], other.input[0], rtol=1e-5, atol=1e-6)
    assert (window.input[1] == 0.5).all()
    np.testing.assert_allclose(window.raw[0], other.raw[0])
    assert np.isnan(window.raw[1]).all()
    np.testing.assert_array_equal(cutter.valid, alone.valid)


def test_a_lead_read_in_anothers_place_is_named(make_record: Make) -> None:
    record = make_record(leads=("MLII", "V5"))
    assert match_channels(record.leads, TWO) == (0, 1)
    assert stand_ins(record, (0, 1), InputSpec(fs=360, channels=TWO)) == {"V1": "V5"}
    assert match_channels(("V5", "V1"), TWO) == (None, 1)  # the lead itself comes before what may stand for it


def test_of_optional_leads_one_must_be_there() -> None:
    with pytest.raises(UnsupportedError, match="x reads II, V1, and this recording has no II, V1: it has aVR"):
        match_channels(("aVR",), TWO, "x")


def test_too_few_leads_are_told(make_record: Make) -> None:
    cutter = Cutter(make_record(), card(InputSpec(fs=360, leads=3)))
    with pytest.raises(UnsupportedError, match="x reads 3 leads, test~1 has 2: MLII, V1"):
        _ = cutter.channels
    assert Cutter(make_record(), card(InputSpec(fs=360, leads=2))).channel_names == ("MLII", "V1")


def test_units_are_converted_or_refused(make_record: Make) -> None:
    record = make_record()
    spec = InputSpec(fs=360, channels=(Channel(name="MLII", unit="uV"),), preprocessing=())
    at = int(Cutter(record, card(spec)).anchors.samples[2])
    window = Cutter(record, card(spec)).window(at)
    np.testing.assert_allclose(window.input, 1000 * window.raw, rtol=1e-6)
    other = InputSpec(fs=360, channels=(Channel(name="MLII", unit="°C"),), preprocessing=())
    with pytest.raises(UnsupportedError, match="MLII is read in °C, this recording has it in mV"):
        Cutter(record, card(other)).window(at)


WHOLE = InputSpec(fs=300, preprocessing=(ZScore(),), window=WholeWindow(longest=18_300, shortest=2700))


@pytest.mark.parametrize("seconds", [9.0, 17.3, 61.0])
def test_a_recording_read_whole_is_one_window_of_its_own_length(make_record: Make, seconds: float) -> None:
    record, whole = make_record(fs=300.0, seconds=seconds), model(WHOLE)
    cutter = Cutter(record, whole.card)
    window = cutter.window(0)
    assert (window.start, window.end) == (0, record.samples)
    assert window.input.shape == (1, record.samples)
    assert window.input.std() == pytest.approx(1, abs=1e-4)
    [(rows, inputs)] = cutter.batches()
    assert (rows.tolist(), inputs.shape) == ([0], (1, 1, record.samples))
    assert whole.probabilities(inputs).shape == (1, 2)


@pytest.mark.parametrize("seconds", [8.9, 61.1])
def test_a_recording_too_short_or_too_long_is_refused_with_its_length(make_record: Make, seconds: float) -> None:
    record, whole = make_record(fs=300.0, seconds=seconds), model(WHOLE)
    cutter = Cutter(record, whole.card)
    with pytest.raises(InvalidError, match=rf"has {record.samples} samples at 300 Hz: x reads 2700 to 18300"):
        cutter.window(0)
    assert not cutter.valid.any()
    assert list(cutter.batches()) == []
    with pytest.raises(InvalidError, match=r"x reads \[batch, 1, 2700 to 18300\], not"):
        whole.logits(np.zeros((1, 1, record.samples), np.float32))


def test_batches_hold_every_readable_window_once_by_length_and_by_bytes(make_record: Make) -> None:
    signal = make_record(seconds=30.0).signal.copy()
    signal[0, 5000:5010] = np.nan
    spec = InputSpec(fs=360, preprocessing=(), window=SpanWindow(samples=1000, stride=500, shortest=200))
    cutter = Cutter(make_record(seconds=30.0, signal=signal), card(spec))
    found = list(cutter.batches(most_bytes=9000))
    every = np.concatenate([rows for rows, _ in found])
    assert sorted(every.tolist()) == np.flatnonzero(cutter.valid).tolist()
    assert not cutter.valid.all()
    for rows, inputs in found:
        assert inputs.nbytes <= 9000
        for row, values in zip(rows, inputs, strict=True):
            np.testing.assert_array_equal(values, cutter.window(int(cutter.anchors.samples[row])).input)
    assert [len(inputs) for _, inputs in cutter.batches([3, 1], most_bytes=1)] == [1, 1]


def test_windows_together_are_of_one_length_and_say_which_are_left_out(make_record: Make) -> None:
    spec = InputSpec(fs=360, preprocessing=(), window=SpanWindow(samples=1000, stride=1000, shortest=200))
    cutter = Cutter(make_record(), card(spec))  # 7,200 samples: the last is 200
    inputs, valid = cutter.together([7, 2, 2])
    assert (inputs.shape, valid.tolist()) == ((3, 1, 1000), [False, True, True])
    np.testing.assert_array_equal(inputs[1], cutter.window(2000).input)
    assert not inputs[0].any()
    assert cutter.together([7])[0].shape == (1, 1, 200)
    assert cutter.together([])[0].shape == (0, 1, 1000)


def test_an_address_that_is_none_is_told_with_its_neighbours(make_record: Make) -> None:
    with pytest.raises(NotFoundError, match="No beat at sample 3: the nearest are at 360, 840"):
        Cutter(make_record(), card(InputSpec(fs=360))).window(3)
    spec = InputSpec(fs=360, preprocessing=(), window=SpanWindow(samples=1000, stride=1000, shortest=200))
    with pytest.raises(NotFoundError, match="No window at sample 7: the nearest are at 0, 1000"):
        Cutter(make_record(), card(spec)).window(7)


def test_a_model_is_not_shown_a_recording_of_another_kind(make_record: Make) -> None:
    values = np.random.default_rng(0).normal(size=(2, 48)).astype(np.float32)
    units = ("°C", "1/min")
    series = replace(make_record(), kind="series", annotations=None, units=units, fs=1 / 3600, signal=values)
    with pytest.raises(UnsupportedError, match="x reads an ECG, test~1 is a series of measurements"):
        _ = Cutter(series, card(InputSpec(fs=360))).anchors
    hourly = InputSpec(
        fs=1 / 3600,
        channels=(Channel(name="V1", unit="1/min"), Channel(name="MLII", unit="°C")),
        preprocessing=(),
        window=WholeWindow(longest=72),
    )
    icu = card(hourly, modality="icu", vocabulary="outcome")
    window = Cutter(series, icu).window(0)
    np.testing.assert_array_equal(window.input, series.signal[::-1])
    with pytest.raises(UnsupportedError, match="x reads a series of measurements, test~1 is an ECG"):
        _ = Cutter(make_record(), icu).channels


def test_batches_of_a_model_are_bounded_by_bytes_and_change_nothing(make_record: Make) -> None:
    long = model(InputSpec(fs=300, preprocessing=(), window=WholeWindow(longest=10**5)))
    inputs = np.random.default_rng(0).normal(size=(12, 1, 18_300)).astype(np.float32)  # 879 kB: three batches
    seen: list[int] = []
    forward = type(long.network).forward

    class Counting(type(long.network)):  # type: ignore[misc]
        def forward(self, signals: torch.Tensor) -> torch.Tensor:
            seen.append(signals.numel() * 4)
            return forward(self, signals)

    long.network.__class__ = Counting
    together = long.logits(inputs)
    assert len(seen) > 1
    assert max(seen) <= 432_000
    np.testing.assert_allclose(together[5:6], long.logits(inputs[5:6]), atol=1e-5)


def test_a_beat_whose_window_has_no_place_is_not_read(make_record: Make) -> None:
    cutter = Cutter(make_record(), card(InputSpec(fs=360, window=BeatWindow(before=400, after=10))))
    assert cutter.valid.tolist() == [False, *[True] * (len(cutter.anchors) - 1)]
    with pytest.raises(InvalidError, match="around sample 360 leaves the recording"):
        cutter.window(360)


def test_shifted_windows_are_the_windows_beside_it_and_stay_in_the_recording(make_record: Make) -> None:
    record = make_record()
    cutter = Cutter(record, card(InputSpec(fs=record.fs, window=BeatWindow(before=100, after=120), preprocessing=())))
    at, first = int(cutter.anchors.samples[2]), int(cutter.anchors.first[2])
    shifts, inputs = cutter.shifted(at, 2)
    assert shifts.tolist() == [-2, -1, 0, 1, 2]
    np.testing.assert_array_equal(inputs[2], cutter.window(at).input)
    np.testing.assert_array_equal(inputs[:, 0, 0], cutter.prepared.signal[0, first - 2 : first + 3])
    early = Cutter(record, card(InputSpec(fs=record.fs, window=BeatWindow(before=359, after=120), preprocessing=())))
    assert early.shifted(int(early.anchors.samples[0]), 3)[0].min() > -3
