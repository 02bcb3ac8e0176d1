"""Training one network, resumably: a run that was killed goes on after its last whole epoch, bit for bit."""

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from models.networks import Network, build
from models.training.datasets.mitdb_beats import BeatSet
from models.training.recipes import Recipe
from models.training.splits import Split

Weights = dict[str, Tensor]
Tick = Callable[[float], None]  # told the fraction of the epoch that is done


@dataclass
class Curves:
    """One value per epoch."""

    train_loss: list[float] = field(default_factory=list)  # mean over the epoch's batches
    validation_loss: list[float] = field(default_factory=list)
    validation_accuracy: list[float] = field(default_factory=list)

    def best(self) -> int:
        """The epoch (from 0) with the lowest validation loss."""
        return int(np.argmin(self.validation_loss))


@dataclass
class Run:
    """A network in training and all it takes to go on."""

    network: Network
    optimiser: torch.optim.Optimizer
    key: str  # recipe, data, split and seed: a checkpoint of another run is not used
    best: Weights = field(default_factory=dict)
    curves: Curves = field(default_factory=Curves)

    @property
    def epoch(self) -> int:
        """Epochs done."""
        return len(self.curves.train_loss)

    def finished(self, recipe: Recipe) -> bool:
        """Whether no epoch is left, or the last `patience` ones brought nothing."""
        stale = self.epoch > 0 and self.epoch - 1 - self.curves.best() >= recipe.patience
        return stale or self.epoch >= recipe.epochs

    def save(self, file: Path) -> None:
        """Written whole or not at all."""
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(".tmp")
        state: dict[str, Any] = {"key": self.key, "network": self.network.state_dict(), "best": self.best}
        torch.save(state | {"optimiser": self.optimiser.state_dict(), "curves": asdict(self.curves)}, partial)
        partial.replace(file)

    def restore(self, file: Path) -> None:
        """Go on from `file` where it is there and of this very run."""
        if not file.is_file():
            return
        state = torch.load(file, map_location="cpu", weights_only=True)
        if state["key"] != self.key:
            return
        self.network.load_state_dict(state["network"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.best = state["best"]
        self.curves = Curves(**state["curves"])


def start(recipe: Recipe, key: str, seed: int) -> Run:
    """A new network and its optimiser; the seed decides the first weights."""
    torch.manual_seed(seed)
    network = build(recipe.architecture, recipe.network)
    # Adam with the L2 form of weight decay, as the paper's Adam had.
    adam = torch.optim.Adam(network.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay)
    return Run(network, adam, key)


def train_epoch(run: Run, recipe: Recipe, beats: BeatSet, split: Split, seed: int, tick: Tick) -> None:
    """One epoch: a random draw of the training beats without replacement, then the validation loss."""
    # Both seeds depend on the epoch alone, so nothing random has to be stored in a checkpoint.
    rng = np.random.default_rng((seed, run.epoch))
    torch.manual_seed(int(rng.integers(2**62)))
    drawn = rng.permutation(split.train)[: recipe.beats_per_epoch]
    run.network.train()
    losses = []
    for first in range(0, len(drawn), recipe.batch):
        chosen = drawn[first : first + recipe.batch]
        run.optimiser.zero_grad()
        logits = run.network(torch.from_numpy(beats.inputs[chosen]))
        loss = nn.functional.cross_entropy(logits, torch.from_numpy(beats.labels[chosen]))
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(run.network.parameters(), recipe.clip)
        run.optimiser.step()
        losses.append(loss.item())
        tick((first + len(chosen)) / len(drawn))
    run.curves.train_loss.append(math.fsum(losses) / len(losses))
    _validate(run, beats, split)


def _validate(run: Run, beats: BeatSet, split: Split) -> None:
    """Append the validation curves; keep the weights where they are the best so far."""
    logits = predict(run.network, beats.inputs[split.validation])
    labels = beats.labels[split.validation]
    loss = nn.functional.cross_entropy(torch.from_numpy(logits), torch.from_numpy(labels)).item()
    run.curves.validation_loss.append(loss)
    run.curves.validation_accuracy.append(float((logits.argmax(axis=1) == labels).mean()))
    if run.curves.best() == run.epoch - 1:
        run.best = {name: value.clone() for name, value in run.network.state_dict().items()}


def predict(network: Network, inputs: NDArray[np.float32], batch: int = 500) -> NDArray[np.float32]:
    """Logits [beats, classes] of inputs [beats, leads, samples]."""
    network.eval()
    with torch.inference_mode():
        parts = [network(torch.from_numpy(inputs[i : i + batch])).numpy() for i in range(0, len(inputs), batch)]
    return np.concatenate(parts).astype(np.float32)
