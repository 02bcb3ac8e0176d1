"""The pieces a judgement is made of: intervals, baselines, curves, samples, shuffled weights."""

import numpy as np
import pytest
import torch

from models.evaluation import bootstrap, curves
from models.evaluation.checks import agreement, baselines, randomised
from models.evaluation.sample import balanced
from models.networks import build

T = 20


@pytest.fixture
def network():
    torch.set_num_threads(1)
    torch.manual_seed(0)
    return build("lstm", {"leads": 1, "hidden": 8, "classes": 3}).eval()


@pytest.fixture
def inputs():
    return np.random.default_rng(1).normal(size=(6, 1, T)).astype(np.float32)


LABELS = np.array([0, 1, 2, 0, 1, 2])


def scores(network, inputs):
    with torch.no_grad():
        return network(torch.from_numpy(np.ascontiguousarray(inputs))).numpy()[np.arange(len(inputs)), LABELS]


# Intervals


def test_every_resample_is_a_mean_over_as_many_beats_of_whole_patients():
    patient = np.array([0] * 3 + [1] * 5 + [2] * 2)
    shares = bootstrap.resamples(patient, count=200)
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    assert any((row[patient == 1] == 0).all() for row in shares)  # a patient not drawn brings none of its beats


def test_beats_of_few_patients_give_wider_intervals_than_independent_beats():
    rng = np.random.default_rng(0)
    patient = np.repeat(np.arange(6), 50)
    values = rng.normal(size=6)[patient] + 0.1 * rng.normal(size=300)
    groups = np.zeros(300, dtype=int)

    def width(owner):
        found = bootstrap.estimate(bootstrap.means(values, groups, {0: bootstrap.resamples(owner)}))
        assert found.low < found.mean < found.high
        return found.high - found.low

    assert width(patient) > 4 * width(np.arange(300))


def test_groups_count_alike_whatever_their_size():
    values, groups = np.array([0.0] * 9 + [10.0]), np.array([0] * 9 + [1])
    shares = {group: bootstrap.resamples(np.zeros((groups == group).sum(), dtype=int), 10) for group in (0, 1)}
    rows = bootstrap.means(values, groups, shares)
    np.testing.assert_allclose(rows, 5)
    assert rows.shape == (11,)
    assert not bootstrap.Estimate(1, -0.1, 2).excludes_zero
    assert bootstrap.Estimate(-1, -2, -0.1).excludes_zero


# Baselines


def test_the_triangle_is_highest_at_r():
    found = baselines.triangle(np.zeros((2, 1, 216), dtype=np.float32), 72)
    assert found.shape == (2, 1, 216)
    assert found[1, 0].argmax() == 72
    assert found.max() == 1
    assert found[0, 0, -1] == 0


def test_magnitude_and_noise_know_no_model(inputs):
    np.testing.assert_array_equal(baselines.magnitude(-inputs), np.abs(inputs))
    np.testing.assert_array_equal(baselines.random(inputs), baselines.random(inputs))
    assert not np.array_equal(baselines.random(inputs, 0), baselines.random(inputs, 1))


# Curves


def test_a_flat_map_deletes_nothing(network, inputs):
    flat = np.full_like(inputs, 0.3)
    np.testing.assert_array_equal(curves.scaled(flat), 0)
    np.testing.assert_array_equal(curves.reductions(network, inputs, LABELS, flat), 0)


def test_the_curve_is_the_papers_formula(network, inputs):
    saliency = np.random.default_rng(2).normal(size=inputs.shape).astype(np.float32)
    found = curves.reductions(network, inputs, LABELS, saliency)
    assert found.shape == (6, 20)
    for beat in range(6):
        own = saliency[beat, 0]
        shade = (own - own.min()) / (own.max() - own.min())
        for column, alpha in [(0, 0.0), (10, 0.5), (19, 0.95)]:
            hide = shade > alpha
            changed = inputs.copy()
            changed[beat, 0, hide] = 0
            drop = scores(network, inputs)[beat] - scores(network, changed)[beat]
            assert found[beat, column] == pytest.approx(drop * (T - hide.sum()) / T, abs=1e-5)


def test_the_curve_does_not_depend_on_a_maps_unit(network, inputs):
    saliency = np.random.default_rng(2).integers(0, 9, inputs.shape).astype(np.float32)
    once = curves.reductions(network, inputs, LABELS, saliency)
    np.testing.assert_allclose(curves.reductions(network, inputs, LABELS, 8 * saliency - 2), once, atol=1e-5)


def test_ranks_are_each_place_once_and_ties_have_no_favourite_end():
    saliency = np.zeros((200, 1, T), dtype=np.float32)
    saliency[:, 0, 4] = 1
    places = curves.ranks(saliency)
    assert (np.sort(places[:, 0]) == np.arange(T)).all()
    assert (places[:, 0, 4] == 0).all()
    early, late = places[:, 0, :4].mean(), places[:, 0, -4:].mean()
    assert early == pytest.approx(late, abs=1.5)


def test_areas_of_a_map_and_its_reverse_share_the_same_ends(network, inputs):
    saliency = np.random.default_rng(3).normal(size=inputs.shape).astype(np.float32)
    deletion, insertion = curves.areas(network, inputs, LABELS, saliency)
    # Deleting the least salient leaves what inserting the most salient shows: with s(x) − s(0) they add up.
    against, _ = curves.areas(network, inputs, LABELS, -saliency)
    span = scores(network, inputs) - scores(network, np.zeros_like(inputs))
    np.testing.assert_allclose(against + insertion, span, atol=1e-5)
    assert deletion.shape == (6,)


# Samples


def test_recordings_give_as_evenly_as_they_can():
    origin = np.array([0] * 100 + [1] * 3 + [2] * 50)
    chosen = balanced(np.arange(153), origin, 43, np.random.default_rng(0))
    assert np.bincount(origin[chosen]).tolist() == [20, 3, 20]
    assert len(set(chosen.tolist())) == 43
    assert len(balanced(np.arange(100, 103), origin, 43, np.random.default_rng(0))) == 3


# Shuffled weights


def test_shuffling_keeps_the_numbers_and_leaves_the_network(network):
    before = {name: value.clone() for name, value in network.state_dict().items()}
    shuffled = randomised.randomised(network)
    for name, value in network.state_dict().items():
        assert torch.equal(value, before[name])
        other = shuffled.state_dict()[name]
        assert torch.equal(other.flatten().sort()[0], value.flatten().sort()[0])
    assert not torch.equal(shuffled.lstm.weight_hh_l0, network.lstm.weight_hh_l0)


def test_rank_correlation_sees_order_only_and_leaves_flat_maps_out():
    rising = np.arange(T, dtype=np.float32).reshape(1, 1, T)
    maps = np.concatenate([rising**3, -rising, np.zeros_like(rising)])
    found = agreement.rank_correlation(np.concatenate([rising] * 3), maps)
    np.testing.assert_allclose(found, [1, -1, np.nan])
