"""MIT-BIH's beats as paper 000 cut them: one set of arrays, kept on disk between runs."""

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.cards import InputSpec
from models.errors import InvalidError
from models.records.record import Record
from models.records.source import Problem
from models.records.wfdb_folder import WfdbFolder
from models.signals.beats import paper_beats
from models.signals.preparing import prepare
from models.signals.windows import around
from models.training.datasets.examples import Examples

DATABASE = "mitdb"  # in patients' names, whatever the folder is called
SAME_PATIENT = {"202": "201"}  # MIT-BIH: 201 and 202 are one man
Say = Callable[[str], None]


@dataclass(frozen=True)
class Origin:
    """One recording that gave beats."""

    name: str  # "208"
    patient: str  # "mitdb:208"
    sha256: str  # of the signal file
    missed: dict[str, int]  # reference beats of the classes that the detector did not find or a window did not hold
    lead: str = ""  # that was read


@dataclass(frozen=True)
class BeatSet:
    """Labelled network inputs."""

    inputs: NDArray[np.float32]  # [beats, leads, samples], preprocessed
    labels: NDArray[np.int64]  # [beats], index of the class
    origin: NDArray[np.int64]  # [beats], index into `origins`
    origins: tuple[Origin, ...]
    symbols: tuple[str, ...]  # classes

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def patients(self) -> tuple[str, ...]:
        """Every patient, sorted."""
        return tuple(sorted({origin.patient for origin in self.origins}))

    @property
    def patient(self) -> NDArray[np.int64]:
        """[beats], index into `patients`."""
        index = {name: i for i, name in enumerate(self.patients)}
        return np.array([index[origin.patient] for origin in self.origins], dtype=np.int64)[self.origin]

    def counts(self) -> NDArray[np.int64]:
        """Beats [patients, classes]."""
        result = np.zeros((len(self.patients), len(self.symbols)), dtype=np.int64)
        np.add.at(result, (self.patient, self.labels), 1)
        return result

    def examples(self) -> Examples:
        """The beats as examples, patients as groups."""
        names = [self.origins[i] for i in self.origin.tolist()]
        groups, files = tuple(one.patient for one in names), tuple(one.sha256 for one in names)
        return Examples(tuple(self.inputs), self.labels, groups, files)

    def checksum(self) -> str:
        """SHA-256 over names and checksums of the recordings, in order."""
        return hashlib.sha256("".join(f"{o.name} {o.sha256}\n" for o in self.origins).encode()).hexdigest()


def folder(data_dir: Path) -> Path:
    """`data_dir` itself, or the `mitdb` in it."""
    inner = data_dir / "mitdb"
    return inner if inner.is_dir() else data_dir


def load(data_dir: Path, symbols: tuple[str, ...], spec: InputSpec, cache: Path, say: Say = print) -> BeatSet:
    """Every beat of `symbols` under `data_dir` by paper 000's protocol, from `cache` where it was read before."""
    source = folder(data_dir)
    files = sorted((p.name, p.stat().st_size, p.stat().st_mtime_ns) for p in source.glob("*") if p.is_file())
    key = json.dumps(["2", str(source.resolve()), files, symbols, spec.model_dump(mode="json")])
    file = cache / f"beats-{hashlib.sha256(key.encode()).hexdigest()[:16]}.npz"
    if not file.is_file():
        say(f"Reading {source} (kept in {file})")
        _save(file, _read(source, symbols, spec, say))
    return _load(file)


def _read(source: Path, symbols: tuple[str, ...], spec: InputSpec, say: Say) -> BeatSet:
    open_run = WfdbFolder(source)
    inputs, labels, origin = [], [], []
    origins: list[Origin] = []
    for entry in open_run.list():
        if isinstance(entry, Problem):
            raise InvalidError(f"Training data: {entry.file} {entry.reason}")
        record = open_run.open(entry.id)
        x, y, missed = beats_of(record, symbols, spec)
        patient = f"{DATABASE}:{SAME_PATIENT.get(record.name, record.name)}"
        inputs.append(x)
        labels.append(y)
        origin.append(np.full(len(y), len(origins), dtype=np.int64))
        origins.append(Origin(record.name, patient, record.sha256, missed, record.leads[0]))
        say(f"{record.name}: {len(y)} beats, {sum(missed.values())} missed")
    if not origins:
        raise InvalidError(f"No recordings under {source}: give the folder that holds MIT-BIH's .hea files")
    return BeatSet(np.concatenate(inputs), np.concatenate(labels), np.concatenate(origin), tuple(origins), symbols)


def beats_of(
    record: Record, symbols: tuple[str, ...], spec: InputSpec
) -> tuple[NDArray[np.float32], NDArray[np.int64], dict[str, int]]:
    """Inputs [beats, leads, samples], labels [beats] and reference beats lost by class, of the record's first lead."""
    found, _ = paper_beats(record, 0)
    wanted = np.array([symbol in symbols for symbol in found.symbols or ()], dtype=bool)
    names = np.array(found.symbols)[wanted]
    inputs, valid = around(prepare(record, (0,), spec), found.r[wanted])
    labels = np.array([symbols.index(name) for name in names[valid]], dtype=np.int64)
    marked = record.annotations.symbols if record.annotations else ()
    missed = {s: marked.count(s) - int((labels == i).sum()) for i, s in enumerate(symbols)}
    return inputs, labels, {symbol: count for symbol, count in missed.items() if count}


def _save(file: Path, beats: BeatSet) -> None:
    """Written whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(f".{os.getpid()}.tmp")
    about = json.dumps({"symbols": beats.symbols, "origins": [vars(origin) for origin in beats.origins]})
    with partial.open("wb") as stream:
        np.savez(stream, inputs=beats.inputs, labels=beats.labels, origin=beats.origin, about=np.array(about))
    partial.replace(file)


def _load(file: Path) -> BeatSet:
    with np.load(file) as saved:
        about = json.loads(str(saved["about"]))
        origins = tuple(Origin(**origin) for origin in about["origins"])
        return BeatSet(saved["inputs"], saved["labels"], saved["origin"], origins, tuple(about["symbols"]))
