"""The whole recording as one window."""

from typing import ClassVar

import numpy as np

from models.cards import InputSpec
from models.placing.base import Anchors, Placing, anchored, samples_at
from models.records.record import Record


class WholeRecording(Placing):
    """One window of the recording's own length, at sample 0."""

    kind: ClassVar[str] = "whole"

    def anchors(self, record: Record, lead: int, spec: InputSpec, vocabulary: str) -> Anchors:
        """The one window, labelled by what covers most of the recording."""
        first, lengths = np.zeros(1, dtype=np.int64), np.array([samples_at(record, spec)], dtype=np.int64)
        return anchored(record, spec, first, lengths, vocabulary, "the whole recording")
