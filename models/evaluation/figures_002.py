"""The figures of paper 002 on the same recordings, by the networks that there are: what each shows, of which model."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import torch
from matplotlib.figure import Figure

from models.errors import InvalidError
from models.evaluation import drawing_002 as drawing
from models.evaluation.drawing_002 import Excerpt
from models.explainers import Batch, parse
from models.explainers.tracks import Findings, WindowMark
from models.networks.protocols import ClassMaps
from models.records import Record
from models.records.single import opened
from models.signals.beats import beats
from models.signals.preparing import prepare
from models.zoo import store
from models.zoo.model import Model

Say = Callable[[str], None]
PART = 5.0  # s of the paper's excerpts
WINDOW = 30.0  # s of a half-hour record that are shown
SHIFTS = {"0.2": {"lambda1": 0.2, "lambda2": 0.1}, "0.4": {"lambda1": 0.4, "lambda2": 0.1}}  # the paper's coefficients
SHIFT_STEPS = 500


@dataclass(frozen=True)
class Wanted:
    """One figure: what it draws of which recordings, and the models that can, the best first."""

    number: str
    draws: str  # "maps", "gates", "decisions", "shift" or "states"
    records: tuple[str, ...]
    models: tuple[str, ...]
    words: str
    layers: tuple[int, ...] = (0,)  # of the maps: 0 is the last
    symbol: str = ""  # of a half-hour record the first window that is answered so
    strength: str = "0.2"  # key of SHIFTS


DEEP, GATED = ("cinc-vote15",), ("cinc-gated17", "cinc-gated17-joined")
RECURRENT = ("cinc-conv7-lstm16", "cinc-conv7-2lstm16", "cinc-conv15-lstm64")
FIGURES = (
    Wanted("5.1", "maps", ("A06020",), ("cinc-conv7-gap", "cinc-conv7"), "CAM of a record of another rhythm"),
    Wanted("5.3", "maps", ("A00225",), ("cinc-conv7-gap", "cinc-conv7"), "CAM of a record in atrial fibrillation"),
    Wanted("5.7", "maps", ("A01718",), DEEP, "CAM of the intermediate and the last layer", layers=(-1, 0)),
    Wanted("5.8", "maps", ("A03516",), DEEP, "CAM of the intermediate and the last layer", layers=(-1, 0)),
    Wanted("5.9", "gates", ("A00225", "A00464", "A06020"), GATED, "gated attention and CAM"),
    Wanted("5.10", "decisions", ("A00464", "A00225"), (*RECURRENT, "cinc-conv7"), "class decisions over time"),
    Wanted("5.13", "shift", ("210",), ("cinc-conv7",), "shift mask, λ 0.2 and 0.1", symbol="A"),
    Wanted("5.14", "shift", ("209",), ("cinc-conv7",), "shift mask, λ 0.4 and 0.1", symbol="O", strength="0.4"),
    Wanted("5.15", "shift", ("205",), ("cinc-conv7",), "shift mask, λ 0.2 and 0.1", symbol="O"),
    Wanted("5.16", "states", ("A00225", "A00464", "A06020", "A08043"), RECURRENT, "hidden states over time"),
)


def figures(cinc: Path, mitdb: Path, cards: Path, out: Path, numbers: Sequence[str], say: Say) -> list[Path]:
    """Draw every figure that a model in `cards` can give into `out`, and say which wait for one."""
    unknown = set(numbers) - {one.number for one in FIGURES}
    if unknown:
        known = tuple(one.number for one in FIGURES)
        raise InvalidError(f"Figure {sorted(unknown)[0]}: there is {', '.join(known)}", field="only", options=known)
    made = []
    for one in FIGURES:
        if numbers and one.number not in numbers:
            continue
        model = _model(cards, one.models)
        if model is None:
            say(f"Figure {one.number} waits for a network: train {' or '.join(one.models)}")
            continue
        file = out / f"figure-{one.number}.png"
        made.append(drawing.save(_drawn(one, model, cinc, mitdb), file))
        say(f"Figure {one.number}, {one.words}, by {model.card.id}: {file.name}")
    return made


def _model(cards: Path, names: Sequence[str]) -> Model | None:
    found = (cards / name for name in names)
    return next((store.read(folder) for folder in found if (folder / "card.json").is_file()), None)


def _drawn(one: Wanted, model: Model, cinc: Path, mitdb: Path) -> Figure:
    source = mitdb if one.symbol else cinc
    shown = [_excerpt(model, record, one.symbol) for record in opened(source, one.records)]
    title = f"Figure {one.number}: {one.words}, by {model.card.id}"
    if one.draws == "maps":
        return drawing.maps(title, shown[0], [_cam(model, shown[0], layer) for layer in one.layers], PART)
    if one.draws == "gates":
        return drawing.gates(title, shown, [(_gate(model, part), _cam(model, part, 0)) for part in shown])
    if one.draws == "decisions":
        return drawing.decisions(title, shown, [_over_time(model, part) for part in shown], PART)
    if one.draws == "states":
        return drawing.states(title, shown, [_states(model, part) for part in shown])
    return drawing.shift(title, shown[0], *_shift(model, shown[0], one.strength))


def _excerpt(model: Model, record: Record, symbol: str) -> Excerpt:
    """The whole record; of a long one the first window that the model answers with `symbol`."""
    spec = model.card.input
    signal = prepare(record, (0,), spec).signal
    length = round(WINDOW * spec.fs)
    starts = range(0, signal.shape[1] - length + 1, length) if symbol else (0,)
    names = [kind.symbol for kind in model.card.classes]
    for start in starts:
        part = (signal[:, start : start + length] if symbol else signal).copy()
        chances = model.probabilities(part[None])[0]
        if not symbol or names[int(chances.argmax())] == symbol:
            first = round(start / spec.fs * record.fs)
            raw = record.signal[0, first : first + round(part.shape[1] / spec.fs * record.fs)]
            peaks = beats(record, 0).r / record.fs - start / spec.fs
            inside = peaks[(peaks >= 0) & (peaks < part.shape[1] / spec.fs)]
            return Excerpt(record.name, raw, record.fs, start / spec.fs, part, spec.fs, names, chances, inside)
    raise InvalidError(f"{model.card.id} answers no window of {record.name} with {symbol}", field="model")


def _findings(model: Model, shown: Excerpt, method: Mapping[str, object]) -> Findings:
    marks = tuple(WindowMark(round(r * shown.fs), None, "") for r in shown.peaks)
    target = torch.tensor([int(shown.chances.argmax())])
    batch = Batch(torch.from_numpy(shown.inputs[None].copy()), target, shown.fs, marks=(marks,))
    return parse(dict(method)).attribute(model.network, batch)


def _cam(model: Model, shown: Excerpt, layer: int) -> drawing.Values:
    """CAM [samples] of the output class; a negative layer is the first that has a classifier."""
    maps = cast(ClassMaps, model.network).class_maps(torch.from_numpy(shown.inputs[None].copy()))
    depth = min(one.depth for one in maps) if layer < 0 else 0
    asked = {"method": "class_activation"} | ({"layer": depth} if depth else {})
    values: drawing.Values = _findings(model, shown, asked).values[0, 0].astype(np.float64)
    return values


def _gate(model: Model, shown: Excerpt) -> drawing.Values:
    """Attention [samples]."""
    track = next(one for one in _findings(model, shown, {"method": "attention"}).tracks if one.role == "attention")
    values: drawing.Values = track.values[0].reshape(-1, track.values.shape[-1])[0].astype(np.float64)
    return values


def _over_time(model: Model, shown: Excerpt) -> drawing.Values:
    """Probabilities [samples, classes] as if the record ended there."""
    found = _findings(model, shown, {"method": "temporal_score"})
    track = next(one for one in found.tracks if one.dims == ("time", "class"))
    values: drawing.Values = track.values[0].astype(np.float64)
    return values


def _states(model: Model, shown: Excerpt) -> dict[str, drawing.Values]:
    """Name of a state or gate → its values [units, any over time]."""
    tracks = _findings(model, shown, {"method": "hidden_states"}).tracks
    return {one.name: one.values[0].astype(np.float64) for one in tracks if one.role == "state"}


def _shift(model: Model, shown: Excerpt, strength: str) -> tuple[drawing.Values, drawing.Values]:
    """Displacement [samples] in ms, and the probabilities [classes] of the shifted signal."""
    found = _findings(model, shown, {"method": "shift_mask", "steps": SHIFT_STEPS} | SHIFTS[strength])
    moved: drawing.Values = found.track("displacement").values[0].astype(np.float64)
    after: drawing.Values = found.track("after").values[0].astype(np.float64)
    return moved, after
