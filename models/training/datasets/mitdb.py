"""MIT-BIH's recordings with their beats in AAMI classes, split by patient as de Chazal did."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.cards import InputSpec
from models.errors import InvalidError
from models.records.record import Record
from models.records.source import Problem
from models.records.wfdb_folder import WfdbFolder
from models.signals.beats import beats, to_peaks
from models.signals.channels import match_channels
from models.signals.preparing import prepare
from models.signals.resample import position
from models.signals.rpeaks import Indices, detect, match
from models.training.datasets.mitdb_beats import DATABASE, SAME_PATIENT, folder
from models.vocabularies.mitbih import BEATS

CLASSES = ("N", "S", "V", "F")  # AAMI EC57; Q (paced, unclassifiable) is not judged
OTHER = len(CLASSES)  # label of a Q beat: it keeps its place among its neighbours
# de Chazal, O'Dwyer and Reilly 2004: the four paced recordings (102, 104, 107, 217) are in neither
DS1 = ("101", "106", "108", "109", "112", "114", "115", "116", "118", "119", "122", "124", "201", "203", "205", "207",
       "208", "209", "215", "220", "223", "230")  # fmt: skip
DS2 = ("100", "103", "105", "111", "113", "117", "121", "123", "200", "202", "210", "212", "213", "214", "219", "221",
       "222", "228", "231", "232", "233", "234")  # fmt: skip
Say = Callable[[str], None]


@dataclass(frozen=True)
class MarkedRecord:
    """One recording as the network reads it, and where its beats are at that sampling frequency."""

    name: str  # "208"
    patient: str  # "mitdb:208"; 201 and 202 are one man
    sha256: str  # of the signal file
    leads: tuple[str, str]  # MLII first; beside it V1, or what the record has instead: V2, V4, V5
    signal: NDArray[np.float32]  # [2, samples], preprocessed
    beats: Indices  # [beats], R peak of each reference beat
    labels: Indices  # [beats], index into CLASSES, or OTHER
    detected: Indices  # [detections], R peak of each beat of the detector
    found: Indices  # [beats], index into `detected`, −1 where the detector missed it


def mark(record: Record, spec: InputSpec) -> MarkedRecord:
    """`record` as a network of `spec` reads it; UnsupportedError without its channels, InvalidError without beats."""
    all_needed = [channel.model_copy(update={"optional": False}) for channel in spec.channels]
    leads = [index for index in match_channels(record.leads, all_needed) if index is not None]
    marks = beats(record, leads[0])
    if marks.symbols is None:
        raise InvalidError(f"Recording {record.name} has no reference beats")
    detections = detect(record.signal[leads[0]], record.fs)
    kinds = [BEATS[symbol].group for symbol in marks.symbols]
    return MarkedRecord(
        name=record.name,
        patient=f"{DATABASE}:{SAME_PATIENT.get(record.name, record.name)}",
        sha256=record.sha256,
        leads=(record.leads[leads[0]], record.leads[leads[1]]),
        signal=prepare(record, leads, spec).signal,
        beats=_at(marks.r, record.fs, spec.fs),
        labels=np.array([CLASSES.index(kind) if kind in CLASSES else OTHER for kind in kinds], dtype=np.int64),
        detected=_at(to_peaks(record, leads[0], detections), record.fs, spec.fs),
        found=match(marks.samples, detections, record.fs),
    )


def read(data_dir: Path, names: Sequence[str], spec: InputSpec, cache: Path, say: Say = print) -> list[MarkedRecord]:
    """The recordings `names` under `data_dir`, from `cache` where they were read before."""
    source = folder(data_dir)
    opener = WfdbFolder(source)
    ids = {entry.name: entry.id for entry in opener.list() if not isinstance(entry, Problem)}
    if missing := [name for name in names if name not in ids]:
        raise InvalidError(f"No recording {missing[0]} under {source}: give the folder that holds MIT-BIH's .hea files")
    return list(_records(opener, [ids[name] for name in names], spec, cache, say))


def _records(opener: WfdbFolder, ids: Sequence[str], spec: InputSpec, cache: Path, say: Say) -> Iterator[MarkedRecord]:
    for id in ids:
        record = opener.open(id)
        key = json.dumps(["1", record.sha256, spec.model_dump(mode="json")])
        file = cache / f"marked-{hashlib.sha256(key.encode()).hexdigest()[:16]}.npz"
        if not file.is_file():
            _save(file, mark(record, spec))
            say(f"{record.name}: read")
        yield _load(file)


def _save(file: Path, marked: MarkedRecord) -> None:
    """Written whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".tmp")
    arrays: dict[str, Any] = {name: np.asarray(value) for name, value in vars(marked).items()}
    with partial.open("wb") as stream:
        np.savez(stream, **arrays)
    partial.replace(file)


def _load(file: Path) -> MarkedRecord:
    with np.load(file) as saved:
        values = {name: saved[name] for name in saved.files}
    texts = {name: str(values[name]) for name in ("name", "patient", "sha256")}
    return MarkedRecord(**{**values, **texts, "leads": tuple(values["leads"].tolist())})


def _at(samples: Indices, source: float, target: float) -> Indices:
    return np.array([position(int(sample), source, target) for sample in samples], dtype=np.int64)
