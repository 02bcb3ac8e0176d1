"""How often the trust verdict is right: maps that cannot know a beat, and methods' maps, judged on test patients."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from models.cards import BeatWindow
from models.evaluation.checks import baselines, judging
from models.evaluation.checks.deletion import Window, smooth_noise
from models.evaluation.labelled import labelled
from models.evaluation.maps import importance
from models.evaluation.sample import Sample
from models.evaluation.trust import RULE, Verdict, verdict
from models.explainers import Batch, parse
from models.explainers.integrated_gradients import IntegratedGradients
from models.explainers.tracks import Floats
from models.explanations.explaining import NOTHING, calibrated, full_scale
from models.training.datasets.mitdb_beats import Say
from models.zoo import Model, contrast

METHODS = ("occlusion", "learned_mask", "smooth_grad", "integrated_gradients", "input_derivative")
SEED = 1  # of the beats: the rule was first chosen on those of 0
FREE, ELSE, CLASSES, OWN = "knows no model", "knows not this beat", "knows the classes, no model", "method"


class Found(NamedTuple):
    """What came of one map of one beat."""

    chance: float
    gain: float
    lead: float
    room: float
    nothing: bool

    @property
    def verdict(self) -> Verdict:
        """What follows from it by today's rule."""
        return verdict(*self)


@dataclass(frozen=True)
class Kind:
    """One kind of map of every beat."""

    title: str
    group: str  # FREE, ELSE, CLASSES or OWN
    values: Floats  # [beats, leads, samples]
    nothing: NDArray[np.bool_]  # [beats], the map would be shown empty
    shape: str | None = None  # the baseline that it is, which it is not compared with


@dataclass(frozen=True)
class Rates:
    """Every kind of map on every beat of a sample."""

    model: Model
    sample: Sample  # labels: the class answered, which is what maps are made and judged for
    kinds: list[Kind]
    found: dict[str, list[Found]]  # title → [beats]


def measure(
    model: Model, data_dir: Path, per_class: int, methods: Sequence[str], cache: Path, say: Say = print
) -> Rates:
    """Maps and verdicts of `per_class` test beats of each class; both are kept in `cache`, a stopped run goes on.

    Those of other beats, and of the runner-up class, are by the first of `methods`.
    """
    drawn = labelled(model.card, "test", data_dir, cache, say).drawn(per_class, SEED)
    sample = replace(drawn, labels=model.logits(drawn.inputs).argmax(axis=1).astype(np.int64))
    kinds = list(every_kind(model, sample, methods, cache / "maps", say))
    found: dict[str, list[Found]] = {one.title: [] for one in kinds}
    for row in range(len(sample)):
        for title, one in of_beat(model, sample, kinds, row, cache / "verdicts").items():
            found[title].append(one)
        say(f"{row + 1} of {len(sample)} beats judged")
    return Rates(model, sample, kinds, found)


def every_kind(model: Model, sample: Sample, methods: Sequence[str], store: Path, say: Say) -> Iterator[Kind]:
    """Maps for the class answered by each method, and those that cannot know it."""
    never, window = np.zeros(len(sample), dtype=np.bool_), model.card.input.window
    assert isinstance(window, BeatWindow)
    for name, values in baselines.shapes(sample.inputs, window.before).items():
        yield Kind(name, FREE, values, never, shape=name)
    differences = [baselines.difference(one, fills(model, one, at)) for one, at in of_each(sample)]
    yield Kind("difference from what replaces it", CLASSES, np.stack(differences), never)
    yield Kind("smooth noise", FREE, smooth_noise(sample.inputs.shape, np.random.default_rng(0)), never)
    own = {}
    for name in methods:
        method = parse({"method": name})
        own[name] = importance(method, model.network, sample, store, say)
        full, largest = full_scale(model, method), np.abs(own[name]).max(axis=(1, 2))
        nothing = largest < NOTHING * full if full else never
        yield Kind(method.title, OWN, own[name], np.asarray(nothing))
    shares = differences_from_others(model, sample)
    if shares is not None:
        yield Kind("Integrated gradients from a beat of another class", OWN, shares, never)
    first = parse({"method": methods[0]})
    title, second = uncapital(first.title), replace(sample, labels=runners_up(model, sample))
    yield Kind(f"{title} of a beat answered otherwise", ELSE, own[first.method][others(sample)], never)
    values = importance(first, model.network, second, store, say)
    yield Kind(f"{title} for the runner-up class", ELSE, values, never)


def uncapital(title: str) -> str:
    """`occlusion` for "Occlusion"."""
    return title[:1].lower() + title[1:]


def differences_from_others(model: Model, sample: Sample) -> Floats | None:
    """Integrated gradients from the nearest beat of another class; None where the model keeps none."""
    if not contrast.kept(model):
        return None
    base = torch.from_numpy(np.stack([fills(model, one, at)[0] for one, at in of_each(sample)]))
    batch = Batch(torch.from_numpy(sample.inputs), torch.from_numpy(sample.labels), usual=base)
    return IntegratedGradients(baseline="other").attribute(model.network, batch).values


def of_each(sample: Sample) -> Iterator[tuple[Floats, int]]:
    """Each beat and the class answered."""
    return zip(sample.inputs, sample.labels.tolist(), strict=True)


def fills(model: Model, inputs: Floats, target: int) -> Floats:
    """What replaces a beat [fills, leads, samples]: beats of another class, or 0 where the model keeps none."""
    other = contrast.contrast(model, inputs, target)
    return np.zeros_like(inputs)[None] if other is None else other.windows


def others(sample: Sample) -> NDArray[np.int64]:
    """For each beat one that was answered otherwise, at random; with a single answer the next beat."""
    rng, rows = np.random.default_rng(0), np.arange(len(sample))
    choices = [rows[sample.labels != label] for label in sample.labels.tolist()]
    return np.array([rng.choice(one) if len(one) else (i + 1) % len(rows) for i, one in enumerate(choices)])


def runners_up(model: Model, sample: Sample) -> NDArray[np.int64]:
    """The second most probable class [beats]."""
    return np.argsort(model.logits(sample.inputs), axis=1)[:, -2].astype(np.int64)


def of_beat(model: Model, sample: Sample, kinds: Sequence[Kind], row: int, store: Path) -> dict[str, Found]:
    """Title → what comes of the map, read from `store` where an earlier run left it."""
    inputs, target = sample.inputs[row], int(sample.labels[row])
    digest = hashlib.sha256(json.dumps([RULE, model.weights_sha256, model.card.artefacts, target]).encode())
    for part in (inputs, *(one.values[row] for one in kinds)):
        digest.update(np.ascontiguousarray(part).tobytes())
    file = store / f"{digest.hexdigest()[:24]}.json"
    if not file.is_file():
        found = judged(model, inputs, target, kinds, row)
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(".tmp")
        partial.write_text(json.dumps(found))
        partial.replace(file)
    return {title: Found(*one) for title, one in json.loads(file.read_text()).items()}


def judged(model: Model, inputs: Floats, target: int, kinds: Sequence[Kind], row: int) -> dict[str, Found]:
    """As the trust panel judges the maps of one beat."""
    at = Window(calibrated(model), inputs, fills(model, inputs, target), target)
    random, falls = baselines.baseline(model, at), judging.room(at)
    gone, left = at.curves(np.stack([one.values[row] for one in kinds]))
    found = {}
    for i, one in enumerate(kinds):
        figures = judging.judged(gone[:, i], left[:, i], random, besides=one.shape)
        found[one.title] = Found(figures.chance, figures.gain, figures.lead, falls, bool(one.nothing[row]))
    return found
