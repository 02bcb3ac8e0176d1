"""Trust in a map: identities that hold whatever the network, and the verdict."""

import json
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from models.cards import BeatWindow, Card, ClassSpec, InputSpec
from models.errors import UnsupportedError
from models.evaluation.checks import agreement, baselines, deletion, randomised, stability
from models.evaluation.checks.baselines import smooth_masks
from models.evaluation.checks.deletion import Window, curve, in_segments, order
from models.evaluation.trust import Trust, verdict
from models.explainers import Batch, Explainer, Progress, explainers, parse
from models.explainers.base import silent
from models.networks.base import Network
from models.tasks import task
from models.tasks.explanation import explanation
from models.tasks.trust import TRUST, TrustParameters
from models.tasks.trust import trust as ask
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


def trust(model: Model, beat: np.ndarray, target: int | None, explainer: Explainer, report: Any = silent) -> Trust:
    return ask(model, beat, target, explainer).run(report)


@pytest.mark.parametrize("method", ["occlusion", "learned_mask"])
def test_a_map_that_finds_what_the_network_reads_holds_up(model: Model, beat: np.ndarray, method: str) -> None:
    settings = {"width": 3} if method == "occlusion" else {"steps": 100, "learning_rate": 0.01}
    found = trust(model, beat, 1, parse({"method": method, **settings}))
    assert found.verdict == "holds up"
    assert found.deletion.better_than == found.insertion.better_than == 1.0
    assert found.deletion.map[0] == pytest.approx(1 / (1 + np.exp(-3)), abs=1e-4)  # nothing deleted yet
    assert found.insertion.map[0] == pytest.approx(found.all_deleted["V"], abs=1e-4)
    assert found.explanation != found.id == ask(model, beat, 1, parse({"method": method, **settings})).id


def test_a_judgement_survives_json_and_is_the_same_again(model: Model, beat: np.ndarray) -> None:
    explainer = parse({"method": "occlusion", "width": 5})
    first, second = (trust(model, beat, None, explainer) for _ in range(2))
    assert Trust.model_validate_json(first.model_dump_json()) == first
    assert first.model_copy(update={"seconds": 0.0}) == second.model_copy(update={"seconds": 0.0})
    json.loads(first.model_dump_json(), parse_constant=lambda name: pytest.fail(name))


def test_noise_barely_moves_a_gradient_that_is_constant(model: Model, beat: np.ndarray) -> None:
    found = trust(model, beat, 1, parse({"method": "input_derivative"}))
    assert found.stability.noise == [1.0] * stability.COPIES
    assert found.stability.seeds is None
    assert [one.method for one in found.agreement] == ["occlusion"]


def test_seeds_are_tried_where_the_method_has_any(model: Model, beat: np.ndarray) -> None:
    explainer = parse({"method": "learned_mask", "steps": 20, "learning_rate": 0.02, "jitter": 2})
    found = trust(model, beat, 1, explainer)
    assert found.stability.seeds is not None
    assert len(found.stability.seeds) == stability.SEEDS
    at = Window(model.network, beat, beat * 0, 1)
    batch = Batch(torch.from_numpy(beat[None]), torch.tensor([1]))
    assert stability.seeds(at, batch, parse({"method": "learned_mask"}), beat[None]) is None


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
    assert masks.shape == (baselines.MASKS, 2, 216)
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


def test_no_judgements_id_depends_on_which_other_methods_exist(
    model: Model, beat: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = ask(model, beat, 1, parse({"method": "input_derivative"})).id
    monkeypatch.setattr(explainers()["temporal_score"], "version", "99")
    assert ask(model, beat, 1, parse({"method": "input_derivative"})).id == before
    monkeypatch.setattr(explainers()["input_derivative"], "version", "99")
    assert ask(model, beat, 1, parse({"method": "input_derivative"})).id != before


def test_further_checks_are_made_where_they_are_asked_for_and_are_part_of_the_identity(
    model: Model, beat: np.ndarray
) -> None:
    method = parse({"method": "input_derivative"})
    every = TRUST.ask(model, beat, TrustParameters(target=1, explainer=method, checks=("randomised", "stability")))
    none = TRUST.ask(model, beat, TrustParameters(target=1, explainer=method, checks=()))
    assert len({every.id, none.id, ask(model, beat, 1, method).id}) == 3
    assert every.run().randomised == 1.0  # Spike has no weights that could be shuffled
    bare = none.run()
    assert (bare.agreement, bare.stability, bare.randomised) == ([], None, None)
    assert bare.verdict == every.run().verdict


def test_the_cost_is_known_beforehand_and_adds_up(model: Model, beat: np.ndarray) -> None:
    question = ask(model, beat, 1, parse({"method": "occlusion", "width": 5}))
    parts = [deletion.cost, baselines.cost, agreement.cost, stability.cost]
    reads = explanation(model, beat, 1, question.parameters.explainer).effort
    assert question.effort == pytest.approx(reads + sum(cost(question, 1.0) for cost in parts))
    assert randomised.cost(question, 10.0) == pytest.approx(reads / 10)
    seeded = ask(model, beat, 1, parse({"method": "learned_mask", "jitter": 2}))
    plain = ask(model, beat, 1, parse({"method": "learned_mask"}))
    assert stability.cost(seeded, 1.0) == 2 * stability.cost(plain, 1.0)


def test_a_long_window_is_deleted_in_stretches_and_a_beat_sample_by_sample() -> None:
    maps = np.random.default_rng(0).random((2, 3, 1000), dtype=np.float32)
    np.testing.assert_array_equal(in_segments(maps[:, :, :240]), maps[:, :, :240])
    found = in_segments(maps)
    assert found.shape == maps.shape
    assert len(np.unique(found[0, 0])) == 200
    np.testing.assert_allclose(found[0, 0, 5:10], maps[0, 0, 5:10].mean(), rtol=1e-5)
    np.testing.assert_allclose(found.mean(axis=2), maps.mean(axis=2), rtol=1e-5)


@pytest.mark.parametrize("samples", [60, 216, 1000, 18_300])
def test_the_reference_reads_a_bounded_number_of_windows_and_leaves_no_gap(samples: int) -> None:
    other = agreement.reference(samples)
    covers = other.covers(1, samples)
    assert len(covers) <= agreement.COVERS + 1
    assert covers.any(dim=0).all()
    assert samples > 216 or other == parse({"method": "occlusion"})


def test_the_agreement_of_two_maps_is_a_result_of_its_own(model: Model, beat: np.ndarray) -> None:
    work = task("agreement")
    methods = {"first": {"method": "occlusion", "width": 5}, "second": {"method": "input_derivative"}}
    question = work.ask(model, beat, work.Parameters(target=1, **methods))
    maps = [explanation(model, beat, 1, parse(method)).run() for method in methods.values()]
    found = question.run()
    assert found.explanations == (maps[0].id, maps[1].id)
    assert found.rho == agreement.matrix(maps)[0][1] == agreement.matrix(maps)[1][0]
    assert agreement.matrix(maps)[0][0] == 1.0
    with pytest.raises(UnsupportedError, match="gives no answer before the end of the window"):
        work.ask(model, beat, work.Parameters(**methods | {"second": {"method": "temporal_score"}}))
