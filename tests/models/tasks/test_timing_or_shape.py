"""Timing or shape, on networks whose decision is known to hang on the one or the other."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from models.cards import Card, ClassSpec, InputSpec, SpanWindow
from models.errors import InvalidError
from models.explainers.tracks import Marks, WindowMark
from models.networks import Network
from models.networks.base import NetworkConfig
from models.tasks import tasks
from models.tasks.timing_or_shape import TIMING_OR_SHAPE, TimingOrShape, TimingOrShapeParameters, hangs_on
from models.zoo import Model

FS = 100.0
Recording = tuple[np.ndarray, Marks]


class Judge(Network):
    """Says the second class where what it measures of a window is large."""

    def __init__(self) -> None:
        super().__init__()
        self.config = NetworkConfig(leads=1, classes=2)

    def forward(self, signals: Tensor) -> Tensor:
        logit = torch.stack([torch.tensor(20 * self.measure(one[0].numpy())) for one in signals])
        return torch.stack([-logit, logit], dim=1).float()

    def measure(self, signal: np.ndarray) -> float:
        raise NotImplementedError


def peaks_of(signal: np.ndarray) -> np.ndarray:
    steep = np.flatnonzero(signal > 0.7)
    return steep[np.diff(steep, prepend=-100) > 20]


class OfTiming(Judge):
    def measure(self, signal: np.ndarray) -> float:
        return float(np.diff(peaks_of(signal)).std() / FS - 0.05)


class OfShape(Judge):
    """How much taller some beats are than others."""

    def measure(self, signal: np.ndarray) -> float:
        tops = np.array([signal[at : at + 10].max() for at in peaks_of(signal)])
        return float(tops.std() - 0.1)


class OfBoth(Judge):
    def measure(self, signal: np.ndarray) -> float:
        return min(OfTiming().measure(signal), OfShape().measure(signal))


class OfEither(Judge):
    def measure(self, signal: np.ndarray) -> float:
        return max(OfTiming().measure(signal), OfShape().measure(signal))


def model(network: Network) -> Model:
    card = Card(
        id="toy",
        title="Toy",
        summary="A toy.",
        architecture="none",
        network={},
        weights_sha256="ab" * 32,
        input=InputSpec(fs=FS, window=SpanWindow(samples=3000, stride=3000, shortest=200)),
        classes=(ClassSpec(symbol="N", name="Normal"), ClassSpec(symbol="O", name="Other")),
    )
    return Model(card, network.eval(), "ab" * 32)


def recording(intervals: list[float], heights: list[float]) -> Recording:
    times = 0.6 + np.concatenate(([0.0], np.cumsum(intervals)))
    t = np.arange(round((times[-1] + 0.6) * FS)) / FS
    waves = [h * np.exp(-0.5 * ((t - at) / 0.02) ** 2) for at, h in zip(times, heights, strict=True)]
    marks = tuple(WindowMark(round(at * FS), None, "") for at in times)
    return np.sum(waves, axis=0)[None].astype(np.float32), marks


def fibrillation() -> Recording:
    """Unequal intervals; tall and low beats by turns, so that a judge of either has something to see."""
    return recording(np.random.default_rng(3).uniform(0.45, 1.1, 20).tolist(), [1.0, 1.6] * 10 + [1.0])


def ask(network: Network, given: Recording, **asked: Any) -> TimingOrShape:
    inputs, marks = given
    return TIMING_OR_SHAPE.ask(model(network), inputs, TimingOrShapeParameters(marks=marks, **asked)).run()


@pytest.mark.parametrize(
    ("network", "expected"),
    [(OfTiming(), "timing"), (OfShape(), "shape"), (OfBoth(), "each"), (OfEither(), "either")],
)
def test_it_finds_out_what_a_decision_hangs_on(network: Network, expected: str) -> None:
    found = ask(network, fibrillation())
    assert (found.target.symbol, found.hangs_on) == ("O", expected)
    assert f"Other is {found.probabilities['O']:.2f} as recorded" in found.sentence


def test_a_decision_that_neither_touches_hangs_on_neither() -> None:
    found = ask(OfTiming(), recording([0.8] * 20, [1.0] * 21))
    assert (found.target.symbol, found.hangs_on) == ("N", "neither")


def test_what_was_taken_is_gone_and_the_rest_is_there() -> None:
    found = ask(OfTiming(), fibrillation())
    taken = {one.taken: one for one in found.altered}
    assert list(taken) == ["timing", "shape", "both"]
    assert (taken["timing"].spread, taken["both"].spread) == (0, 0)
    assert taken["shape"].spread == found.spread > 50
    assert all(len(one.beats) == len(found.beats) == 21 for one in found.altered)
    tops = {name: [np.array(one.signal[0])[at] for at in one.beats] for name, one in taken.items()}
    assert np.std(tops["timing"]) > 0.2
    assert max(np.std(tops["shape"]), np.std(tops["both"])) < 1e-4
    own = np.abs(np.diff(fibrillation()[0])).max()
    assert all(np.abs(np.diff(one.signal)).max() <= own + 1e-5 for one in found.altered)
    assert all(sum(one.probabilities.values()) == pytest.approx(1, abs=1e-4) for one in found.altered)


def test_a_fall_is_less_than_half_of_what_was_there() -> None:
    def said(*target: float) -> str:
        return hangs_on(np.array(target, dtype=np.float32))

    assert said(0.9, 0.44, 0.46, 0.1) == "timing"
    assert said(0.9, 0.46, 0.44, 0.1) == "shape"
    assert said(0.9, 0.2, 0.2, 0.9) == "each"
    assert said(0.9, 0.8, 0.8, 0.1) == "either"
    assert said(0.9, 0.8, 0.8, 0.8) == "neither"


def test_too_few_beats_are_refused() -> None:
    with pytest.raises(InvalidError, match="needs at least 4 beats: this window has 3"):
        ask(OfTiming(), recording([0.8, 0.9], [1.0] * 3))


def test_only_where_the_beats_are_decides() -> None:
    inputs, marks = fibrillation()
    named = (*(mark._replace(label="N") for mark in marks), WindowMark(0, 1000, "AFIB"), WindowMark(5, None, "~"))
    one, other = (
        TIMING_OR_SHAPE.ask(model(OfTiming()), inputs, TimingOrShapeParameters(marks=given)) for given in (marks, named)
    )
    assert one.id == other.id
    without = TIMING_OR_SHAPE.ask(model(OfTiming()), inputs, TimingOrShapeParameters(marks=marks[1:]))
    assert without.id != one.id
    assert tasks()["timing_or_shape"].scope == "window"
