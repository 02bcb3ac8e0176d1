"""Trust in a map: identities that hold whatever the network, and the verdict."""

import json
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from models.cards import BeatWindow, Card, ClassSpec, InputSpec
from models.errors import UnsupportedError
from models.evaluation.checks import agreement, baselines, deletion, judging, randomised, stability
from models.evaluation.checks.baselines import smooth_masks
from models.evaluation.checks.deletion import FRACTIONS, Window, in_segments, most_important, order
from models.evaluation.trust import CHANCE, GAIN, MADE, ROOM, RULE, Trust, Verdict, verdict
from models.explainers import Batch, Explainer, Progress, explainers, parse
from models.explainers.base import silent
from models.networks.base import Network
from models.tasks import task
from models.tasks.explanation import explanation
from models.tasks.trust import TRUST, TrustParameters
from models.tasks.trust import trust as ask
from models.zoo import Model

SAMPLES, R, SPIKE = 120, slice(18, 23), slice(70, 76)  # a window, its highest wave, and what the network reads


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
    inputs[0, R], inputs[0, SPIKE] = 4.0, 1.0
    return inputs


def trust(model: Model, beat: np.ndarray, target: int | None, explainer: Explainer, report: Any = silent) -> Trust:
    return ask(model, beat, target, explainer).run(report)


@pytest.mark.parametrize("method", ["occlusion", "learned_mask"])
def test_a_map_that_finds_what_the_network_reads_holds_up(model: Model, beat: np.ndarray, method: str) -> None:
    settings = {"width": 3} if method == "occlusion" else {"steps": 100, "learning_rate": 0.01}
    found = trust(model, beat, 1, parse({"method": method, **settings}))
    assert (found.rule, found.verdict) == (RULE, "holds up")
    assert found.chance is not None
    assert found.chance < CHANCE
    assert min(found.gain or 0, found.lead or 0) > 0.3
    assert found.error_rates is None  # nobody measured them for this model
    assert found.replacement is not None
    assert (found.replacement.symbol, found.replacement.name) == (None, "0")
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
    at = Window(model.network, beat, beat[None] * 0, 1)
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
    ("chance", "gain", "lead", "room", "nothing", "expected"),
    [
        (CHANCE, GAIN, GAIN, ROOM, False, "holds up"),
        (CHANCE, GAIN, GAIN - 0.01, ROOM, False, "better than chance"),
        (CHANCE, GAIN - 0.01, GAIN, ROOM, False, "better than chance"),
        (CHANCE + 0.01, 1.0, 1.0, 1.0, False, "not told from chance"),
        (CHANCE, GAIN, GAIN, ROOM - 0.01, False, "cannot be judged"),
        (CHANCE, GAIN, GAIN, ROOM, True, "nothing found"),
    ],
)
def test_verdict(chance: float, gain: float, lead: float, room: float, nothing: bool, expected: Verdict) -> None:
    assert verdict(chance, gain, lead, room, nothing) == expected
    assert expected in MADE


def test_random_masks_are_smooth_and_fixed_and_half_of_them_lean_towards_r() -> None:
    inputs = np.zeros((1, 2, 216), np.float32)
    masks = smooth_masks(inputs, 72)
    assert masks.shape == (baselines.MASKS, 2, 216)
    assert np.array_equal(masks, smooth_masks(inputs, 72))
    assert not np.array_equal(masks[0], masks[1])
    assert masks[:, :, 62:82].mean() > masks[:, :, 150:].mean() + 0.5
    free = smooth_masks(inputs, None)
    assert abs(free[:, :, 62:82].mean() - free[:, :, 150:].mean()) < 0.2
    named = most_important(free, np.array([0.2]))[:, 0, 0]
    stretches = (np.diff(named.astype(int), axis=1, prepend=0) == 1).sum(axis=1)
    assert stretches.mean() < 4  # a moving average of 25 samples had more than 8


def test_order_puts_the_highest_first_and_is_fair_where_values_are_equal() -> None:
    values = np.zeros((1, 1, 40), np.float32)
    values[0, 0, [7, 30]] = 2.0, 1.0
    places = np.stack([order(values, seed)[0, 0] for seed in range(200)])
    assert (places[:, 7] == 0).all()
    assert (places[:, 30] == 1).all()
    rest = np.delete(places, [7, 30], axis=1).mean(axis=0)
    assert rest.min() > 12  # of 2 … 39: none of the equal samples is always among the first
    assert rest.max() < 29


def test_a_map_is_ordered_alike_whatever_maps_are_judged_beside_it() -> None:
    maps = np.round(np.random.default_rng(0).random((3, 2, 50), dtype=np.float32), 1)
    np.testing.assert_array_equal(order(maps)[1], order(maps[1:2])[0])


def test_equal_samples_are_deleted_in_stretches() -> None:
    first = most_important(np.zeros((1, 1, 216), np.float32), np.array([0.2]))[0, 0, 0]
    assert first.sum() == round(0.2 * 216)
    assert (np.diff(first.astype(int), prepend=0) == 1).sum() < 8


def test_a_curve_counts_the_random_masks_it_beats() -> None:
    count = len(FRACTIONS)
    chance = np.linspace(0, 1, 60, dtype=np.float32)[:, None].repeat(count, axis=1)
    half = np.full(count, 0.5, np.float32)
    assert judging.curve(half, chance, 1).better_than == judging.curve(half, chance, -1).better_than == 0.5
    assert judging.curve(half, chance, 1).low[0] == pytest.approx(0.05, abs=1e-3)


def test_curves_are_the_networks_probability_of_each_replaced_window(model: Model, beat: np.ndarray) -> None:
    fills = np.stack([beat * 0, beat * 0 + 0.4])
    at, maps = Window(model.network, beat, fills, 1), np.random.default_rng(0).random((4, 1, SAMPLES), np.float32)
    gone, left = at.curves(maps)
    assert gone.shape == left.shape == (2, 4, len(FRACTIONS))
    for fill, one, at_fraction in ((0, 0, 2), (1, 3, 5)):
        first = most_important(maps, FRACTIONS, seed=fill)[one, at_fraction]
        for found, window in (
            (gone, np.where(first, fills[fill], beat)),
            (left, np.where(first, beat, fills[fill])),
        ):
            chance = torch.softmax(model.network(torch.from_numpy(window[None])), dim=1)[0, 1].item()
            assert found[fill, one, at_fraction] == pytest.approx(chance, abs=1e-5)


def test_a_random_mask_is_compared_with_the_map_as_judged_by_the_same_fill() -> None:
    flat = np.zeros((6, len(FRACTIONS)), np.float32)
    easy = np.array([0.0, 0.9] * 3, np.float32)  # every second mask was judged with a window that is reached at once
    random = baselines.RandomMaskBaseline(flat, flat + easy[:, None], np.array([0, 1] * 3), {"|x|": (flat, flat)})
    own = np.stack([flat[0] + 0.5, flat[0] + 0.95])
    assert judging.judged(own * 0, own, random).chance == pytest.approx(1 / 7)
    assert judging.judged(own * 0, own - 0.1, random).chance == pytest.approx(4 / 7)
    assert judging.judged(own * 0, own, random).lead == pytest.approx(0.725)


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
    np.testing.assert_array_equal(in_segments(maps[:, :, :240])[0], maps[:, :, :240])
    found, lengths = in_segments(maps)
    assert found.shape == (2, 3, 200)
    assert lengths.tolist() == [5] * 200
    np.testing.assert_allclose(found[0, 0, 1], maps[0, 0, 5:10].mean(), rtol=1e-5)
    first = most_important(maps, np.array([0.1]))[:, 0]
    assert (first.reshape(2, 3, 200, 5).sum(axis=3) % 5 == 0).all()
    assert first.sum(axis=(1, 2)).tolist() == [300, 300]


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
