"""Labelled inputs of a network, each of its own length."""

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Examples:
    """One entry per example; those of one group (patient, or record) must stay on one side of a split."""

    inputs: tuple[NDArray[np.float32], ...]  # each [leads, samples], preprocessed
    labels: NDArray[np.int64]  # [examples], index of the class
    groups: tuple[str, ...]  # "cinc2017:A00001"
    origins: tuple[str, ...]  # SHA-256 (hex) of the signal file each came from

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """[examples], samples."""
        return np.array([values.shape[-1] for values in self.inputs], dtype=np.int64)

    def checksum(self) -> str:
        """SHA-256 over groups, labels and origins, in order."""
        rows = zip(self.groups, self.labels.tolist(), self.origins, strict=True)
        return hashlib.sha256("".join(f"{g} {label} {o}\n" for g, label, o in rows).encode()).hexdigest()


def save(file: Path, examples: Examples) -> None:
    """Written whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(f".{os.getpid()}.tmp")
    about = json.dumps({"groups": examples.groups, "origins": examples.origins})
    joined = np.concatenate(examples.inputs, axis=1)
    with partial.open("wb") as stream:
        np.savez(stream, joined=joined, lengths=examples.lengths, labels=examples.labels, about=np.array(about))
    partial.replace(file)


def load(file: Path) -> Examples:
    """What `save` wrote."""
    with np.load(file) as saved:
        about = json.loads(str(saved["about"]))
        ends = np.cumsum(saved["lengths"])[:-1]
        inputs = tuple(np.split(saved["joined"], ends, axis=1))
        return Examples(inputs, saved["labels"], tuple(about["groups"]), tuple(about["origins"]))
