"""DeepLIFT's rescale rule: contributions sum to the difference, and are Captum's where Captum sees the ReLUs."""

from typing import Any

import pytest
import torch
from captum.attr import DeepLift
from torch import Tensor, nn

from models.errors import UnsupportedError
from models.networks import Network, build
from models.networks.protocols import Rectified, lacks
from models.propagation.rescale import contributions

STACK = {"classes": 4, "channels": (6, 6, 6, 8), "halved_after": (2,), "kernel": 3}
KINDS: dict[str, dict[str, Any]] = {
    "GAP": {"pooling": "mean"},
    "GMP": {"pooling": "max"},
    "residual vote": {"residual": True, "vote_layer": 2},
}
TARGETS = torch.tensor([0, 2, 1])


def network(kind: str) -> Network:
    torch.manual_seed(0)
    built = build("convolutional", {**STACK, **KINDS[kind]}).double()
    with torch.no_grad():
        for _ in range(3):
            built.train()(signals(8))
    return built.eval().requires_grad_(False)


def signals(batch: int = 3, seed: int = 1) -> Tensor:
    return torch.randn(batch, 1, 60, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@pytest.mark.parametrize("kind", KINDS)
def test_contributions_are_the_scores_difference(kind: str) -> None:
    built, baselines = network(kind), signals(seed=2)
    found = built.contributions(signals(), baselines, TARGETS)
    scores = [built(one).gather(1, TARGETS[:, None])[:, 0] for one in (signals(), baselines)]
    torch.testing.assert_close(found.difference, scores[0] - scores[1])
    torch.testing.assert_close(found.values.sum(dim=(1, 2)), found.difference)


class Plain(nn.Module):
    """With ReLUs that are modules, as Captum wants them."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.convolutions = nn.Sequential(nn.Conv1d(1, 4, 5), nn.ReLU(), nn.Conv1d(4, 5, 5), nn.ReLU())
        self.scores = nn.Linear(5, 4)

    def forward(self, inputs: Tensor) -> Tensor:
        found: Tensor = self.scores(self.convolutions(inputs).mean(dim=-1))
        return found


def test_the_rule_is_captums() -> None:
    built, baselines = Plain().double().eval(), signals(seed=2)
    with pytest.warns(UserWarning, match="forward, backward hooks"):
        expected = DeepLift(built).attribute(signals().requires_grad_(), baselines, target=TARGETS).detach()
    ours = contributions(built.requires_grad_(False), signals(), baselines, TARGETS).values
    torch.testing.assert_close(ours, expected)


def test_a_relu_and_a_maximum_by_hand() -> None:
    class Small(nn.Module):
        def forward(self, inputs: Tensor) -> Tensor:
            return torch.cat([inputs.relu().sum(dim=2), inputs.amax(dim=2)], dim=1)

    one = torch.tensor([[[3.0, -1.0, 2.0]]], dtype=torch.float64)
    base = torch.tensor([[[1.0, 1.0, 2.5]]], dtype=torch.float64)
    rectified = contributions(Small(), one, base, torch.tensor([0]))
    assert rectified.values[0, 0].tolist() == pytest.approx([2.0, -1.0, -0.5])
    maximum = contributions(Small(), one, base, torch.tensor([1]))
    assert maximum.values[0, 0].tolist() == pytest.approx([0.5, 0, 0])  # 3 won, from 2.5


def test_where_it_is_not_deeplift_it_is_refused() -> None:
    lstm = build("lstm", {"classes": 3, "hidden": 4}).eval().requires_grad_(False)
    with pytest.raises(UnsupportedError, match="DeepLIFT: there is no rule for lstm"):
        contributions(lstm, signals().float(), torch.zeros(3, 1, 60), TARGETS)
    for kind, config in {"lstm": {}, "conv_lstm": STACK, "attention_gated": {**STACK, "gate_layer": 3}}.items():
        reason = lacks(build(kind, {"classes": 4, **config}), (Rectified,))
        assert reason is not None
        assert "for which DeepLIFT has no rule" in reason
