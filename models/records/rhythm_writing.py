"""Rhythms to the bytes of a WFDB annotation file: a change of rhythm where each begins, as MIT-BIH writes them."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import numpy as np
import wfdb

from models.errors import InvalidError
from models.records.marks import RHYTHM_CHANGE

UNREAD = "UNREAD"  # from the end of a rhythm to the next one that somebody named
NAMES = {"cinc2017": {"A": "AFIB", "~": "NOISE"}}  # vocabulary → its codes that WFDB calls otherwise
OTHERS = {"artefact": "NOISE", "cannot say": UNREAD}  # what can be said of any window


@dataclass(frozen=True)
class Rhythm:
    """A stretch and what somebody calls it."""

    start: int  # sample, at the record's fs
    end: int  # the sample after the last
    label: str
    vocabulary: str

    @property
    def name(self) -> str:
        """As WFDB writes it behind the bracket."""
        return OTHERS.get(self.label) or NAMES.get(self.vocabulary, {}).get(self.label, self.label)


def changes(rhythms: Sequence[Rhythm]) -> list[tuple[int, str]]:
    """Each sample from which another rhythm holds, and its name; a later start ends what was before it."""
    ordered = sorted(rhythms, key=lambda rhythm: (rhythm.start, rhythm.end))
    found: list[tuple[int, str]] = []
    for rhythm, following in zip_longest(ordered, ordered[1:]):
        found.append((rhythm.start, rhythm.name))
        if following is None or following.start > rhythm.end:
            found.append((rhythm.end, UNREAD))
    last: dict[int, str] = dict(found)  # of two that begin at one sample the later holds
    samples = sorted(last)
    kept = [at for i, at in enumerate(samples) if i == 0 or last[at] != last[samples[i - 1]]]
    return [(at, last[at]) for at in kept]


def rhythm_bytes(rhythms: Sequence[Rhythm], samples: int, fs: float) -> bytes:
    """A file from which `wfdb.rdann` reads the changes of rhythm of a recording of `samples` samples at `fs` Hz.

    Each is a "+" whose text is the rhythm's name behind a bracket: "(AFIB". InvalidError where there is no rhythm.
    """
    found = [(at, name) for at, name in changes(rhythms) if at < samples]
    if not found:
        raise InvalidError("There is no reading of a rhythm to write: label a window first")
    with tempfile.TemporaryDirectory() as folder:
        wfdb.wrann(
            "record",
            "rhythm",
            np.array([at for at, _ in found], np.int64),
            symbol=[RHYTHM_CHANGE] * len(found),
            aux_note=[f"({name}" for _, name in found],
            fs=fs,
            write_dir=folder,
        )
        return (Path(folder) / "record.rhythm").read_bytes()
