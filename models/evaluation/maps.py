"""The maps of many beats by every method, kept on disk batch by batch so that a stopped run goes on."""

import hashlib
import json
import os
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from models.evaluation.checks import baselines
from models.evaluation.sample import Sample
from models.explainers import Batch, Explainer, Findings, explainers, parse
from models.explainers.tracks import Floats
from models.networks.base import Network
from models.training.datasets.mitdb_beats import Say

BATCH = 16  # beats at once: the fastest for learned masks by autograd
METHODS = tuple(name for name, kind in explainers().items() if kind.compared)  # paper 000's four
BASELINES = ("|x|", "triangle at R", "random")  # occlusion, the fourth, is a method as well


def methods() -> dict[str, Explainer]:
    """The methods judged, with their default settings: λ1 0.01, w 25, k 0, score the logit."""
    return {name: parse({"method": name}) for name in METHODS}


def all_maps(network: Network, sample: Sample, peak: int, store: Path, say: Say) -> dict[str, Floats]:
    """Importance [beats, leads, samples] by every method for the true class, then the baselines; R is at `peak`."""
    found = {name: importance(method, network, sample, store, say) for name, method in methods().items()}
    plain = (
        baselines.magnitude(sample.inputs),
        baselines.triangle(sample.inputs, peak),
        baselines.random(sample.inputs),
    )
    return found | dict(zip(BASELINES, plain, strict=True))


def importance(method: Explainer, network: Network, sample: Sample, store: Path, say: Say) -> Floats:
    """The method's importance [beats, leads, samples], read from `store` where an earlier run left it."""
    parts = []
    for first in range(0, len(sample), BATCH):
        part = slice(first, first + BATCH)
        inputs, labels = sample.inputs[part], sample.labels[part]
        file = store / f"{method.method}-{_key(method, network, inputs, labels)}.npy"
        if not file.is_file():
            signals = torch.from_numpy(np.ascontiguousarray(inputs))
            found = method.attribute(network, Batch(signals, torch.from_numpy(labels)))
            _save(file, method.importance(np.broadcast_to(saliency(found, labels), inputs.shape)))
            say(f"{method.title}: {min(first + BATCH, len(sample))} of {len(sample)} beats")
        parts.append(np.load(file))
    return np.concatenate(parts)


def saliency(found: Findings, labels: NDArray[np.int64]) -> Floats:
    """The map, or, as paper 000 judges it, the true class's probability [beats, 1, samples] over time."""
    if found.relevance is not None:
        return found.relevance.values
    over_time = next(track for track in found.tracks if track.dims == ("time", "class"))
    return np.take_along_axis(over_time.values, labels[:, None, None], axis=2).transpose(0, 2, 1)


def _key(
    method: Explainer, network: Network, inputs: Floats, labels: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> str:
    """Hash of all that decides the maps of one batch."""
    digest = hashlib.sha256(json.dumps([method.version, method.model_dump(mode="json")]).encode())
    for weight in network.state_dict().values():
        digest.update(weight.numpy().tobytes())
    digest.update(inputs.tobytes() + labels.tobytes())
    return digest.hexdigest()[:20]


def _save(file: Path, values: Floats) -> None:
    """Whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(f".{os.getpid()}.tmp")
    with partial.open("wb") as stream:
        np.save(stream, values)
    partial.replace(file)
