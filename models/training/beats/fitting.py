"""Fitting the beat model: a run that was killed goes on after its last checkpoint, bit for bit."""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from models.errors import InvalidError
from models.networks.beat_measures import BeatMeasures, BeatMeasuresConfig
from models.training.beats.batches import Draws, Measured
from models.training.beats.recipe import BeatRecipe
from models.training.datasets.mitdb_beats import Say

EVERY = 200  # steps between two checkpoints
WARM_UP = 50  # steps
LEAST = 0.001  # added to the SD of a measure


@dataclass
class Fit:
    """One run: the network in training and the running mean of its weights, which is what is kept."""

    network: BeatMeasures
    mean: BeatMeasures
    optimiser: torch.optim.Optimizer
    rng: np.random.Generator
    key: str  # recipe, data and seed: a checkpoint of another run is not used
    step: int = 0

    def save(self, file: Path) -> None:
        """Written whole or not at all."""
        file.parent.mkdir(parents=True, exist_ok=True)
        state: dict[str, Any] = {name: getattr(self, name).state_dict() for name in ("network", "mean", "optimiser")}
        state |= {"key": self.key, "step": self.step, "rng": self.rng.bit_generator.state}
        partial = file.with_suffix(".tmp")
        torch.save(state | {"torch": torch.get_rng_state()}, partial)
        partial.replace(file)

    def restore(self, file: Path) -> None:
        """Go on from `file` where it is there and of this very run."""
        if not file.is_file():
            return
        state = torch.load(file, weights_only=True)
        if state["key"] != self.key:
            return
        for name in ("network", "mean", "optimiser"):
            getattr(self, name).load_state_dict(state[name])
        self.step, self.rng.bit_generator.state = state["step"], state["rng"]
        torch.set_rng_state(state["torch"])


def fit(
    recipe: BeatRecipe, measured: Sequence[Measured], seed: int, checkpoint: Path, say: Say, done: bool = False
) -> BeatMeasures:
    """The network after all steps on `measured`, its weights averaged; from `checkpoint` as far as it is there.

    Where it should be `done` and is not, InvalidError says how far it is.
    """
    run = start(recipe, measured, seed)
    run.restore(checkpoint)
    if done and run.step < recipe.steps:
        raise InvalidError(f"{checkpoint} is at step {run.step} of {recipe.steps}: train it to its end first")
    draws = Draws(measured, recipe, run.rng)
    losses: list[float] = []
    while run.step < recipe.steps:
        losses.append(step(run, recipe, draws))
        if run.step % EVERY == 0 or run.step == recipe.steps:
            run.save(checkpoint)
            say(f"{checkpoint.stem} step {run.step}/{recipe.steps}: loss {np.mean(losses[-EVERY:]):.4f}")
    return run.mean.eval().requires_grad_(False)


def start(recipe: BeatRecipe, measured: Sequence[Measured], seed: int) -> Fit:
    """A new run; the seed decides the first weights and every draw."""
    torch.manual_seed(seed)
    config = BeatMeasuresConfig.model_validate(recipe.network)
    network, mean = BeatMeasures(config), BeatMeasures(config)
    every = np.concatenate([values for one in measured for values in (one.recorded, one.drawn)])
    network.mean.copy_(torch.from_numpy(every.mean(axis=0)))
    network.sd.copy_(torch.from_numpy(every.std(axis=0) + LEAST))
    mean.load_state_dict(network.state_dict())
    adam = torch.optim.AdamW(network.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay)
    return Fit(network, mean, adam, np.random.default_rng((seed, 17)), key_of(recipe, measured, seed))


def key_of(recipe: BeatRecipe, measured: Sequence[Measured], seed: int) -> str:
    """What a checkpoint must agree in to be used: what decides the weights, and the measures themselves."""
    words = {"id", "title", "summary", "source", "input", "seeds", "folds", "limits"}
    digest = hashlib.sha256(f"{recipe.model_dump_json(exclude=words)} {seed}".encode())
    for one in measured:
        for values in (one.recorded, one.recorded_labels, one.drawn, one.drawn_labels):
            digest.update(np.ascontiguousarray(values).tobytes())
    return digest.hexdigest()


def step(run: Fit, recipe: BeatRecipe, draws: Draws) -> float:
    """One step down the gradient; its loss."""
    for group in run.optimiser.param_groups:
        group["lr"] = rate(recipe, run.step)
    run.network.train()
    measures, labels = draws.batch()
    blurred = measures + recipe.blur * run.network.sd * torch.randn_like(measures)
    loss = nn.functional.cross_entropy(run.network.judge(blurred), labels)
    run.optimiser.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(run.network.parameters(), recipe.clip)
    run.optimiser.step()
    _average(run.mean, run.network, min(recipe.averaging, (run.step + 1) / (run.step + 10)))
    run.step += 1
    return loss.item()


def rate(recipe: BeatRecipe, step: int) -> float:
    """Learning rate of a step: up over `WARM_UP`, then down a cosine to nearly nothing."""
    rise = min(1.0, (step + 1) / WARM_UP)
    return recipe.learning_rate * rise * (0.5 + 0.5 * math.cos(math.pi * step / recipe.steps)) + 1e-5


@torch.no_grad()
def _average(mean: nn.Module, now: nn.Module, keep: float) -> None:
    """Move the means (weights and normalisation alike) towards `now`."""
    for old, new in zip(mean.state_dict().values(), now.state_dict().values(), strict=True):
        if old.dtype.is_floating_point:
            old.lerp_(new, 1 - keep)
        else:
            old.copy_(new)
