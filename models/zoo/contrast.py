"""Windows of other classes that are kept with a model: what stands in for the samples that a map names."""

from dataclasses import dataclass

import numpy as np
from safetensors.numpy import load

from models.memory import Memory
from models.zoo.model import Floats, Model

FILE = "contrast.safetensors"  # artefact of a model: class symbol → windows [windows, leads, samples]
FILLS = 3  # windows that a map is judged with

_kept: Memory[dict[str, Floats]] = Memory("contrast windows", lambda kept: sum(one.nbytes for one in kept.values()))


@dataclass(frozen=True)
class Contrast:
    """Windows of one other class, those most like the one that is judged."""

    index: int  # of the class that the model gives them
    windows: Floats  # [FILLS, leads, samples]


def contrast(model: Model, inputs: Floats, target: int) -> Contrast | None:
    """For inputs [leads, samples] judged for class index `target`; None where none are kept with the model.

    The class is the most probable of the others; its windows are the nearest. Longer ones are cut.
    """
    symbols = [kind.symbol for kind in model.card.classes]
    chances = model.probabilities(inputs[None])[0]
    for index in np.argsort(-chances).tolist():
        known = kept(model).get(symbols[index])
        if index == target or known is None or known.shape[2] < inputs.shape[1]:
            continue
        return Contrast(index, nearest(known[:, :, : inputs.shape[1]], inputs))
    return None


def nearest(windows: Floats, inputs: Floats) -> Floats:
    """The `FILLS` of windows [windows, leads, samples] with the least mean square distance from inputs."""
    distance = ((windows - inputs) ** 2).mean(axis=(1, 2))
    return np.ascontiguousarray(windows[np.argsort(distance, kind="stable")[:FILLS]])


def kept(model: Model) -> dict[str, Floats]:
    """Class symbol → windows [windows, leads, samples]; nothing where none are kept with the model."""
    if FILE not in model.card.artefacts:
        return {}
    file = model.artefact(FILE)
    return _kept.get(model.card.artefacts[FILE], lambda: load(file.read_bytes()))
