"""Occlusion by pieces: a beat each, a stretch each, or the pieces that are given."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from models.explainers import Batch, Progress
from models.explainers.piece_occlusion import PieceOcclusion
from models.explainers.tracks import Marks, WindowMark
from models.networks import Network, build

T = 60
TARGETS = torch.tensor([0, 2])
MARKS: Marks = (
    WindowMark(0, T, "N"),  # the rhythm
    *(WindowMark(at, None, "N") for at in (10, 22, 40)),
    WindowMark(50, None, "~"),  # noise, no beat
)


def network(leads: int = 1) -> Network:
    torch.manual_seed(0)
    return build("lstm", {"leads": leads, "hidden": 8, "classes": 3}).eval().requires_grad_(False)


def signals(leads: int = 1) -> Tensor:
    return torch.randn(2, leads, T, generator=torch.Generator().manual_seed(1))


def test_a_beat_is_cut_off_in_diastole_and_what_is_no_beat_cuts_nothing() -> None:
    (numbers,) = PieceOcclusion().segments(1, T, MARKS)
    assert 1 + np.flatnonzero(np.diff(numbers)) == pytest.approx([18, 34])  # at two thirds of 12 and of 18
    assert [numbers[at] for at in (10, 22, 40)] == [0, 1, 2]


@pytest.mark.parametrize(("changes", "pieces"), [({"by": "stretches", "count": 7}, 7), ({"count": 9}, 9)])
def test_stretches_are_of_equal_length_and_stand_for_beats_where_there_are_none(
    changes: dict[str, Any], pieces: int
) -> None:
    method = PieceOcclusion(**changes)
    (numbers,) = method.segments(1, T, MARKS if method.by == "stretches" else ())
    sizes = np.bincount(numbers)
    assert len(sizes) == pieces
    assert np.ptp(sizes) <= 1


@pytest.mark.parametrize("leads", ["together", "each"])
def test_a_pieces_value_is_the_fall_of_the_score_without_it(leads: str) -> None:
    built, inputs = network(2), signals(2)
    method = PieceOcclusion(leads=leads, fill="mean")
    found = method.attribute(built, Batch(inputs, TARGETS, marks=(MARKS, MARKS))).values
    blank = inputs.mean(dim=2, keepdim=True).expand_as(inputs)
    for row in range(2):
        full = built(inputs[row : row + 1])[0, TARGETS[row]]
        for lead in range(2):
            hidden = inputs[row : row + 1].clone()
            of = slice(None) if leads == "together" else slice(lead, lead + 1)
            hidden[:, of, 18:34] = blank[row : row + 1, of, 18:34]
            fall = float(full - built(hidden)[0, TARGETS[row]])
            np.testing.assert_allclose(found[row, lead, 18:34], fall, atol=1e-5)


def test_pieces_that_are_given_are_taken() -> None:
    given = torch.zeros(2, 1, T, dtype=torch.int64)
    given[:, :, 30:] = 7
    found = PieceOcclusion().attribute(network(), Batch(signals(), TARGETS, segments=given)).values
    np.testing.assert_array_equal(found[:, :, :30], found[:, :, :1].repeat(30, axis=2))
    np.testing.assert_array_equal(found[:, :, 30:], found[:, :, 30:31].repeat(30, axis=2))


def test_pieces_of_what_stands_there_anyway_count_for_nothing() -> None:
    flat = torch.full((2, 1, T), 0.7)
    method = PieceOcclusion(fill="constant", constant=0.7)
    seen: list[Progress] = []
    found = method.attribute(network(), Batch(flat, TARGETS, marks=(MARKS, MARKS)), seen.append).values
    np.testing.assert_allclose(found, 0, atol=1e-6)
    assert [progress.fraction for progress in seen] == [0.5, 1.0]
