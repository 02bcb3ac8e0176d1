"""Atrial fibrillation on MIT-BIH: what a rhythm model says of half an hour, beside the reference rhythm marks."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import wfdb
from numpy.typing import NDArray

from models.evaluation.accuracy import percent, table
from models.records import Entry
from models.records.wfdb_folder import WfdbFolder
from models.signals.preparing import prepare
from models.training.folds import predict
from models.zoo.model import Model

RECORDS = ("201", "202", "203", "210", "217", "219", "221", "222")  # those with AF among their rhythm marks
AF, FLUTTER = "(AFIB", "(AFL"
SYMBOL = "A"  # of atrial fibrillation among a rhythm model's classes
SECONDS, STEP = 30.0, 10.0  # of a window, and from one to the next
HEAD = ("Record", "AF marked", "AF found", "Windows in AF", "found", "Windows without", "of them flutter", "called AF")
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Burden:
    """One record's windows: share of each that is marked as AF and as flutter, and whether the model says AF."""

    record: str
    marked: float  # share of the record
    fibrillation: NDArray[np.float64]  # [windows]
    flutter: NDArray[np.float64]  # [windows]
    said: Mask  # [windows]

    def row(self) -> list[str]:
        """In the order of HEAD."""
        inside, outside = self.fibrillation == 1, self.fibrillation == 0
        return [
            self.record,
            percent(self.marked),
            percent(float(self.said.mean())),
            str(int(inside.sum())),
            percent(_share(self.said[inside])),
            str(int(outside.sum())),
            str(int((self.flutter[outside] > 0).sum())),
            percent(_share(self.said[outside])),
        ]


def _share(values: Mask) -> float | None:
    return float(values.mean()) if len(values) else None


def marked(marks: list[tuple[int, str]], kind: str, samples: int) -> Mask:
    """[samples], true from each rhythm mark (sample, text) that says `kind` to the next mark of a rhythm."""
    rhythms = [(sample, text.strip("\x00")) for sample, text in marks if text.startswith("(")]
    found = np.zeros(samples, dtype=bool)
    for i, (start, text) in enumerate(rhythms):
        stop = rhythms[i + 1][0] if i + 1 < len(rhythms) else samples
        found[start:stop] = text == kind
    return found


def burden(model: Model, folder: WfdbFolder, entry: Entry) -> Burden:
    """The record of `entry` in sliding windows."""
    record = folder.open(entry.id)
    notes = wfdb.rdann(str(folder.folder / entry.name), "atr")
    marks = list(zip(notes.sample.tolist(), notes.aux_note, strict=True))
    truth = {kind: marked(marks, kind, record.samples) for kind in (AF, FLUTTER)}
    fs = model.card.input.fs
    signal = prepare(record, (0,), model.card.input).signal
    starts = range(0, signal.shape[1] - round(SECONDS * fs) + 1, round(STEP * fs))
    logits = predict(model.network, [signal[:, start : start + round(SECONDS * fs)] for start in starts])
    scale = record.fs / fs
    shares = {
        kind: np.array([mask[int(s * scale) : int((s + SECONDS * fs) * scale)].mean() for s in starts])
        for kind, mask in truth.items()
    }
    index = [kind.symbol for kind in model.card.classes].index(SYMBOL)
    said = logits.argmax(axis=1) == index
    return Burden(entry.name, float(truth[AF].mean()), shares[AF], shares[FLUTTER], said)


def burden_report(model: Model, folder: Path) -> str:
    """One row for each record of RECORDS under `folder`."""
    opener = WfdbFolder(folder)
    entries = {entry.name: entry for entry in opener.list() if isinstance(entry, Entry)}
    rows = [burden(model, opener, entries[name]).row() for name in RECORDS]
    said = (
        f"`{model.card.id}` on windows of {SECONDS:g} s, one every {STEP:g} s, of the first lead; it has seen no "
        "recording of MIT-BIH. Found: AF is the most probable class. Windows in AF and without lie wholly inside or "
        "outside what is marked as AF; atrial flutter is marked by a name of its own, which the model does not know."
    )
    return f"{said}\n\n{table(HEAD, rows)}\n"
