"""The table of all methods: what each single deletion changes, and that a stopped run goes on."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from models.evaluation import all_methods
from models.evaluation.cumulative import cumulative
from models.evaluation.sample import Sample
from models.explainers import parse
from models.networks import Network, NetworkConfig, build

T = 20


class First(Network):
    """Whose answer hangs on its first sample alone."""

    def __init__(self) -> None:
        super().__init__()
        self.config = NetworkConfig(classes=2)
        self.one = nn.Parameter(torch.ones(1))

    def forward(self, signals: Tensor) -> Tensor:
        return torch.stack([4 * self.one * signals[:, 0, 0], torch.zeros(len(signals))], dim=1)


def test_deleting_what_decides_changes_all_and_deleting_the_rest_nothing() -> None:
    inputs = np.random.default_rng(0).normal(size=(3, 1, T)).astype(np.float32)
    right = np.zeros((3, 1, T), dtype=np.float32)
    right[:, :, 0] = -2  # a negative relevance counts as much
    network = First().eval()
    difference, preservation = cumulative(network, inputs, right)
    probability = 1 / (1 + np.exp(-4 * inputs[:, 0, 0]))
    np.testing.assert_allclose(difference, 2 * np.abs(probability - 0.5), rtol=1e-4)
    np.testing.assert_allclose(preservation, 0, atol=1e-6)


def test_changes_add_up_step_by_step() -> None:
    torch.manual_seed(0)
    network = build("lstm", {"hidden": 4, "classes": 3}).eval()
    inputs = np.random.default_rng(0).normal(size=(2, 1, T)).astype(np.float32)
    maps = np.random.default_rng(1).normal(size=inputs.shape).astype(np.float32)
    found = cumulative(network, inputs, maps, share=0.15)[0]
    for row in range(2):
        left, total = inputs[row].copy(), 0.0
        chances = [network(torch.from_numpy(left)[None]).softmax(dim=1)[0].detach()]
        for at in np.argsort(-np.abs(maps[row, 0]))[:3]:
            left[0, at] = 0
            chances.append(network(torch.from_numpy(left)[None]).softmax(dim=1)[0].detach())
            total += float((chances[-1] - chances[-2]).abs().sum())
        assert found[row] == pytest.approx(total, abs=1e-5)


class Toy:
    """What a report needs of a model."""

    weights_sha256 = "a" * 64

    def __init__(self) -> None:
        torch.manual_seed(0)
        self.network = build("lstm", {"hidden": 4, "classes": 2}).eval()
        window = type("Window", (), {"origin": 5})
        self.card = type("Card", (), {"id": "toy", "input": type("Input", (), {"window": window})})


@pytest.fixture
def report(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    rng = np.random.default_rng(0)
    inputs, labels = rng.normal(size=(12, 1, T)).astype(np.float32), np.arange(12) % 2
    monkeypatch.setattr(all_methods, "draw", lambda *_: Sample(inputs, labels, np.arange(12) // 4, ("a", "b", "c")))
    some = [parse({"method": name}) for name in ("gradient_input", "relevance_propagation")]
    monkeypatch.setattr(all_methods, "methods_of", lambda _: some)
    return lambda: all_methods.methods_report(Toy(), tmp_path, 6, tmp_path, tmp_path, lambda _: None)  # type: ignore[arg-type]


def test_every_map_has_a_row_with_intervals_and_a_second_run_makes_none_again(
    report: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = report()
    saved = json.loads((tmp_path / "methods-toy.json").read_text())
    assert set(saved) == {"Gradient × input", "Relevance propagation", "\\|x\\|", "triangle at R", "noise"}
    for row in saved.values():
        assert all(row[name]["low"] <= row[name]["mean"] <= row[name]["high"] for name in all_methods.COLUMNS)
    assert text.count("\n| ") == 6
    for method in all_methods.methods_of(Toy().network):
        monkeypatch.setattr(type(method), "attribute", lambda *_: pytest.fail("a map was made again"))
    assert report() == text


def test_methods_that_give_no_relevance_are_not_judged() -> None:
    found = {method.method for method in all_methods.methods_of(Toy().network)}
    assert {"occlusion", "relevance_propagation", "kernel_shap"} <= found
    assert not found & {"temporal_score", "hidden_states", "shift_mask", "deep_lift"}
