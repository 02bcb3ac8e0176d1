"""Cross-validation: which examples are held out, and the training of one fold, resumably."""

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from models.errors import InvalidError
from models.networks import Network, build
from models.networks.convolution_stack import ConvolutionStack
from models.training.datasets import Examples
from models.training.loop import Run, Tick, Weights
from models.training.rhythm_recipes import RhythmRecipe
from models.training.rhythm_recipes import recipe as recipe_named

Indices = NDArray[np.int64]
Floats = NDArray[np.float32]
WARM_UP = 0.1  # of all steps, before the cosine
POOL = 32  # batches' worth of examples that are sorted by length together
EVALUATED = 32  # examples of one length answered at once


def dealt(examples: Examples, folds: int, seed: int) -> Indices:
    """The fold [examples] of each: groups stay whole, every class is dealt out evenly, the seed decides the order."""
    names, first, group = np.unique(np.array(examples.groups), return_index=True, return_inverse=True)
    order = np.random.default_rng(seed).permutation(len(names))
    order = order[np.argsort(examples.labels[first][order], kind="stable")]
    fold = np.empty(len(names), dtype=np.int64)
    fold[order] = np.arange(len(names)) % folds
    return fold[group]


@dataclass(frozen=True)
class Fold:
    """One run: what is trained on and what is held out."""

    number: int
    train: Indices
    held_out: Indices

    @property
    def name(self) -> str:
        """The name of the fold's checkpoint."""
        return f"fold-{self.number}"


def fold_of(recipe: RhythmRecipe, examples: Examples, number: int) -> Fold:
    """Fold `number`, counted from 0. A recording that is there twice is not trained on where its twin is held out."""
    if not 0 <= number < recipe.folds:
        options = tuple(map(str, range(recipe.folds)))
        raise InvalidError(f"Fold {number} is not one of {', '.join(options)}", field="fold", options=options)
    held = dealt(examples, recipe.folds, recipe.fold_seed) == number
    origins = np.array(examples.origins)
    twin = np.isin(origins, origins[held])
    return Fold(number, np.flatnonzero(~twin), np.flatnonzero(held))


def key_of(recipe: RhythmRecipe, examples: Examples, fold: Fold) -> str:
    """What a checkpoint must agree in to be used: everything that decides the weights."""
    unimportant = {"title", "summary", "limits", "source", "published", "scored", "input", "vocabulary"}
    # Defaults are left out: a setting that is added later with what was done before does not lose what was trained.
    settings = recipe.model_dump_json(exclude=unimportant, exclude_defaults=True)
    prepared = recipe.input.model_dump_json(include={"fs", "leads", "preprocessing"})
    before = f" {key_of(recipe_named(recipe.pretrained), examples, fold)}" if recipe.pretrained else ""
    text = f"{settings} {prepared} {examples.checksum()} {fold.name}{before}"
    return hashlib.sha256(text.encode()).hexdigest()


def open_run(recipe: RhythmRecipe, examples: Examples, fold: Fold, checkpoints: Path) -> Run:
    """The fold's run as far as its checkpoint has it."""
    torch.manual_seed(recipe.seed)
    network = build(recipe.architecture, recipe.network).to("cuda" if torch.cuda.is_available() else "cpu")
    run = Run(network, _optimiser(recipe, network), key_of(recipe, examples, fold))
    run.restore(checkpoint(recipe, examples, fold, checkpoints))
    if recipe.members:
        run.best = _joined([open_run(each, examples, fold, checkpoints) for each in members(recipe)], members(recipe))
    return run


def members(recipe: RhythmRecipe) -> list[RhythmRecipe]:
    """The recipes whose networks answer together in this one."""
    return [recipe_named(name) for name in recipe.members]


def _joined(runs: Sequence[Run], recipes: Sequence[RhythmRecipe]) -> Weights:
    """The weights of an ensemble; none as long as one of its members is not trained to its end."""
    if any(run.epoch < each.epochs for run, each in zip(runs, recipes, strict=True)):
        return {}
    return {f"members.{i}.{name}": value for i, run in enumerate(runs) for name, value in run.best.items()}


def begun(recipe: RhythmRecipe, examples: Examples, fold: Fold, checkpoints: Path) -> Run:
    """The fold's run to go on with; a new one has the convolutions of the recipe that comes before it."""
    run = open_run(recipe, examples, fold, checkpoints)
    if run.epoch == 0 and recipe.pretrained:
        before = recipe_named(recipe.pretrained)
        _begin_with(run.network, open_run(before, examples, fold, checkpoints), before)
    return run


def checkpoint(recipe: RhythmRecipe, examples: Examples, fold: Fold, checkpoints: Path) -> Path:
    """Where a fold's run is kept: other settings or other data have a file of their own."""
    return checkpoints / recipe.id / f"{fold.name}-{key_of(recipe, examples, fold)[:8]}.pt"


def _optimiser(recipe: RhythmRecipe, network: Network) -> torch.optim.Optimizer:
    """Adam; convolutions that were trained before have a learning rate of their own."""
    before = list(_stack(network).parameters()) if recipe.pretrained else []
    known = {id(parameter) for parameter in before}
    groups = [{"params": [p for p in network.parameters() if id(p) not in known], "lr": recipe.learning_rate}]
    if before:
        groups.append({"params": before, "lr": recipe.pretrained_learning_rate})
    for group in groups:
        group["full_lr"] = group["lr"]
    return torch.optim.Adam(groups, weight_decay=recipe.weight_decay)


def _stack(network: Network) -> ConvolutionStack:
    """The convolutions of a network that begins with them."""
    stack = getattr(network, "stack", None)
    if not isinstance(stack, ConvolutionStack):
        raise InvalidError(f"A network {network.architecture!r} has no convolutions to begin with", field="pretrained")
    return stack


def _begin_with(network: Network, run: Run, before: RhythmRecipe) -> None:
    """The convolutions of a finished run of `before`."""
    if run.epoch < before.epochs:
        raise InvalidError(f"Train {before.id} on this fold first: its convolutions are what this recipe begins with")
    prefix = "stack."
    weights = {key.removeprefix(prefix): value for key, value in run.best.items() if key.startswith(prefix)}
    _stack(network).load_state_dict(weights)


def batches(lengths: Indices, chosen: Indices, batch: int, rng: np.random.Generator) -> Iterator[Indices]:
    """`chosen` in random batches of nearly equal length, in random order."""
    order = rng.permutation(chosen)
    found: list[Indices] = []
    for first in range(0, len(order), POOL * batch):
        pool = order[first : first + POOL * batch]
        pool = pool[np.argsort(lengths[pool], kind="stable")]
        found += [pool[i : i + batch] for i in range(0, len(pool), batch)]
    yield from (found[i] for i in rng.permutation(len(found)))


def assembled(examples: Examples, chosen: Indices, recipe: RhythmRecipe, rng: np.random.Generator) -> Tensor:
    """[batch, leads, samples]: each example cropped at random to the shortest of them, and augmented."""
    longest = math.inf if recipe.longest is None else round(recipe.longest * recipe.input.fs)
    samples = int(min(longest, *(examples.inputs[i].shape[-1] for i in chosen)))
    rows = []
    for i in chosen:
        start = int(rng.integers(examples.inputs[i].shape[-1] - samples + 1))
        factor = rng.uniform(1 - recipe.gain, 1 + recipe.gain) * (-1 if rng.random() < recipe.inverted else 1)
        rows.append(examples.inputs[i][:, start : start + samples] * np.float32(factor))
    return torch.from_numpy(np.stack(rows))


def factor_at(recipe: RhythmRecipe, epoch: int, fraction: float) -> float:
    """What the learning rate is multiplied with after `fraction` of the epoch `epoch` (from 0)."""
    if recipe.schedule == "exponential":
        return float(0.95**epoch)
    done = (epoch + fraction) / recipe.epochs
    if done < WARM_UP:
        return 0.05 + 0.95 * done / WARM_UP
    return 0.5 * (1 + math.cos(math.pi * (done - WARM_UP) / (1 - WARM_UP)))


def train_epoch(run: Run, recipe: RhythmRecipe, examples: Examples, fold: Fold, tick: Tick) -> None:
    """One epoch over the fold's training examples, then the curves of what is held out."""
    # All that is random depends on the epoch alone, so nothing of it has to be stored in a checkpoint.
    rng = np.random.default_rng((recipe.seed, fold.number, run.epoch))
    torch.manual_seed(int(rng.integers(2**62)))
    run.network.train()
    weights = class_weights(recipe, examples.labels[fold.train])
    losses, done = [], 0
    for chosen in batches(examples.lengths, fold.train, recipe.batch, rng):
        if len(chosen) < 2:
            continue  # one example alone has no spread to normalise a batch by
        _set_rate(run, factor_at(recipe, run.epoch, done / len(fold.train)))
        labels = torch.from_numpy(examples.labels[chosen])
        losses.append(_step(run, recipe, assembled(examples, chosen, recipe, rng), labels, weights))
        done += len(chosen)
        tick(done / len(fold.train))
    run.curves.train_loss.append(math.fsum(losses) / len(losses))
    # The last epoch's: none is chosen by what is held out.
    run.best = {name: value.cpu().clone() for name, value in run.network.state_dict().items()}
    _judge(run, examples, fold)


def _judge(run: Run, examples: Examples, fold: Fold) -> None:
    """Append the curves of what is held out; they decide nothing."""
    logits = predict(run.network, [examples.inputs[i] for i in fold.held_out])
    labels = examples.labels[fold.held_out]
    loss = nn.functional.cross_entropy(torch.from_numpy(logits), torch.from_numpy(labels))
    run.curves.validation_loss.append(loss.item())
    run.curves.validation_accuracy.append(float((logits.argmax(axis=1) == labels).mean()))


def _step(run: Run, recipe: RhythmRecipe, signals: Tensor, labels: Tensor, weights: Tensor | None) -> float:
    """One step of the optimiser; the loss before it."""
    device = device_of(run.network)
    run.optimiser.zero_grad()
    with torch.autocast(device.type, torch.bfloat16, enabled=recipe.precision == "bfloat16"):
        logits = run.network(signals.to(device))
    weights = None if weights is None else weights.to(device)
    loss = nn.functional.cross_entropy(logits.float(), labels.to(device), weight=weights)
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(run.network.parameters(), recipe.clip)
    run.optimiser.step()
    return loss.item()


def device_of(network: Network) -> torch.device:
    """Where its weights are."""
    return next(network.parameters()).device


def _set_rate(run: Run, factor: float) -> None:
    for group in run.optimiser.param_groups:
        group["lr"] = group["full_lr"] * factor


def class_weights(recipe: RhythmRecipe, labels: Indices) -> Tensor | None:
    """Inverse to the frequency, one on average; None where every example counts alike."""
    if not recipe.balanced:
        return None
    counts = np.bincount(labels, minlength=len(recipe.symbols))
    return torch.tensor(len(labels) / (len(counts) * np.maximum(counts, 1)), dtype=torch.float32)


def predict(network: Network, inputs: Sequence[Floats]) -> Floats:
    """Logits [examples, classes] of whole inputs, each [leads, samples]: only those of equal length share a batch."""
    network.eval()
    by_length: dict[int, list[int]] = {}
    for i, values in enumerate(inputs):
        by_length.setdefault(values.shape[-1], []).append(i)
    found: dict[int, Any] = {}
    with torch.inference_mode():
        for same in by_length.values():
            for first in range(0, len(same), EVALUATED):
                part = same[first : first + EVALUATED]
                signals = torch.from_numpy(np.stack([inputs[i] for i in part])).to(device_of(network))
                found |= zip(part, network(signals).cpu().numpy(), strict=True)
    return np.stack([found[i] for i in range(len(inputs))]).astype(np.float32)
