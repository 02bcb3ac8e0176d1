"""Fixed full scales of relevance maps for one model, so that two beats' maps can be compared by eye."""

import copy
import math
from collections.abc import Container, Iterator

import numpy as np
import torch

from models.explainers import Batch, Explainer, explainers
from models.explainers.tracks import Marks
from models.networks import Network
from models.training.datasets.mitdb_beats import BeatSet, Say
from models.training.splits import Split

BEATS = 200  # validation beats measured, as many of each class as there are
PERCENTILE = 99
SCORES = ("logit", "probability")


def full_scales(
    network: Network, beats: BeatSet, split: Split, temperature: float, say: Say, known: Container[str] = ()
) -> dict[str, float]:
    """Scale name → 99th percentile over validation beats of each map's largest |relevance|, rounded up.

    Each method explains the network's own output with its default settings, once as a logit and once as a probability.
    Those that are `known` are left out.
    """
    return measured(network, torch.from_numpy(beats.inputs[sample(beats, split)]), temperature, say, known=known)


def measured(
    network: Network,
    inputs: torch.Tensor,
    temperature: float,
    say: Say,
    fs: float = 1.0,
    marks: tuple[Marks, ...] | None = None,
    known: Container[str] = (),
    without: Container[str] = (),
) -> dict[str, float]:
    """The same over inputs [windows, leads, samples] at `fs` Hz, with beats where they are marked.

    Not of the scales that are `known` by name, nor of the methods `without`.
    """
    network = copy.copy(network)  # shares the weights
    network.temperature = temperature  # of the probabilities that a reader is shown
    with torch.inference_mode():
        targets = network(inputs).argmax(dim=1)
    result = {}
    for method in _methods(network):
        if method.method in without or method.scale_name in known:
            continue
        say(f"Full scale of {method.scale_name} over {len(inputs)} windows")
        values = method.attribute(network, Batch(inputs, targets.clone(), fs, marks=marks)).values
        largest = np.abs(values).max(axis=(1, 2))
        result[method.scale_name] = rounded_up(float(np.percentile(largest, PERCENTILE)))
    return result


def _methods(network: Network) -> Iterator[Explainer]:
    """Every method whose scale is measured, for every score that it can explain of this network."""
    for name, kind in explainers().items():
        if kind.measured_scale and kind.unsupported(network) is None:
            scores = [{"score": score} for score in SCORES] if "score" in kind.model_fields else [{}]
            yield from (kind(method=name, **score) for score in scores)


def sample(beats: BeatSet, split: Split) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Indices of about `BEATS` validation beats, the classes in equal numbers as far as they go."""
    rng = np.random.default_rng(0)
    labels = beats.labels[split.validation]
    each = BEATS // len(beats.symbols)
    parts = [rng.permutation(split.validation[labels == label])[:each] for label in range(len(beats.symbols))]
    return np.sort(np.concatenate(parts))


def rounded_up(value: float, digits: int = 2) -> float:
    """`value` rounded up to so many significant digits: 0.2731 → 0.28."""
    if value <= 0:
        return 1.0
    unit = 10.0 ** (math.floor(math.log10(value)) - digits + 1)
    return float(f"{math.ceil(round(value / unit, 9)) * unit:.{digits}g}")
