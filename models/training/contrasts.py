"""Beats of each class that are kept with a model, from the patients it was trained on: what maps are judged with."""

import hashlib
import os
from pathlib import Path

import numpy as np
from safetensors.numpy import save

from models.cards import Card
from models.evaluation.labelled import labelled
from models.evaluation.sample import balanced
from models.training.datasets.mitdb_beats import Say
from models.training.publish import write_card
from models.zoo.contrast import FILE, FILLS
from models.zoo.store import read

TRIED, KEPT = 300, 32  # beats of each class
MOST = 2**17  # bytes of a class: of long windows fewer are kept


def keep_contrast(folder: Path, data_dir: Path, cache: Path, say: Say = print) -> Card:
    """Write `KEPT` training beats of each class, which the model answers rightly, beside the weights in `folder`."""
    model, rng = read(folder), np.random.default_rng(0)
    beats = labelled(model.card, "train", data_dir, cache, say)
    windows = {}
    for label, kind in enumerate(model.card.classes):
        tried = balanced(np.flatnonzero(beats.labels == label), beats.origin, TRIED, rng)
        right = tried[model.logits(beats.inputs[tried]).argmax(axis=1) == label]
        chosen = balanced(right, beats.origin, max(FILLS, min(KEPT, MOST // beats.inputs[0].nbytes)), rng)
        say(f"{kind.name}: {len(chosen)} of {len(right)} beats answered rightly, of {len(tried)} tried")
        if len(chosen):
            windows[kind.symbol] = np.ascontiguousarray(beats.inputs[chosen])
    data = save(windows)
    partial = folder / f"{FILE}.{os.getpid()}.tmp"
    partial.write_bytes(data)
    partial.replace(folder / FILE)
    artefacts = model.card.artefacts | {FILE: hashlib.sha256(data).hexdigest()}
    card = model.card.model_copy(update={"artefacts": artefacts})
    write_card(folder, card)
    return card
