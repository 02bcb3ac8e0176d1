"""What stands for "nothing there": how neutral each fill is when a whole beat is deleted with it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.evaluation import bootstrap
from models.evaluation.bootstrap import Estimate
from models.evaluation.report import percent
from models.evaluation.sample import Sample, draw
from models.explainers.tracks import Floats
from models.records.source import Entry
from models.records.wfdb_folder import WfdbFolder
from models.signals.windows import Cutter
from models.training.datasets.mitdb_beats import Say, folder
from models.zoo import Model

CONSTANT = 0.5  # SD, the paper's other k
USUAL, OTHER = "usual beat of the recording", "a beat of another class"


@dataclass(frozen=True)
class Row:
    """One fill, over all beats and over those that the model gives one class."""

    fill: str
    kept: dict[str, Estimate]  # class symbol, or "all" with classes counting alike → share that keeps its class
    fall: Estimate  # mean fall of the class's probability, classes counting alike
    distance: float  # SD, median over beats of the root mean square distance to the nearest real beat


def fills_report(model: Model, data_dir: Path, per_class: int, cache: Path, say: Say = print) -> str:
    """A table in Markdown: what the model answers to test patients' beats deleted whole, with each fill."""
    sample = draw(model, data_dir, per_class, cache, say)
    return markdown(model, sample, judged(model, sample, fills(sample, usual(model, sample, folder(data_dir), say))))


def usual(model: Model, sample: Sample, recordings: Path, say: Say) -> dict[int, Floats]:
    """Patient → the usual beat [leads, samples] of their recording, as the network reads it; none where there is none.

    Of all beats that are marked, whatever class they are, as the desk has it.
    """
    names = {used.patient: used.name for used in model.card.records if used.split == "test"}
    opened, found = WfdbFolder(recordings), {}
    ids = {entry.name: entry.id for entry in opened.list() if isinstance(entry, Entry)}
    for patient in np.unique(sample.patient).tolist():
        name = names[sample.patients[patient]]
        say(f"{name}: the usual beat")
        beat = Cutter(opened.open(ids[name]), model.card).usual
        if beat is not None:
            found[patient] = beat
    return found


def fills(sample: Sample, usual: dict[int, Floats]) -> dict[str, Floats]:
    """Name → every beat wholly deleted [beats, leads, samples]; NaN where a recording has no usual beat."""
    inputs = sample.inputs
    ends = np.linspace(0, 1, inputs.shape[2], dtype=np.float32)
    unknown = np.full_like(inputs[0], np.nan)
    others = np.random.default_rng(0).permutation(len(sample))
    partner = [next(i for i in np.roll(others, -row) if sample.labels[i] != label) for row, label in _rows(sample)]
    return {
        "0": np.zeros_like(inputs),
        "mean of the window": np.broadcast_to(inputs.mean(axis=2, keepdims=True), inputs.shape),
        f"{CONSTANT:g}": np.full_like(inputs, CONSTANT),
        "line from first to last sample": inputs[:, :, :1] + (inputs[:, :, -1:] - inputs[:, :, :1]) * ends,
        USUAL: np.stack([usual.get(patient, unknown) for patient in sample.patient.tolist()]),
        OTHER: inputs[partner],
    }


def _rows(sample: Sample) -> list[tuple[int, int]]:
    return list(enumerate(sample.labels.tolist()))


def judged(model: Model, sample: Sample, filled: dict[str, Floats]) -> list[Row]:
    """A row for each fill."""
    before = model.probabilities(sample.inputs)
    answer = before.argmax(axis=1)
    rows = []
    for name, windows in filled.items():
        known = np.isfinite(windows).all(axis=(1, 2))
        after = model.probabilities(windows[known])
        own, patient = answer[known], sample.patient[known]
        kept = (after.argmax(axis=1) == own).astype(np.float64)
        fall = np.take_along_axis(before[known] - after, own[:, None], axis=1)[:, 0]
        shares = {int(label): bootstrap.resamples(patient[own == label]) for label in np.unique(own)}
        each = {
            model.card.symbols[label]: bootstrap.estimate(bootstrap.means(kept, own, {label: share}))
            for label, share in shares.items()
        }
        every = bootstrap.estimate(bootstrap.means(kept, own, shares))
        change = bootstrap.estimate(bootstrap.means(fall, own, shares))
        rows.append(Row(name, {"all": every, **each}, change, nearest(windows[known], sample.inputs)))
    return rows


def nearest(windows: Floats, real: Floats) -> float:
    """Median over windows [windows, leads, samples] of the distance to the nearest of `real` that is not the same."""
    flat, others = (each.reshape(len(each), -1).astype(np.float64) for each in (windows, real))
    squares = (flat**2).sum(axis=1)[:, None] + (others**2).sum(axis=1) - 2 * flat @ others.T
    distance: NDArray[np.float64] = np.sqrt(np.maximum(squares, 0) / flat.shape[1])
    return float(np.median(np.where(distance < 1e-3, np.inf, distance).min(axis=1)))


def markdown(model: Model, sample: Sample, rows: list[Row]) -> str:
    """What was done, and the table."""
    symbols = [symbol for symbol in model.card.symbols if symbol in rows[0].kept]
    words = (
        f"`{model.card.id}` (weights {model.weights_sha256[:12]}), {len(sample)} beats of test patients, every sample "
        "of which is deleted: a neutral fill leaves nothing of the class that was answered for the beat, so that it is "
        "kept as seldom as chance has it. Kept: share of beats whose answer stays the same, by the class answered, and "
        "over all classes counting alike; fall: of that class's calibrated probability. Distance: root mean square to "
        "the nearest real beat of the sample, median over beats, in SD; the less, the more like something the network "
        f"knows. “{USUAL[0].upper() + USUAL[1:]}” is the same for all beats of a recording and keeps, by its nature, "
        "the class that is usual there. In brackets 95 % intervals of resampled patients, then of their beats."
    )
    names = {kind.symbol: kind.name for kind in model.card.classes}
    head = [
        f"| fill | kept | fall | {' | '.join(f'kept, {names[symbol]}' for symbol in symbols)} | distance |",
        f"|---|---|---|{'---|' * len(symbols)}---:|",
    ]
    lines = [
        f"| {row.fill} | {percent(row.kept['all'])} | {percent(row.fall)} "
        f"| {' | '.join(percent(row.kept[symbol]) if symbol in row.kept else '–' for symbol in symbols)} "
        f"| {row.distance:.2f} |"
        for row in rows
    ]
    return "\n".join([words, "", *head, *lines]) + "\n"
