"""PhysioNet/CinC Challenge 2017: 8,528 single-lead recordings of 9–61 s at 300 Hz, one rhythm label each."""

import csv
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from models.cards import InputSpec
from models.errors import InvalidError
from models.records.source import Problem
from models.records.wfdb_folder import WfdbFolder
from models.signals.preparing import prepare
from models.training.datasets.examples import Examples, load, save

DATABASE = "cinc2017"
LABELS = "REFERENCE-v3.csv"  # the last of the three labellings that were published
RECORDINGS = "training2017"
Say = Callable[[str], None]


def folder(data_dir: Path) -> Path:
    """`data_dir` itself, or the `cinc2017` in it; InvalidError where neither has the labels."""
    for candidate in (data_dir, data_dir / DATABASE):
        if (candidate / LABELS).is_file():
            return candidate
    raise InvalidError(f"No {LABELS} in {data_dir}: give the folder that holds it beside {RECORDINGS}/", field="data")


def labels(file: Path) -> dict[str, str]:
    """Record → N, A, O or ~."""
    with file.open(newline="") as stream:
        return {row[0]: row[1] for row in csv.reader(stream) if row}


def examples(data_dir: Path, symbols: tuple[str, ...], spec: InputSpec, cache: Path, say: Say = print) -> Examples:
    """Every labelled recording, whole, as `spec` prepares it; from `cache` where it was read before."""
    source = folder(data_dir)
    files = sorted((p.name, p.stat().st_size) for p in (source / RECORDINGS).iterdir())
    reference = hashlib.sha256((source / LABELS).read_bytes()).hexdigest()
    prepared = spec.model_dump(mode="json", include={"fs", "leads", "preprocessing"})
    key = json.dumps(["1", files, reference, symbols, prepared])
    file = cache / f"{DATABASE}-{hashlib.sha256(key.encode()).hexdigest()[:16]}.npz"
    if not file.is_file():
        say(f"Reading {source} (kept in {file})")
        save(file, _read(source, symbols, spec, say))
    return load(file)


def _read(source: Path, symbols: tuple[str, ...], spec: InputSpec, say: Say) -> Examples:
    truth = labels(source / LABELS)
    open_run = WfdbFolder(source / RECORDINGS)
    inputs, indices, groups, origins = [], [], [], []
    for entry in open_run.list():
        if isinstance(entry, Problem):
            raise InvalidError(f"Training data: {entry.file} {entry.reason}")
        record = open_run.open(entry.id)
        inputs.append(prepare(record, (0,), spec).signal)
        indices.append(symbols.index(truth[record.name]))
        groups.append(f"{DATABASE}:{record.name}")
        origins.append(record.sha256)
        if len(inputs) % 1000 == 0:
            say(f"{len(inputs)} recordings read")
    return Examples(tuple(inputs), np.array(indices, dtype=np.int64), tuple(groups), tuple(origins))
