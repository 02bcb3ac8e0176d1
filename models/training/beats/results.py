"""What the beat model answers for recordings, beat by beat, and how that is counted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.cards import BeatWindow
from models.networks.beat_measures import MEASURES, BeatMeasures
from models.training.assessment import assess, confusion, per_class
from models.training.datasets.mitdb import CLASSES, MarkedRecord

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
CutAt = Literal["reference", "detected"]
AT_ONCE = 200  # windows
NOTHING = len(CLASSES)  # in a confusion matrix: a beat not found, or found where there is none


@dataclass(frozen=True)
class Answers:
    """Beats of some recordings and the logits for each."""

    logits: Floats  # [beats, classes]; zero where there is no window
    labels: Ints  # [beats], index into CLASSES; NOTHING for a detection that is no beat
    patient: Ints  # [beats], index into `patients`
    patients: tuple[str, ...]
    whole: Bools  # [beats], its window lies within the recording
    missed: Bools  # [beats], the detector did not find it

    @property
    def judged(self) -> Bools:
        """[beats], answered and with one of the classes."""
        return np.asarray(self.whole & ~self.missed & (self.labels != NOTHING), dtype=np.bool_)

    def beats(self) -> tuple[Floats, Ints, Ints]:
        """Logits, labels and patients of the judged beats."""
        return self.logits[self.judged], self.labels[self.judged], self.patient[self.judged]

    def assessed(self) -> dict[str, Any]:
        """Rates over the judged beats, by class and patient."""
        logits, labels, patient = self.beats()
        return dict(assess(logits, labels, patient, self.patients, CLASSES))

    def with_misses(self) -> dict[str, Any]:
        """By class, a missed beat counted as not found and the name of a false detection as wrong."""
        counted = self.whole | self.missed
        said = np.where(self.missed, NOTHING, self.logits.argmax(axis=1))
        matrix = confusion(self.labels[counted], said[counted], NOTHING + 1)
        return {
            "per_class": per_class(matrix, (*CLASSES, "-"))
            | {"-": {"missed": int(matrix[:, NOTHING].sum()), "false": int(matrix[NOTHING].sum())}},
            "confusion": matrix.tolist(),
        }


def windows(record: MarkedRecord, at: Ints, spec: BeatWindow) -> tuple[Floats, Bools]:
    """Inputs [beats, leads, samples] around `at` [beats], and which are whole [beats]; the others are zero."""
    starts = at - spec.before
    whole = (starts >= 0) & (starts + spec.samples <= record.signal.shape[1])
    inputs = np.zeros((len(at), len(record.signal), spec.samples), dtype=np.float32)
    columns = starts[whole, None] + np.arange(spec.samples)
    inputs[whole] = record.signal[:, columns].transpose(1, 0, 2)
    return inputs, whole


def answers(
    network: BeatMeasures,
    records: Sequence[MarkedRecord],
    spec: BeatWindow,
    cut_at: CutAt = "reference",
    lead: int | None = None,
    shift: int = 0,
) -> Answers:
    """Every beat of `records`, cut at its reference or its detection, `shift` samples late; `lead` alone if given."""
    return answers_of([network], records, spec, cut_at, lead, shift)[0]


def answers_of(
    networks: Sequence[BeatMeasures],
    records: Sequence[MarkedRecord],
    spec: BeatWindow,
    cut_at: CutAt = "reference",
    lead: int | None = None,
    shift: int = 0,
) -> list[Answers]:
    """The answers of several networks of one configuration: a beat is measured once for all."""
    patients = tuple(sorted({record.patient for record in records}))
    parts = [_of(networks, record, spec, cut_at, lead, shift) for record in records]
    logits, labels, whole, missed = (np.concatenate(column) for column in zip(*parts, strict=True))
    owner = [patients.index(record.patient) for record in records]
    patient = np.repeat(owner, [len(part[1]) for part in parts]).astype(np.int64)
    return [Answers(logits[:, k], labels, patient, patients, whole, missed) for k in range(len(networks))]


def _of(
    networks: Sequence[BeatMeasures],
    record: MarkedRecord,
    spec: BeatWindow,
    cut_at: CutAt,
    lead: int | None,
    shift: int,
) -> tuple[Floats, Ints, Bools, Bools]:
    """Logits, labels, whole and missed of one recording's beats (Q beats left out), then of its false detections."""
    at, labels, missed = _marks(record, cut_at)
    starts = at + shift - spec.before
    whole = (starts >= 0) & (starts + spec.samples <= record.signal.shape[1])
    signal = record.signal.copy()
    if lead is not None:
        signal[[other for other in range(len(signal)) if other != lead]] = 0
    logits = np.zeros((len(at), len(networks), len(CLASSES)), dtype=np.float32)
    asked = whole & ~missed
    measured = torch.from_numpy(read(networks[0].measures, signal, starts[asked], spec.samples, MEASURES))
    with torch.inference_mode():
        logits[asked] = torch.stack([network.judge(measured) for network in networks], dim=1).numpy()
    return logits, labels, whole, missed


@torch.inference_mode()
def read(answer: Callable[[Tensor], Tensor], signal: Floats, starts: Ints, samples: int, values: int) -> Floats:
    """What `answer` gives [beats, values] for the windows of signal [leads, samples] from starts [beats] on."""
    windows = torch.from_numpy(signal).unfold(1, samples, 1).transpose(0, 1)
    found = np.zeros((len(starts), values), dtype=np.float32)
    for first in range(0, len(starts), AT_ONCE):
        part = slice(first, first + AT_ONCE)
        found[part] = answer(windows[torch.from_numpy(starts[part])]).numpy()
    return found


def _marks(record: MarkedRecord, cut_at: CutAt) -> tuple[Ints, Ints, Bools]:
    """Where windows are placed, labels, and which were missed."""
    labelled = record.labels != NOTHING
    labels = record.labels[labelled]
    if cut_at == "reference":
        return record.beats[labelled], labels, np.zeros(len(labels), dtype=bool)
    pair = record.found[labelled]
    false = np.setdiff1d(np.arange(len(record.detected)), record.found)
    at = np.where(pair >= 0, record.detected[pair], record.beats[labelled])
    return (
        np.concatenate((at, record.detected[false])),
        np.concatenate((labels, np.full(len(false), NOTHING))),
        np.concatenate((pair < 0, np.zeros(len(false), dtype=bool))),
    )


def joined(parts: Sequence[Answers]) -> Answers:
    """Answers for several groups of patients as one."""
    patients = tuple(sorted({name for part in parts for name in part.patients}))
    index = [np.array([patients.index(name) for name in part.patients], dtype=np.int64) for part in parts]
    return Answers(
        logits=np.concatenate([part.logits for part in parts]),
        labels=np.concatenate([part.labels for part in parts]),
        patient=np.concatenate([own[part.patient] for own, part in zip(index, parts, strict=True)]),
        patients=patients,
        whole=np.concatenate([part.whole for part in parts]),
        missed=np.concatenate([part.missed for part in parts]),
    )


def abstention(probabilities: Floats, labels: Ints, error: float) -> float:
    """The least confidence from which on at most `error` of the answers are wrong; 1 where there is none."""
    confidence = probabilities.max(axis=1)
    order = np.argsort(-confidence, kind="stable")
    wrong = np.cumsum(probabilities.argmax(axis=1)[order] != labels[order]) / np.arange(1, len(labels) + 1)
    good = np.flatnonzero(wrong <= error)
    return float(confidence[order][good[-1]]) if len(good) else 1.0


def patient_intervals(logits: Floats, labels: Ints, patient: Ints, count: int = 1000) -> dict[str, list[float]]:
    """95 % interval of the F1 of each class there is when patients are drawn anew, each with all their beats."""
    rng = np.random.default_rng(0)
    names = np.unique(patient)
    said = logits.argmax(axis=1)
    each = np.stack([confusion(labels[patient == p], said[patient == p], len(CLASSES)) for p in names])
    drawn = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=count)
    matrices = np.tensordot(drawn, each, axes=1)
    hits = np.diagonal(matrices, axis1=1, axis2=2)
    total = matrices.sum(axis=1) + matrices.sum(axis=2)
    f1 = np.divide(2 * hits, total, out=np.full(hits.shape, np.nan), where=total > 0)
    there = np.flatnonzero(each.sum(axis=(0, 2)))
    return {CLASSES[i]: np.nanpercentile(f1[:, i], (2.5, 97.5)).round(4).tolist() for i in there}
