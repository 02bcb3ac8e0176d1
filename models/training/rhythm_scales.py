"""Full scales of a rhythm model's maps, measured on recordings that the shipped fold has not seen."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch

from models.cards import Card, InputSpec, SpanWindow
from models.errors import InvalidError
from models.explainers.tracks import Floats, Marks, WindowMark
from models.records.single import opened
from models.signals.preparing import prepare
from models.signals.rpeaks import detect
from models.training.datasets import cinc2017
from models.training.datasets.cinc2017 import Say
from models.training.publish import write_card
from models.training.scales import measured
from models.zoo.store import read

SLOW = ("occlusion",)  # reads a window of 30 s some 3,000 times
EACH = 12  # windows of each class, as far as there are so many


def measure_scales(
    folder: Path, data_dir: Path, say: Say = print, each: int = EACH, *, slow: bool = False, missing: bool = False
) -> Card:
    """Measure the full scales in the card in `folder` on CinC 2017 in `data_dir`; the weights stay as they are.

    Windows are the first of the model's own length of held-out recordings, `each` of every label, chosen by a seed;
    methods that are SLOW only where they are asked for. With `missing` only scales that the card has not got.
    InvalidError where no held-out recording is as long.
    """
    model = read(folder)
    windows = list(_windows(model.card, data_dir, each))
    if not windows:
        raise InvalidError(f"{model.card.id}: no held-out recording in {data_dir} is as long as a window", field="data")
    fs = model.card.input.fs
    inputs = torch.from_numpy(np.stack(windows))
    marks = tuple(beat_marks(window, fs) for window in windows)
    known, without = model.card.full_scales if missing else (), () if slow else SLOW
    found = measured(model.network, inputs, model.card.output.temperature, say, fs, marks, known, without)
    card = model.card.model_copy(update={"full_scales": model.card.full_scales | found})
    write_card(folder, card)
    return card


def _windows(card: Card, data_dir: Path, each: int) -> Iterator[Floats]:
    source = cinc2017.folder(data_dir)
    truth = cinc2017.labels(source / cinc2017.LABELS)
    unseen = sorted(record.name for record in card.records if record.split == "test" and record.name in truth)
    order = np.random.default_rng(0).permutation(len(unseen))
    left = {kind.symbol: each for kind in card.classes}
    for name in (unseen[i] for i in order):
        if left.get(truth[name], 0) and (window := _window(source, name, card.input)) is not None:
            left[truth[name]] -= 1
            yield window


def _window(source: Path, name: str, spec: InputSpec) -> Floats | None:
    """The first window [leads, samples] of a recording; None where it is shorter or has a gap in it."""
    assert isinstance(spec.window, SpanWindow)
    (record,) = opened(source / cinc2017.RECORDINGS, (name,))
    first: Floats = prepare(record, (0,), spec).signal[:, : spec.window.samples].copy()
    return first if first.shape[1] == spec.window.samples and np.isfinite(first).all() else None


def beat_marks(window: Floats, fs: float) -> Marks:
    """The R peaks found in a window [leads, samples], as marks without a name."""
    return tuple(WindowMark(int(at), None, "") for at in detect(window[0], fs))
