"""The network of measures: it finds the beats of a window and sees that one is early or of another shape."""

import math

import numpy as np
import pytest
import torch

from models.explainers import engine
from models.explainers.occlusion import Occlusion
from models.explainers.tracks import Batch
from models.networks import architectures, build
from models.networks.beat_comparisons import rhythm_measures, shape_measures, usual_beat
from models.networks.beat_measures import BeatMeasures
from models.networks.window_beats import WindowBeats, find_beats

SMALL = {"leads": 2, "classes": 4, "before": 900, "after": 500, "earlier": 9, "later": 5, "width": 8}
MIDDLE, SAMPLES, RR = 900, 1400, 80


def network() -> BeatMeasures:
    torch.manual_seed(0)
    found = build("beat-measures", SMALL).eval()
    assert isinstance(found, BeatMeasures)
    return found


def window(early: int = 0, wide: bool = False) -> torch.Tensor:
    """Beats every 0.8 s; the one in the middle comes `early` samples too early, with all after it, or is wide."""
    steps, signal = np.arange(SAMPLES), np.zeros((2, SAMPLES))
    for number in range(-12, 8):
        at = MIDDLE + RR * number + (early if number < 0 else 0)
        width = 9.0 if wide and number == 0 else 2.0
        signal += np.array([[2.0], [-1.0]]) * np.exp(-0.5 * ((steps - at) / width) ** 2)
        signal += np.array([[0.3], [0.2]]) * np.exp(-0.5 * ((steps - at + 16) / 3) ** 2)  # P
    return torch.from_numpy(signal[None].astype(np.float32))


def found(signal: torch.Tensor) -> WindowBeats:
    return find_beats(signal, MIDDLE, 9, 5)


def test_it_is_found_by_its_file() -> None:
    assert architectures()["beat-measures"] is BeatMeasures


def test_it_computes_on_the_device_where_its_window_lies() -> None:
    """Every tensor that it makes itself, too: on PyTorch's device without values two devices never meet."""
    logits = network().to("meta")(window().to("meta"))
    assert (logits.device.type, tuple(logits.shape)) == ("meta", (1, 4))


def test_every_beat_is_found_where_it_lies() -> None:
    beats = found(window())
    assert beats.there.all()
    np.testing.assert_allclose(beats.times[0], np.arange(-9, 6) * 0.8, atol=0.005)


@pytest.mark.parametrize("early", [10, 20, 30])
def test_a_beat_that_comes_early_is_early_by_as_much(early: int) -> None:
    measures = rhythm_measures(found(window(early)))
    expected = math.log(1 - early / RR)
    assert measures["pre/earlier"].item() == pytest.approx(expected, abs=0.03)
    assert measures["rr 0"].item() == pytest.approx(expected, abs=0.03)
    assert measures["rr -1"].item() == pytest.approx(0, abs=0.02)
    assert measures["recurs"].item() > 0.95  # the other intervals are all alike


def test_no_interval_like_another_is_what_irregular_means() -> None:
    steps = torch.cumsum(torch.linspace(0.5, 1.6, 15), dim=0)
    beats = found(window())._replace(times=(steps - steps[9])[None])
    assert rhythm_measures(beats)["recurs"].item() < 0.5 * rhythm_measures(found(window()))["recurs"].item()


def test_the_usual_beat_is_that_of_the_others_and_a_wide_one_is_unlike_it() -> None:
    regular, strange = found(window()), found(window(wide=True))
    usual, _, _ = usual_beat(strange)
    torch.testing.assert_close(usual[0], regular.shapes[0, 5], atol=0.05, rtol=0)
    same, other = shape_measures(regular), shape_measures(strange)
    assert same["QRS like"].item() > 0.99 > 0.9 > other["QRS like"].item()
    assert other["is usual"].item() < 0.1 < 0.9 < same["is usual"].item()
    assert other["wide more"].item() > same["wide more"].item()


def test_leads_are_interchangeable() -> None:
    net, signal = network(), window(20)
    torch.testing.assert_close(net(signal), net(signal.flip(1)), rtol=1e-3, atol=1e-4)


def test_cut_a_little_elsewhere_it_finds_the_same_beat() -> None:
    beats = [found(torch.roll(window(20), shift, dims=2)) for shift in (0, 6)]
    for one, other in zip(beats[0][:2], beats[1][:2], strict=True):
        torch.testing.assert_close(one, other, atol=0.005, rtol=0)


def test_fewer_beats_than_asked_for_and_none_at_all_are_answered() -> None:
    net = network()
    for signal in (window() * (torch.arange(SAMPLES) > MIDDLE - 360), torch.zeros(1, 2, SAMPLES)):
        logits, slope = engine.gradient(net, signal, torch.tensor([0]))
        assert torch.isfinite(logits).all()
        assert torch.isfinite(slope).all()
    assert found(window() * (torch.arange(SAMPLES) > MIDDLE - 360)).there[0, :9].sum() == 4


def test_the_answer_depends_smoothly_on_the_beats_before() -> None:
    net, signal = network(), window(20)
    _, slope = engine.gradient(net, signal, torch.tensor([1]))
    assert slope[..., MIDDLE - 2 * RR - 30 : MIDDLE - RR + 30].abs().sum() > 0
    assert slope[..., MIDDLE - 20 : MIDDLE + 20].abs().sum() > 0


def test_occlusion_runs_on_it() -> None:
    net = network()
    method = Occlusion(method="occlusion", width=40)
    assert method.unsupported(net) is None
    values = method.attribute(net, Batch(window(20), torch.tensor([1]))).values
    assert values.shape == (1, 2, SAMPLES)
    assert np.ptp(values) > 0
