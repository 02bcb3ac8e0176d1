"""Explanations of windows: the method's maps and the facts they must be read with."""

import copy
import importlib.metadata
import platform
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from models.errors import InvalidError
from models.explainers import engine
from models.explainers.base import Explainer, Report, silent
from models.explainers.tracks import Batch, Dim, Floats, Track
from models.explanations.explanation import Explanation, Scale, Target, TrackResult
from models.networks.base import Network, chances

if TYPE_CHECKING:
    from models.tasks.base import Question
    from models.zoo import Model

NOTHING = 0.05  # of full scale: a map that moved less has found nothing
DIGITS = 7  # of float32
POWERS = np.array([float(f"1e{power}") for power in range(60)])  # of ten, each as exact as can be
HALF = 0.5  # of the largest relevance: what is deleted for `score_after`


def explain_many(questions: "Sequence[Question[Explanation]]", report: Report = silent) -> list[Explanation]:
    """The answers to questions of one model and method on windows of one length, in one go.

    Raises InvalidError where the method gives relevance that is not finite.
    """
    model, explainer = questions[0].model, questions[0].parameters.explainer
    network, batch = calibrated(model), batch_of(questions)
    began = time.perf_counter()
    found = explainer.attribute(network, batch, report)
    seconds = (time.perf_counter() - began) / len(batch)
    maps = found.relevance
    if maps is not None and not np.isfinite(maps.values).all():
        raise InvalidError(f"{explainer.title} gave values that are not finite with {parameters(explainer)}")
    scales = scale_many(model, network, batch, explainer, maps.values) if maps else [None] * len(batch)
    facts = {**method_facts(model, explainer), "seconds": round(seconds, 6)}
    return [
        Explanation(
            id=question.id,
            target=target_of(model, question.parameters.target),
            relevance=plain(maps.values[row]) if maps else None,
            tracks=[track_of(model, batch, track, row) for track in found.tracks if track is not maps],
            scale=scale,
            **facts,
        )
        for row, (question, scale) in enumerate(zip(questions, scales, strict=True))
    ]


def method_facts(model: "Model", explainer: Explainer) -> dict[str, Any]:
    """What explanations of one model by one method have in common."""
    return {
        "method": explainer.method,
        "title": explainer.title,
        "parameters": parameters(explainer),
        "version": explainer.version,
        "signed": explainer.signed,
        "model": model.card.id,
        "weights_sha256": model.weights_sha256,
        "versions": versions(),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def batch_of(questions: "Sequence[Question[Any]]") -> Batch:
    """The windows of questions of one model and method, as the method reads them."""
    asked = [question.parameters for question in questions]
    windows = [question.inputs for question in questions if question.inputs is not None]
    reads, card = asked[0].explainer.reads, questions[0].model.card
    segments, usual = [one.segments for one in asked], [one.usual for one in asked]
    return Batch(
        signals=torch.from_numpy(np.stack(windows)),
        targets=torch.tensor([one.target for one in asked]),
        fs=card.input.fs,
        channels=tuple(channel.name for channel in card.input.channels),
        marks=tuple(one.marks or () for one in asked) if "marks" in reads else None,
        segments=torch.tensor(segments) if "segments" in reads and None not in segments else None,
        usual=torch.tensor(usual) if asked[0].explainer.reads_usual and None not in usual else None,
    )


def target_of(model: "Model", index: int) -> Target:
    """The class that is explained."""
    kind = model.card.classes[index]
    return Target(index=index, symbol=kind.symbol, name=kind.name)


def track_of(model: "Model", batch: Batch, track: Track, row: int) -> TrackResult:
    """One window's part of a track, with the names of classes and channels where the method gave none."""
    known: dict[Dim, tuple[str, ...]] = {"channel": batch.channels}
    known["class"] = tuple(kind.symbol for kind in model.card.classes)
    named: dict[Dim, tuple[str, ...]] = {dim: known[dim] for dim in track.dims if known.get(dim)}
    return TrackResult(
        role=track.role,
        name=track.name,
        dims=list(track.dims),
        values=plain(track.values[row]),
        unit=track.unit,
        full=track.full,
        labels={dim: list(names) for dim, names in (named | track.labels).items()},
    )


def calibrated(model: "Model") -> Network:
    """The model's network with the card's temperature, so that every probability is the one the reader is shown."""
    network = copy.copy(engine.frozen(model.network))  # shares the weights
    network.temperature, network.activation = model.card.output.temperature, model.card.output.activation
    return network


def full_scale(model: "Model", explainer: Explainer) -> float | None:
    """The fixed full scale of this method's maps for this model; None where neither has one."""
    if explainer.full_scale is not None:
        return explainer.full_scale
    scales: dict[str, float] = model.card.full_scales
    return scales.get(explainer.scale_name)


def scale_many(
    model: "Model", network: Network, batch: Batch, explainer: Explainer, values: Floats
) -> list[Scale | None]:
    """Every number that says how far to trust the maps values [batch, leads, samples] of the batch's windows."""
    windows, indices = batch.signals, batch.targets.tolist()
    blank = explainer.deletion(windows)
    drop = torch.from_numpy(np.stack([top(explainer.importance(one)) for one in values]))
    shown = torch.stack([windows, torch.where(drop, blank, windows), blank], dim=1)
    logits = engine.logits(network, shown.flatten(0, 1)).reshape(len(windows), 3, -1)  # [batch, shown, classes]
    probabilities = chances(network, logits)
    fixed = full_scale(model, explainer)
    scales: list[Scale | None] = []
    for row, index in enumerate(indices):
        maximum = float(np.abs(values[row]).max())
        full = fixed if fixed is not None else maximum or 1.0
        scales.append(
            Scale(
                unit=explainer.units,
                maximum=maximum,
                full=full,
                full_is_fixed=fixed is not None,
                nothing_found=maximum < NOTHING * full,
                score_before=float(logits[row, 0, index]),
                score_after=float(logits[row, 1, index]),
                probability_before=float(probabilities[row, 0, index]),
                probability_after=float(probabilities[row, 1, index]),
                deleted_fraction=float(drop[row].float().mean()),
                deletion_value=explainer.deletion_value,
                all_deleted={
                    kind.symbol: float(p) for kind, p in zip(model.card.classes, probabilities[row, 2], strict=True)
                },
            )
        )
    return scales


def top(importance: Floats) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which samples have at least half the largest importance; none where nothing is positive."""
    return np.asarray((importance >= HALF * importance.max()) & (importance > 0))


def parameters(explainer: Explainer) -> dict[str, Any]:
    """The method's settings, without its name."""
    return explainer.model_dump(mode="json", exclude={"method"})


def plain(values: Floats) -> Any:
    """Nested lists of floats with float32's 7 digits; None for what is not finite: JSON has no name for it."""
    wide = np.asarray(values, np.float64)
    known = np.isfinite(wide)
    whole = np.where(known & (wide != 0), np.abs(wide), 1.0)
    places = DIGITS - 1 - np.floor(np.log10(whole)).astype(int)  # decimals that are kept; fewer than none of large ones
    up, down = POWERS[np.maximum(places, 0)], POWERS[np.maximum(-places, 0)]
    found = np.array(np.round(np.where(known, wide, 0.0) * up / down) / up * down, dtype=object)
    found[~known] = None
    return found.tolist()


@cache
def versions() -> dict[str, str]:
    """What the numbers were computed with."""
    return {
        "beatlens": importlib.metadata.version("beatlens"),
        "torch": str(torch.__version__),
        "numpy": np.__version__,
        "python": platform.python_version(),
    }
