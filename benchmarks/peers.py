"""What a reader of the papers would write, and what other libraries offer, on the same network and windows."""

import logging
import warnings
from collections.abc import Callable

import torch
from captum.attr import Occlusion
from torch import Tensor

from models.networks.base import Network

STEPS = 500


def mask(network: Network, signal: Tensor, target: int) -> Tensor:
    """Learned mask [1, leads, samples] by autograd through `nn.LSTM`, one beat."""
    found = torch.ones_like(signal, requires_grad=True)
    adam = torch.optim.Adam([found], lr=0.001)
    for _ in range(STEPS):
        adam.zero_grad()
        score = network(found * signal)[:, target].sum()
        (0.01 * (1 - found).abs().sum() + 0.001 * found.diff(dim=2).abs().sum() + score).backward()
        adam.step()
        with torch.no_grad():
            found.clamp_(0, 1)
    return found.detach()


def occlusion(network: Network, signal: Tensor, target: int, width: int = 25) -> list[float]:
    """One forward pass for each window."""
    scores = []
    with torch.no_grad():
        for start in range(1 - width, signal.shape[2]):
            covered = signal.clone()
            covered[:, :, max(start, 0) : start + width] = 0
            scores.append(float(network(covered)[0, target]))
    return scores


def derivative(network: Network, signal: Tensor, target: int) -> Tensor:
    """One forward and one backward pass."""
    inputs = signal.clone().requires_grad_()
    network(inputs)[:, target].sum().backward()
    assert inputs.grad is not None
    return inputs.grad


def temporal(network: Network, signal: Tensor) -> list[Tensor]:
    """The answer for each prefix, one forward pass each: what a model gives that has no output at every step."""
    with torch.no_grad():
        return [network(signal[:, :, : end + 1]).softmax(dim=1) for end in range(signal.shape[2])]


def captum_occlusion(network: Network, signal: Tensor, target: int, width: int = 25) -> Tensor:
    """Captum's occlusion by windows of the same width, moved by one sample; it leaves out the clipped ones."""
    shape = (signal.shape[1], width)
    found: Tensor = Occlusion(network).attribute(signal, shape, target=target, perturbations_per_eval=16)
    return found


def dynamask(network: Network, signal: Tensor) -> Callable[[], Tensor]:
    """DynaMask of time_interpret with its own defaults, for 500 epochs of this one beat; call it to run it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pytorch_lightning import Trainer
        from tint.attr import DynaMask
        from tint.attr.models import MaskNet
    for name in ("pytorch_lightning", "lightning", "lightning.pytorch"):
        logging.getLogger(name).setLevel(logging.ERROR)

    def forward(signals: Tensor) -> Tensor:
        return network(signals.transpose(1, 2))  # its windows are [batch, samples, leads]

    def run() -> Tensor:
        quiet = {"logger": False, "enable_checkpointing": False, "enable_progress_bar": False}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            trainer = Trainer(
                max_epochs=STEPS, accelerator="cpu", devices=1, enable_model_summary=False, barebones=False, **quiet
            )
            found: Tensor = DynaMask(forward).attribute(
                signal.transpose(1, 2), trainer=trainer, mask_net=MaskNet(forward_func=forward), batch_size=1
            )
        return found

    return run
