"""The runs of a recipe: one split and one seed each, in a fixed order, each with its checkpoint."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from models.training import splits
from models.training.datasets.mitdb_beats import BeatSet, Say
from models.training.loop import Run, start, train_epoch
from models.training.recipes import Recipe
from models.training.splits import Split

SUBNORMAL = 1e-310


@dataclass(frozen=True)
class Plan:
    """One run."""

    split_seed: int
    seed: int

    @property
    def name(self) -> str:
        """The name of the run's checkpoint."""
        return f"split-{self.split_seed}-seed-{self.seed}"


def plans(recipe: Recipe) -> list[Plan]:
    """Every seed on the recipe's split, then its first seed on the further splits."""
    own = [Plan(recipe.split_seed, seed) for seed in recipe.seeds]
    return own + [Plan(split_seed, recipe.seeds[0]) for split_seed in recipe.other_split_seeds]


def split_of(recipe: Recipe, beats: BeatSet, split_seed: int) -> Split:
    """The beats to train on, choose by and judge by."""
    if recipe.split == "beats":
        return splits.permuted(len(beats), split_seed, splits.BEAT_SHARES)
    return splits.beats_of(splits.by_patient(beats.counts(), split_seed), beats.patient)


def key_of(recipe: Recipe, beats: BeatSet, plan: Plan) -> str:
    """What a checkpoint must agree in to be used: everything but how long to train."""
    excluded: dict[str, Any] = dict.fromkeys(
        ("title", "summary", "limits", "epochs", "patience", "seeds", "other_split_seeds", "split_seed", "source"), True
    )
    # Channels came later: a recipe without any keeps the key that its checkpoints have.
    settings = recipe.model_dump_json(exclude=excluded if recipe.input.channels else excluded | {"input": {"channels"}})
    return hashlib.sha256(f"{settings} {beats.checksum()} {len(beats)} {plan.name}".encode()).hexdigest()


def fit(recipe: Recipe, beats: BeatSet, plan: Plan, checkpoints: Path, say: Say) -> Run:
    """Train one run to its end, or go on with it."""
    file = checkpoints / recipe.id / f"{plan.name}.pt"
    run = open_run(recipe, beats, plan, checkpoints)
    split = split_of(recipe, beats, plan.split_seed)
    with bar(f"{recipe.id} {plan.name}", recipe.epochs, run.epoch) as tick:
        while not run.finished(recipe):
            train_epoch(run, recipe, beats, split, plan.seed, tick)
            run.save(file)
            curves = run.curves
            say(
                f"{recipe.id} {plan.name} epoch {run.epoch}/{recipe.epochs}: loss {curves.train_loss[-1]:.4f}, "
                f"validation {curves.validation_loss[-1]:.4f} ({curves.validation_accuracy[-1]:.1%} right)"
            )
    return run


def open_run(recipe: Recipe, beats: BeatSet, plan: Plan, checkpoints: Path) -> Run:
    """The run as far as its checkpoint has it."""
    run = start(recipe, key_of(recipe, beats, plan), plan.seed)
    run.restore(checkpoints / recipe.id / f"{plan.name}.pt")
    return run


@contextmanager
def bar(title: str, epochs: int, done: int) -> Iterator[Callable[[float], None]]:
    """A progress bar on a terminal, nothing elsewhere; the callable takes the fraction of the current epoch."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task(title, total=epochs, completed=done)
        last = [0.0]

        def tick(fraction: float) -> None:
            progress.advance(task, fraction - last[0])
            last[0] = fraction if fraction < 1 else 0.0

        yield tick


@contextmanager
def one_thread() -> Iterator[None]:
    """Sums in one fixed order, no second thread on a busy core, no denormal numbers; afterwards all is as before."""
    threads, flushed = torch.get_num_threads(), not torch.tensor(SUBNORMAL, dtype=torch.float64).mul(1).item()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
        torch.set_flush_denormal(flushed)
