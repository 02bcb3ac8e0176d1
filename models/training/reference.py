"""How right a model is on the beats that are shown: reference beats at their R peaks, found by a detector or not."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.cards import Card
from models.errors import InvalidError
from models.records import Entry, Record
from models.records.wfdb_folder import WfdbFolder
from models.signals.beats import paper_beats
from models.signals.preparing import prepare
from models.signals.windows import Cutter, around
from models.training.assessment import assess, calibration, calibration_error
from models.training.datasets.mitdb_beats import DATABASE, SAME_PATIENT, Say, folder
from models.training.splits import BEAT_SHARES, permuted
from models.zoo import Model

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Judged:
    """Reference beats that the model was neither trained on nor chosen by, and what it says of them."""

    logits: NDArray[np.float32]  # [beats, classes]
    labels: Ints  # [beats], index of the class
    patient: Ints  # [beats], index into `patients`
    patients: tuple[str, ...]
    found: NDArray[np.bool_]  # [beats], by Hamilton's detector


def with_reference(model: Model, data_dir: Path, say: Say = print) -> Card:
    """The model's card with its accuracy and calibration on reference beats beside those on the beats it was tested on.

    `data_dir` holds the recordings that it was trained on. Raises InvalidError where one of them is not there.
    """
    card = model.card
    judged = _judge(model, folder(data_dir), say)
    rates = dict(assess(judged.logits, judged.labels, judged.patient, judged.patients, card.symbols))
    every, missed = (np.bincount(judged.labels[part], minlength=len(card.symbols)).tolist()
                     for part in (slice(None), ~judged.found))  # fmt: skip
    left_out = {s: {"missed": m, "of": n} for s, m, n in zip(card.symbols, missed, every, strict=True)}
    evaluation = card.evaluation | {
        "reference": rates | {"left_out": left_out},
        "calibration": card.evaluation["calibration"] | _calibration(card, judged),
    }
    return card.model_copy(update={"evaluation": evaluation})


def _calibration(card: Card, judged: Judged) -> dict[str, Any]:
    """On whom the temperature was fitted, whether it helped, and how it fares on reference beats, by patient too."""
    known, t = card.evaluation["calibration"], card.output.temperature
    by_patient = {
        judged.patients[p]: calibration_error(
            card.output.chances(judged.logits[judged.patient == p]), judged.labels[judged.patient == p]
        )
        for p in np.unique(judged.patient)
    }
    return {
        "fitted_on_patients": card.evaluation["validation"]["patients"],
        "improves": known["ece_after"] < known["ece_before"],
        "reference": calibration(judged.logits, judged.labels, t),
        "ece_per_patient": by_patient,
    }


def _judge(model: Model, source: Path, say: Say) -> Judged:
    card = model.card
    rows = list(_random(model, source, say) if card.leaks_patients else _patients(model, source, say))
    logits, labels, found, names = zip(*rows, strict=True)
    patients = tuple(sorted(set(names)))
    patient = [np.full(len(some), patients.index(name)) for some, name in zip(labels, names, strict=True)]
    return Judged(
        np.concatenate(logits), np.concatenate(labels), np.concatenate(patient), patients, np.concatenate(found)
    )


Row = tuple[NDArray[np.float32], Ints, NDArray[np.bool_], str]  # logits, labels, found by the detector, patient


def _patients(model: Model, source: Path, say: Say) -> Iterator[Row]:
    """Every reference beat of the test patients."""
    for record in _opened(model.card, source, "test"):
        say(record.name)
        kept, _ = paper_beats(record, 0)
        yield _row(model, record, np.empty(0, dtype=np.int64), kept.samples)


def _random(model: Model, source: Path, say: Say) -> Iterator[Row]:
    """Where beats were split at random: those of the test set, and those that the detector did not find."""
    records = list(_opened(model.card, source))
    learned = []
    for record in records:
        say(record.name)
        learned.append(_learned(record, model.card))
    order = np.cumsum([0, *(len(usable) for usable, _ in learned)])
    seed = model.card.training["protocol"]["split_seed"]
    test = np.zeros(int(order[-1]), dtype=bool)
    test[permuted(len(test), seed, BEAT_SHARES).test] = True
    for record, (usable, kept), first in zip(records, learned, order[:-1], strict=True):
        yield _row(model, record, usable[~test[first : first + len(usable)]], kept)


def _learned(record: Record, card: Card) -> tuple[Ints, Ints]:
    """Addresses of the beats that training could use, in its order, and of all that the detector found."""
    kept, _ = paper_beats(record, 0)
    wanted = np.array([symbol in card.symbols for symbol in kept.symbols or ()], dtype=bool)
    _, valid = around(prepare(record, (0,), card.input), kept.r[wanted])
    return kept.samples[wanted][valid], kept.samples


def _row(model: Model, record: Record, used: Ints, detected: Ints) -> Row:
    """The record's beats of the model's classes but those `used`, each at its R peak."""
    cutter, symbols = Cutter(record, model.card, 0), model.card.symbols
    names = cutter.anchors.labels or ()
    labels = np.array([symbols.index(name) if name in symbols else -1 for name in names], dtype=np.int64)
    wanted = np.flatnonzero((labels >= 0) & cutter.valid & ~np.isin(cutter.anchors.samples, used))
    logits = np.zeros((len(names), len(symbols)), dtype=np.float32)
    for rows, inputs in cutter.batches(wanted):
        logits[rows] = model.logits(inputs)
    found = np.isin(cutter.anchors.samples[wanted], detected)
    patient = f"{DATABASE}:{SAME_PATIENT.get(record.name, record.name)}"
    return logits[wanted], labels[wanted], found, patient


def _opened(card: Card, source: Path, split: str | None = None) -> Iterator[Record]:
    """The card's recordings of one set, or all, by their signals' checksums, in the folder's order."""
    open_run = WfdbFolder(source)
    wanted = {used.sha256: used.name for used in card.records if split in (None, used.split)}
    lacking = Counter(wanted.values())
    for entry in open_run.list():
        if isinstance(entry, Entry) and entry.name in wanted.values():
            record = open_run.open(entry.id)
            if record.sha256 in wanted:
                lacking.pop(record.name, None)
                yield record
    if lacking:
        raise InvalidError(f"{source} lacks recordings of {card.id}: {', '.join(sorted(lacking))}", field="data")
