"""Training one network of stays, resumably."""

import hashlib
import math
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from models.networks import Network, build
from models.training import runs
from models.training.loop import Curves, Run, Tick
from models.training.stays.data import Floats, Say, Stays
from models.training.stays.recipe import StayRecipe

EVALUATED = 250  # stays answered at once
UNIMPORTANT = {"title", "summary", "source", "published", "limits", "epochs", "patience", "seeds"}


def open_run(recipe: StayRecipe, data: str, seed: int, checkpoints: Path) -> Run:
    """The run of a seed as far as its checkpoint has it; `data` is a checksum of what it is trained on."""
    torch.manual_seed(seed)
    network = build("channel_wise_lstm", recipe.network)
    adam = torch.optim.Adam(network.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay)
    settings = recipe.model_dump_json(exclude=UNIMPORTANT)
    run = Run(network, adam, hashlib.sha256(f"{settings} {data} {seed}".encode()).hexdigest())
    run.restore(checkpoint(recipe, seed, checkpoints))
    return run


def checkpoint(recipe: StayRecipe, seed: int, checkpoints: Path) -> Path:
    """Where a run is kept."""
    return checkpoints / recipe.id / f"seed-{seed}.pt"


def checksum(found: Stays) -> str:
    """SHA-256 over files and outcomes, in order."""
    rows = zip(found.origins, found.died.tolist(), strict=True)
    return hashlib.sha256("".join(f"{origin} {died}\n" for origin, died in rows).encode()).hexdigest()


def finished(recipe: StayRecipe, curves: Curves) -> bool:
    """Whether no epoch is left, or the last `patience` ones brought nothing."""
    done = len(curves.train_loss)
    return done >= recipe.epochs or (done > 0 and done - 1 - curves.best() >= recipe.patience)


def fit(
    recipe: StayRecipe, train: tuple[Floats, Stays], held: tuple[Floats, Stays], seed: int, checkpoints: Path, say: Say
) -> Run:
    """Train one seed to its end, or go on with it; inputs [stays, channels, hours] come with their stays."""
    run = open_run(recipe, checksum(train[1]), seed, checkpoints)
    with runs.bar(f"{recipe.id} seed {seed}", recipe.epochs, run.epoch) as tick:
        while not finished(recipe, run.curves):
            train_epoch(run, recipe, train[0], train[1].died, seed, tick)
            _validate(run, held[0], held[1].died)
            run.save(checkpoint(recipe, seed, checkpoints))
            curves = run.curves
            say(
                f"{recipe.id} seed {seed} epoch {run.epoch}/{recipe.epochs}: loss {curves.train_loss[-1]:.4f}, "
                f"validation {curves.validation_loss[-1]:.4f} ({curves.validation_accuracy[-1]:.1%} right)"
            )
    return run


def train_epoch(run: Run, recipe: StayRecipe, inputs: Floats, died: NDArray[np.int64], seed: int, tick: Tick) -> None:
    """One epoch over all stays in random order; some batches end before hour 48."""
    # All that is random depends on the epoch alone, so nothing of it has to be stored in a checkpoint.
    rng = np.random.default_rng((seed, run.epoch))
    torch.manual_seed(int(rng.integers(2**62)))
    order = rng.permutation(len(inputs))
    run.network.train()
    losses = []
    for first in range(0, len(order), recipe.batch):
        chosen = order[first : first + recipe.batch]
        hours = inputs.shape[-1]
        end = int(rng.integers(recipe.earliest, hours + 1)) if rng.random() < recipe.cut else hours
        run.optimiser.zero_grad()
        logits = run.network(torch.from_numpy(inputs[chosen][..., :end]))[:, 0]
        loss = nn.functional.binary_cross_entropy_with_logits(logits, torch.from_numpy(died[chosen]).float())
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(run.network.parameters(), recipe.clip)
        run.optimiser.step()
        losses.append(loss.item())
        tick((first + len(chosen)) / len(order))
    run.curves.train_loss.append(math.fsum(losses) / len(losses))


def _validate(run: Run, inputs: Floats, died: NDArray[np.int64]) -> None:
    """Append the validation curves; keep the weights where they are the best so far."""
    logits = predict(run.network, inputs)
    loss = nn.functional.binary_cross_entropy_with_logits(torch.from_numpy(logits), torch.from_numpy(died).float())
    run.curves.validation_loss.append(loss.item())
    run.curves.validation_accuracy.append(float(((logits > 0) == died).mean()))
    if run.curves.best() == run.epoch - 1:
        run.best = {name: value.clone() for name, value in run.network.state_dict().items()}


def predict(network: Network, inputs: Floats) -> Floats:
    """Logits [stays] of inputs [stays, channels, hours]."""
    network.eval()
    with torch.inference_mode():
        parts = [
            network(torch.from_numpy(inputs[i : i + EVALUATED]))[:, 0].numpy() for i in range(0, len(inputs), EVALUATED)
        ]
    return np.concatenate(parts).astype(np.float32)


def best_network(recipe: StayRecipe, run: Run) -> Network:
    """The run's network of its best epoch."""
    network = build("channel_wise_lstm", recipe.network)
    network.load_state_dict(run.best)
    return network.eval().requires_grad_(False)
