"""Identities of occlusion: what is covered, how often, and what that changes."""

import numpy as np
import pytest
import torch
from captum.attr import Occlusion as CaptumOcclusion
from small_network import TARGETS, T, make_network, make_signals

from models.errors import InvalidError
from models.explainers import Batch, engine
from models.explainers.occlusion import Occlusion


@pytest.mark.parametrize("leads", ["together", "each"])
@pytest.mark.parametrize("width", [1, 5, T, T + 3])
def test_every_sample_is_covered_by_exactly_w_windows(width, leads):
    covers = Occlusion(width=width, leads=leads).covers(2, T)
    assert len(covers) == (T + width - 1) * (2 if leads == "each" else 1)
    assert (covers.sum(dim=0) == width).all()
    assert covers.any(dim=(1, 2)).all()


@pytest.mark.parametrize("stride", [2, 3, 5])
def test_a_stride_leaves_windows_out_and_no_sample_uncovered(stride):
    covers, every = Occlusion(width=5, stride=stride).covers(1, T), Occlusion(width=5).covers(1, T)
    assert torch.equal(covers, every[::stride])
    assert covers.any(dim=0).all()
    assert Occlusion(width=5, stride=stride).effort(1, T) == len(covers) * T


def test_a_stride_wider_than_the_window_is_refused():
    with pytest.raises(InvalidError, match="stride = 6 leaves samples between windows of width 5") as caught:
        Occlusion(width=5, stride=6).attribute(make_network(), Batch(make_signals(), TARGETS))
    assert caught.value.field == "stride"


def test_every_pixel_is_covered_by_exactly_one_block_a_pixel():
    covers = Occlusion(width=5, block_rows=5, row_length=28).covers(1, 28 * 28)
    assert len(covers) == 32 * 32
    assert (covers.sum(dim=0) == 25).all()
    # Paper 000, §3.3: 5 contiguous pixels every 28 steps, 5 times.
    middle = covers[16 * 32 + 16, 0].nonzero()[:, 0]
    assert middle.reshape(5, 5).diff(dim=1).eq(1).all()
    assert middle.reshape(5, 5).diff(dim=0).eq(28).all()


def test_rows_that_do_not_fill_the_window_are_refused():
    with pytest.raises(InvalidError, match="row_length = 7 does not divide the window's 40 samples"):
        Occlusion(row_length=7).attribute(make_network(), Batch(make_signals(), TARGETS))


def test_a_window_of_one_sample_cannot_be_occluded():
    with pytest.raises(InvalidError, match="leave a sample alone"):
        Occlusion().attribute(make_network(), Batch(make_signals(samples=1), TARGETS))


def test_occlusion_by_what_is_there_is_flat():
    constant = torch.full((3, 1, T), 1.5)
    values = (
        Occlusion(width=T, fill="constant", constant=1.5).attribute(make_network(), Batch(constant, TARGETS)).values
    )
    np.testing.assert_allclose(values, 0, atol=1e-6)


@pytest.mark.parametrize("leads", ["together", "each"])
def test_occlusion_is_the_contrast_of_means_over_windows(leads):
    network, signals = make_network(2), make_signals(leads=2)
    method = Occlusion(width=4, fill="mean", leads=leads)
    result = method.attribute(network, Batch(signals, TARGETS))
    covers, value = method.covers(2, T), signals.mean(dim=2, keepdim=True).expand_as(signals)
    for beat, lead, sample in [(0, 0, 0), (1, 1, 20), (2, 0, T - 1)]:
        scores = torch.stack(
            [network(torch.where(c, value[beat], signals[beat])[None])[0, TARGETS[beat]] for c in covers]
        )
        hides = covers[:, lead, sample]
        left = scores[~hides].mean()
        assert result.track("uncovered").values[beat, lead, sample] == pytest.approx(left.item(), abs=1e-5)
        assert result.values[beat, lead, sample] == pytest.approx((left - scores[hides].mean()).item(), abs=1e-5)


def test_occlusion_drops_the_score_as_captums_does():
    network, signals, width = make_network(), make_signals(batch=1), 5
    covers = Occlusion(width=width).covers(1, T)
    ours = engine.covered(network, signals, TARGETS[:1], covers, torch.zeros_like(signals))[0]
    full = engine.scores(network, signals, TARGETS[:1])
    drops = (full - ours)[width - 1 : T]  # the T − w + 1 windows that lie inside, which are Captum's
    hides = covers[width - 1 : T, 0].float()
    expected = (drops[:, None] * hides).sum(dim=0) / hides.sum(dim=0)  # Captum's mean drop over a sample's windows
    captum = CaptumOcclusion(network).attribute(signals, (1, width), target=0, baselines=0)[0, 0]
    np.testing.assert_allclose(captum, expected, atol=1e-5)


def test_occlusion_works_in_chunks_of_bounded_size(monkeypatch):
    network, signals = make_network(), make_signals()
    expected = Occlusion(width=5).attribute(network, Batch(signals, TARGETS)).values
    monkeypatch.setattr(engine, "CHUNK", 7 * T)
    seen = []
    values = Occlusion(width=5).attribute(network, Batch(signals, TARGETS), seen.append).values
    np.testing.assert_allclose(values, expected, atol=1e-5)
    assert len(seen) == 3 * -(-(T + 4) // 7)
