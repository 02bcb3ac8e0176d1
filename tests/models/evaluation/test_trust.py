"""Trust in a map: identities that hold whatever the network, and the verdict."""

import json

import numpy as np
import pytest
import torch
from torch import Tensor

from models.cards import BeatWindow, Card, ClassSpec, InputSpec
from models.errors import UnsupportedError
from models.evaluation import trust as judging
from models.evaluation.trust import curve, order, smooth_masks, trust, trust_id
from models.explainers import Progress, parse
from models.networks.base import Network
from models.trust import Trust, verdict
from models.zoo import Model

SAMPLES, SPIKE = 60, slice(20, 26)


class Spike(Network):
    """Sees only the samples of SPIKE: the logit of class 1 is their sum."""

    def forward(self, x: Tensor) -> Tensor:
        total = x[:, 0, SPIKE].sum(dim=1)
        return torch.stack([torch.zeros_like(total), total - 3], dim=1)


@pytest.fixture
def model() -> Model:
    window = BeatWindow(before=20, after=SAMPLES - 20)
    card = Card(
        id="spike",
        title="Spike",
        summary="",
        architecture="spike",
        network={},
        weights_sha256="0" * 64,
        input=InputSpec(fs=100.0, window=window, preprocessing=()),
        classes=(ClassSpec(symbol="N", name="Normal"), ClassSpec(symbol="V", name="Ventricular premature")),
        full_scales={"occlusion": 2.0, "input_derivative": 1.0},
    )
    return Model(card, Spike().eval(), "0" * 64)


@pytest.fixture
def beat() -> np.ndarray:
    inputs = np.full((1, SAMPLES), 0.1, np.float32)
    inputs[0, SPIKE] = 1.0
    return inputs


@pytest.mark.parametrize("method", ["occlusion", "learned_mask"])
def test_a_map_that_finds_what_the_network_reads_holds_up(model: Model, beat: np.ndarray, method: str) -> None:
    settings = {"width": 3} if method == "occlusion" else {"steps": 100, "learning_rate": 0.01}
    found = trust(model, beat, 1, parse({"method": method, **settings}))
    assert found.verdict == "holds up"
    assert found.deletion.better_than == found.insertion.better_than == 1.0
    assert found.deletion.map[0] == pytest.approx(1 / (1 + np.exp(-3)), abs=1e-4)  # nothing deleted yet
    assert found.insertion.map[0] == pytest.approx(found.all_deleted["V"], abs=1e-4)
    assert found.explanation != found.id == trust_id(model, beat, 1, parse({"method": method, **settings}))


def test_a_judgement_survives_json_and_is_the_same_again(model: Model, beat: np.ndarray) -> None:
    explainer = parse({"method": "occlusion", "width": 5})
    first, second = (trust(model, beat, None, explainer) for _ in range(2))
    assert Trust.model_validate_json(first.model_dump_json()) == first
    assert first.model_copy(update={"seconds": 0.0}) == second.model_copy(update={"seconds": 0.0})
    json.loads(first.model_dump_json(), parse_constant=lambda name: pytest.fail(name))


def test_noise_barely_moves_a_gradient_that_is_constant(model: Model, beat: np.ndarray) -> None:
    found = trust(model, beat, 1, parse({"method": "input_derivative"}))
    assert found.stability.noise == [1.0] * judging.COPIES
    assert found.stability.seeds is None
    assert [one.method for one in found.agreement] == ["occlusion"]


def test_seeds_are_tried_where_the_method_has_any(model: Model, beat: np.ndarray) -> None:
    explainer = parse({"method": "learned_mask", "steps": 20, "learning_rate": 0.02, "jitter": 2})
    found = trust(model, beat, 1, explainer)
    assert found.stability.seeds is not None
    assert len(found.stability.seeds) == judging.SEEDS
    assert (
        judging.seeds(judging.Window(model.network, beat, beat * 0, 1), parse({"method": "learned_mask"}), beat[None])
        is None
    )


def test_what_is_no_map_is_refused(model: Model, beat: np.ndarray) -> None:
    with pytest.raises(UnsupportedError, match="no map of relevance"):
        trust(model, beat, 1, parse({"method": "temporal_score"}))


def test_progress_rises_to_the_end_and_may_cancel(model: Model, beat: np.ndarray) -> None:
    told: list[float] = []
    trust(model, beat, 1, parse({"method": "occlusion"}), lambda progress: told.append(progress.fraction))
    assert told == sorted(told)
    assert 0 <= told[0] < told[-1] <= 1

    class StopError(Exception): ...

    def stop(_: Progress) -> None:
        raise StopError

    with pytest.raises(StopError):
        trust(model, beat, 1, parse({"method": "occlusion"}), stop)


@pytest.mark.parametrize(
    ("deletion", "insertion", "nothing", "expected"),
    [
        (0.96, 0.97, False, "holds up"),
        (0.95, 0.2, False, "partly holds"),
        (0.1, 0.95, False, "partly holds"),
        (0.94, 0.94, False, "not faithful"),
        (1.0, 1.0, True, "nothing found"),
    ],
)
def test_verdict(deletion: float, insertion: float, nothing: bool, expected: str) -> None:
    blank = curve(np.zeros(25, np.float32), np.zeros((60, 25), np.float32), 1)
    pair = [blank.model_copy(update={"better_than": share}) for share in (deletion, insertion)]
    assert verdict(pair[0], pair[1], nothing) == expected


def test_random_masks_are_smooth_and_fixed() -> None:
    masks = smooth_masks((2, 216))
    assert masks.shape == (judging.MASKS, 2, 216)
    assert np.array_equal(masks, smooth_masks((2, 216)))
    assert np.abs(np.diff(masks, axis=2)).max() <= 1 / 25 + 1e-6  # a moving average of 25 of numbers from 0 to 1
    assert not np.array_equal(masks[0], masks[1])


def test_order_puts_the_highest_first_and_the_earlier_where_equal() -> None:
    places = order(np.array([[[0.0, 3.0, 3.0, 1.0]]], np.float32))
    assert places.tolist() == [[[3, 0, 1, 2]]]


def test_a_curve_counts_the_random_masks_it_beats() -> None:
    chance = np.linspace(0, 1, 60, dtype=np.float32)[:, None].repeat(25, axis=1)
    half = np.full(25, 0.5, np.float32)
    assert curve(half, chance, 1).better_than == curve(half, chance, -1).better_than == 0.5
    assert curve(half, chance, 1).low[0] == pytest.approx(0.05, abs=1e-3)
