"""The channel-wise LSTM: what it says over time, and how its score is shared out over variables."""

from typing import Any

import torch
from torch import Tensor

from models.networks import build
from models.propagation.relevance import Shares


def network() -> Any:
    torch.manual_seed(0)
    config = {"leads": 6, "classes": 1, "groups": [[0, 3], [1, 4], [2, 5]], "each": 3, "hidden": 5}
    return build("channel_wise_lstm", config).double().eval().requires_grad_(False)


def signals(batch: int = 2, steps: int = 9) -> Tensor:
    return torch.randn(batch, 6, steps, dtype=torch.float64, generator=torch.Generator().manual_seed(1))


def test_the_answer_at_an_hour_is_that_to_the_stay_so_far() -> None:
    built, given = network(), signals()
    over_time = built.temporal(given)
    assert over_time.shape == (2, 9, 1)
    torch.testing.assert_close(over_time[:, -1], built(given))
    for step in (1, 4):
        torch.testing.assert_close(over_time[:, step - 1], built(given[..., :step]))


def test_the_future_of_a_variable_reaches_its_own_states_alone() -> None:
    built, given = network(), signals()
    changed = given.clone()
    changed[:, 1, -1] += 1
    before, after = built._each(given), built._each(changed)  # [batch, steps, groups · 2 · each]
    own = slice(6, 12)
    assert not torch.equal(before[:, 0, own], after[:, 0, own])  # backwards to the first hour
    others = [i for i in range(18) if not 6 <= i < 12]
    assert torch.equal(before[..., others], after[..., others])


def test_with_all_shares_handed_on_relevance_sums_to_the_logit() -> None:
    found = network().relevance(signals(), torch.zeros(2, dtype=torch.long), Shares(1e-9, 1.0))
    torch.testing.assert_close(found.values.sum(dim=(1, 2)), found.score, rtol=1e-5, atol=1e-6)
