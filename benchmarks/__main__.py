"""`make bench`: each line a ratio against plain autograd in the same process, one thread."""

import json
import platform
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from benchmarks.timing import Line, versus
from models.explainers import parse
from models.networks.base import Network
from models.zoo import load

STEPS = 100  # of 500: a mask costs the same in every step
LATEST = Path(__file__).parent / "latest.json"


def plain_mask(network: Network, signal: Tensor, target: int) -> Tensor:
    """The learned mask as its paper's readers would write it: autograd through everything, one beat."""
    mask = torch.ones_like(signal, requires_grad=True)
    adam = torch.optim.Adam([mask], lr=0.001)
    for _ in range(STEPS):
        adam.zero_grad()
        score = network(mask * signal)[:, target].sum()
        (0.01 * (1 - mask).abs().sum() + 0.001 * mask.diff(dim=2).abs().sum() + score).backward()
        adam.step()
        with torch.no_grad():
            mask.clamp_(0, 1)
    return mask


def plain_occlusion(network: Network, signal: Tensor, target: int, width: int = 25) -> list[float]:
    """One forward pass for each window."""
    scores = []
    with torch.no_grad():
        for start in range(1 - width, signal.shape[2]):
            covered = signal.clone()
            covered[:, :, max(start, 0) : start + width] = 0
            scores.append(float(network(covered)[0, target]))
    return scores


def table() -> list[Line]:
    """All lines."""
    model = load("mitbih-lstm")
    network, length = model.network, model.card.input.window.samples
    beats = torch.from_numpy(np.random.default_rng(0).normal(size=(16, 1, length)).astype(np.float32))
    one, target, targets = beats[:1], torch.zeros(1, dtype=torch.int64), torch.zeros(16, dtype=torch.int64)
    mask, occlusion = parse({"method": "learned_mask", "steps": STEPS}), parse({"method": "occlusion"})
    plain = "plain autograd, B = 1"
    blocks = versus(
        "mask_blocks", lambda: mask.attribute(network, beats, targets), lambda: plain_mask(network, one, 0), plain, 7
    )
    return [
        versus("mask_one", lambda: mask.attribute(network, one, target), lambda: plain_mask(network, one, 0), plain),
        blocks._replace(ratio=round(16 * blocks.ratio, 2)),  # sixteen masks against one
        versus(
            "occlusion",
            lambda: occlusion.attribute(network, one, target),
            lambda: plain_occlusion(network, one, 0),
            "one forward pass per window",
        ),
    ]


def main() -> None:
    torch.set_num_threads(1)
    lines = table()
    print(f"{platform.machine()}, {platform.processor() or 'cpu'}, torch {torch.__version__}, 1 thread, {STEPS} steps")
    for line in lines:
        print(f"{line.line:14} {line.value:9.4f} {line.unit}  {line.ratio:6.2f}× against {line.baseline}")
    LATEST.write_text(json.dumps([line._asdict() for line in lines], indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
