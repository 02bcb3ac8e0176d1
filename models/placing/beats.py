"""Windows around beats."""

from typing import ClassVar

import numpy as np

from models.cards import BeatWindow, InputSpec
from models.placing.base import Anchors, Placing
from models.records.record import Record
from models.signals.beats import Beats, placed
from models.signals.resample import positions
from models.vocabularies.mitbih import BEATS


class AroundBeats(Placing):
    """One window on the R peak of each beat, addressed by the beat's mark."""

    kind: ClassVar[str] = "beat"

    def anchors(self, record: Record, lead: int, spec: InputSpec, vocabulary: str) -> Anchors:
        """The reference beats where the record has any, else those of the detector in `lead`."""
        window = spec.window
        assert isinstance(window, BeatWindow)
        found, peaks = placed(record, lead, spec.fs)
        first = peaks - window.before
        starts, ends = (positions(at, spec.fs, record.fs) for at in (first, first + window.samples))
        lengths = np.full(len(found), window.samples, dtype=np.int64)
        labels = labelled(found, vocabulary)
        return Anchors(found.samples, first, lengths, starts, ends, labels, found.source, found)


def labelled(found: Beats, vocabulary: str) -> tuple[str | None, ...] | None:
    """The beats' symbols in the vocabulary; None where it has no names for beats."""
    if found.symbols is None or vocabulary not in ("mitbih", "aami"):
        return None
    return tuple(BEATS[symbol].group for symbol in found.symbols) if vocabulary == "aami" else found.symbols
