"""Stays of PhysioNet 2012 as a network reads them: set a to train on, b to choose by, c to judge by."""

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.cards import InputSpec, Scaling
from models.errors import InvalidError
from models.records.physionet2012 import Physionet2012
from models.records.record import Record
from models.records.stay_variables import Variable
from models.signals.carrying import last_measured
from models.signals.channels import match_channels
from models.training.stays.recipe import StayRecipe

DATABASE = "physionet2012"
SETS = ("a", "b", "c")
SPLITS = ("train", "validation", "test")
Floats = NDArray[np.float32]
Say = Callable[[str], None]


@dataclass(frozen=True)
class Stays:
    """Stays of one set, in their own units."""

    raw: Floats  # [stays, channels, hours]: last values, NaN before the first; masks behind them
    died: NDArray[np.int64]  # [stays], 1 or 0
    names: tuple[str, ...]
    patients: tuple[str, ...]
    origins: tuple[str, ...]  # SHA-256 (hex) of the file
    left_out: int  # values that could not be

    def __len__(self) -> int:
        return len(self.died)


def folder(data_dir: Path) -> Path:
    """`data_dir` itself, or the `physionet2012` in it; InvalidError where neither has the sets."""
    for candidate in (data_dir, data_dir / DATABASE):
        if all((candidate / f"set-{one}").is_dir() for one in SETS):
            return candidate
    raise InvalidError(f"No set-a, set-b, set-c in {data_dir}: give the folder that holds them", field="data")


def sets(data_dir: Path, recipe: StayRecipe, cache: Path, say: Say) -> tuple[Stays, Stays, Stays]:
    """Sets a, b and c; from `cache` where they were read before."""
    source = folder(data_dir)
    spec = recipe.input(tuple(Scaling() for _ in recipe.variables))
    read = [_set(source, one, spec, cache, say) for one in SETS]
    return read[0], read[1], read[2]


def stays(records: list[Record], spec: InputSpec) -> Stays:
    """Recordings whose outcome is known."""
    raw = [last_measured(record, match_channels(record.leads, spec.channels), spec) for record in records]
    return Stays(
        np.stack(raw),
        np.array([int(record.marks[0].label == "died") for record in records], dtype=np.int64),
        tuple(record.name for record in records),
        tuple(record.patient or record.id for record in records),
        tuple(record.sha256 for record in records),
        sum(_left_out(record) for record in records),
    )


def _left_out(record: Record) -> int:
    """Values that could not be, as the notes count them."""
    return sum(int(note.split(": ")[1].split()[0]) for note in record.notes if "left out, outside of" in note)


def _set(source: Path, name: str, spec: InputSpec, cache: Path, say: Say) -> Stays:
    files = sorted((p.name, p.stat().st_size) for p in (source / f"set-{name}").iterdir())
    table = hashlib.sha256((source / f"Outcomes-{name}.txt").read_bytes()).hexdigest()
    key = json.dumps(["1", files, table, [channel.name for channel in spec.channels]])
    file = cache / f"{DATABASE}-{name}-{hashlib.sha256(key.encode()).hexdigest()[:16]}.npz"
    if not file.is_file():
        say(f"Reading set {name} of {source} (kept in {file})")
        reader = Physionet2012(source, DATABASE)
        paths = [source / f"set-{name}" / one for one, _ in files if one.endswith(".txt")]
        records = [reader.read(path.stem, path) for path in paths]
        _save(file, stays([record for record in records if record.marks], spec))
    return _load(file)


def _save(file: Path, found: Stays) -> None:
    """Written whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(f".{os.getpid()}.tmp")
    about = {"names": found.names, "patients": found.patients, "origins": found.origins, "left_out": found.left_out}
    with partial.open("wb") as stream:
        np.savez(stream, raw=found.raw, died=found.died, about=np.array(json.dumps(about)))
    partial.replace(file)


def _load(file: Path) -> Stays:
    with np.load(file) as saved:
        about = json.loads(str(saved["about"]))
        names, patients, origins = (tuple(about[name]) for name in ("names", "patients", "origins"))
        return Stays(saved["raw"], saved["died"], names, patients, origins, about["left_out"])


def scalings(found: Stays, variables: tuple[Variable, ...]) -> tuple[Scaling, ...]:
    """Mean and spread of what was measured of each variable, hour by hour."""
    result = []
    for row, variable in enumerate(variables):
        values = found.raw[:, row][found.raw[:, len(variables) + row] > 0].astype(np.float64)
        values = np.log1p(np.maximum(values, 0)) if variable.skewed else values
        spread = round(float(values.std()), 4) if len(values) else 0.0
        # What is only ever written down where it holds, as a ventilator, is 1 from then on, and 0 before.
        centre = round(float(values.mean()), 4) if spread else 0.0
        result.append(Scaling(centre=centre, spread=spread or 1.0, log=variable.skewed))
    return tuple(result)
