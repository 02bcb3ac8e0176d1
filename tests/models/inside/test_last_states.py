"""The last state is what the class scores are a linear map of, whatever the network."""

import numpy as np
import pytest
import torch
from small_network import make_network, make_signals

from models.errors import UnsupportedError
from models.inside.last_states import last_states
from models.inside.projection import principal
from models.networks import build
from models.networks.base import Network, NetworkConfig


def networks() -> dict[str, Network]:
    torch.manual_seed(0)
    small = {"classes": 3, "channels": [4, 4, 4], "kernel": 3, "halved_after": [], "dropout": [0, 0, 0]}
    return {
        "last": make_network(),
        "mean": make_network(pooling="mean", layers=2),
        "convolutional": build("convolutional", small).eval().requires_grad_(False),
    }


@pytest.mark.parametrize("name", ["last", "mean", "convolutional"])
def test_scores_are_a_linear_map_of_the_last_state(name: str) -> None:
    network, signals = networks()[name], make_signals()
    states, logits = last_states(network, signals.numpy())
    with torch.no_grad():
        assert logits == pytest.approx(network(signals).numpy(), abs=1e-5)
    whole = np.concatenate([states, np.ones((len(states), 1), np.float32)], axis=1)
    many, scores = (np.concatenate(part) for part in zip(*_more(network), strict=True))
    whole = np.concatenate([many, np.ones((len(many), 1), np.float32)], axis=1)
    weights, *_ = np.linalg.lstsq(whole, scores, rcond=None)
    assert whole @ weights == pytest.approx(scores, abs=1e-3)


def _more(network: Network) -> list[tuple[np.ndarray, np.ndarray]]:
    """States and scores of more windows than there are units."""
    windows = np.random.default_rng(1).normal(size=(40, 1, 40)).astype(np.float32)
    return [last_states(network, windows)]


class Silent(Network):
    """A network without a linear map."""

    def __init__(self) -> None:
        super().__init__()
        self.config = NetworkConfig(classes=2)

    def forward(self, signals: torch.Tensor) -> torch.Tensor:
        return torch.stack([signals.mean(dim=(1, 2)), signals.amax(dim=(1, 2))], dim=1)


def test_a_network_without_one_says_so() -> None:
    with pytest.raises(UnsupportedError, match="no last state"):
        last_states(Silent(), make_signals().numpy())


def test_a_plane_keeps_the_distances_of_what_lies_on_it() -> None:
    rng = np.random.default_rng(0)
    flat = rng.normal(size=(50, 2)) @ rng.normal(size=(2, 9))
    found = principal(flat.astype(np.float32))
    placed = found.of(flat.astype(np.float32))
    assert found.shares.sum() == pytest.approx(1.0, abs=1e-6)
    assert np.linalg.norm(placed[:1] - placed, axis=1) == pytest.approx(
        np.linalg.norm(flat[:1] - flat, axis=1), abs=1e-3
    )
    assert placed.var(axis=0) / flat.var(axis=0).sum() == pytest.approx(found.shares, abs=1e-4)
