"""The methods themselves, on one core, against plain autograd and other libraries."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from benchmarks import machine, peers
from benchmarks.timing import RUNS, Line, versus
from models.explainers import Batch, parse
from models.explainers.base import Explainer
from models.networks.base import Network
from models.networks.lstm import LSTM, LSTMConfig
from models.zoo import load

PLAIN = "plain autograd, nn.LSTM, B = 1"
BLOCK = 16  # beats explained at once

Case = tuple[Network, Tensor]


def lines() -> Iterator[Line]:
    """One mask, masks in blocks, occlusion, derivative, temporal; other libraries; the limits; growth."""
    network = load("mitbih-lstm").network
    generator = torch.Generator().manual_seed(0)
    beats = torch.randn(BLOCK, 1, 216, generator=generator)
    one, mask, occlusion = beats[:1], method("learned_mask"), method("occlusion")
    alone = versus("mask_one", lambda: run(mask, network, one), lambda: peers.mask(network, one, 0), PLAIN)
    blocks = versus(
        "mask_blocks", lambda: run(mask, network, beats), lambda: peers.mask(network, one, 0), PLAIN, share=BLOCK
    )
    yield alone
    yield blocks._replace(value=round(BLOCK / blocks.value, 3), unit="masks/s")
    yield versus(
        "occlusion",
        lambda: run(occlusion, network, one),
        lambda: peers.occlusion(network, one, 0),
        "one forward pass per window",
    )
    yield versus(
        "derivative",
        lambda: run(method("input_derivative"), network, one),
        lambda: peers.derivative(network, one, 0),
        PLAIN,
        runs=5 * RUNS,
    )
    yield versus(
        "temporal",
        lambda: run(method("temporal_score"), network, one),
        lambda: peers.temporal(network, one),
        "one forward pass per prefix",
    )
    yield versus(
        "captum_occlusion",
        lambda: run(occlusion, network, one),
        lambda: peers.captum_occlusion(network, one, 0),
        "Captum's Occlusion, width 25, 16 windows a pass",
    )
    yield versus(
        "dynamask_one",
        lambda: run(mask, network, one),
        peers.dynamask(network, one),
        "time_interpret's DynaMask, its defaults, 500 epochs",
    )
    yield from limits(network, alone.value, blocks.value / BLOCK)
    yield from growth()


def limits(network: Network, alone: float, each: float) -> Iterator[Line]:
    """How near a mask comes to what the machine can do: reading the weights alone, multiplying in blocks."""
    weights = dict(network.named_parameters())["lstm.weight_hh_l0"].numel()
    passes = 2 * 216 * peers.STEPS  # each step of each pass reads every recurrent weight once
    reading = passes * weights * 4 / machine.l2_bandwidth()
    multiplying = passes * weights * 2 / machine.flops()
    yield Line(
        "roofline_one", round(reading, 3), "s", "limit: the weights read from L2 each step", round(reading / alone, 2)
    )
    yield Line(
        "roofline_blocks", round(multiplying, 3), "s", "limit: the core's multiply-adds", round(multiplying / each, 2)
    )


def growth() -> Iterator[Line]:
    """Cost against size: a ratio of 1 is in proportion, less is dearer."""
    sizes = (
        ("samples_10x", {"samples": 216}, {"samples": 2160}, {"learned_mask": 10, "occlusion": 100}),
        ("leads_12x", {"leads": 1}, {"leads": 12}, {"learned_mask": 12, "occlusion": 12}),
        ("hidden_8x", {"hidden": 64}, {"hidden": 512}, {"learned_mask": 64, "occlusion": 64}),
    )
    for size, small, large, shares in sizes:
        (unit, amount), *_ = small.items()
        for name, share in shares.items():
            explainer = method(name, steps=50) if name == "learned_mask" else method(name)
            against = f"{share} times the cost of {amount} {unit}"
            yield _grown(f"{name}_{size}", explainer, case(**small), case(**large), against, share)


def _grown(line: str, explainer: Explainer, small: Case, large: Case, against: str, share: float) -> Line:
    return versus(line, lambda: run(explainer, *large), lambda: run(explainer, *small), against, share=share)


def case(samples: int = 216, leads: int = 1, hidden: int = 128) -> Case:
    """A network of this size and one window for it."""
    torch.manual_seed(0)
    network = LSTM(LSTMConfig(leads=leads, classes=4, hidden=hidden)).requires_grad_(False).eval()
    return network, torch.randn(1, leads, samples)


def method(name: str, **settings: Any) -> Explainer:
    """A method with its defaults, but for `settings`."""
    return parse({"method": name, **settings})


def run(explainer: Explainer, network: Network, beats: Tensor) -> Any:
    """Explain class 0 of every beat."""
    return explainer.attribute(network, Batch(beats, torch.zeros(len(beats), dtype=torch.int64)))
