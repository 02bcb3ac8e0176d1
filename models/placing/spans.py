"""Windows one after another."""

from typing import ClassVar

import numpy as np

from models.cards import InputSpec, SpanWindow
from models.placing.base import Anchors, Placing, anchored, samples_at
from models.records.record import Record


class OneAfterAnother(Placing):
    """Windows of equal length from the first sample on; what is left over at the end is one where it is long enough."""

    kind: ClassVar[str] = "span"

    def anchors(self, record: Record, lead: int, spec: InputSpec, vocabulary: str) -> Anchors:
        """A window at every stride, labelled by what covers most of it."""
        window = spec.window
        assert isinstance(window, SpanWindow)
        total = samples_at(record, spec)
        if window.shortest <= total <= window.whole_to:
            first, lengths = np.zeros(1, dtype=np.int64), np.array([total], dtype=np.int64)
            return anchored(record, spec, first, lengths, vocabulary, "the whole recording")
        first = np.arange(0, total, window.stride, dtype=np.int64)
        lengths = np.minimum(window.samples, total - first)
        whole = int((lengths == window.samples).sum())
        # Overlapping windows leave several ends over: only the first of them is new.
        count = whole + (whole < len(first) and lengths[whole] >= window.shortest and _is_new(whole, window, total))
        first, lengths = first[:count], lengths[:count]
        return anchored(record, spec, first, lengths, vocabulary, f"every {window.stride / spec.fs:g} s")


def _is_new(whole: int, window: SpanWindow, total: int) -> bool:
    """Whether the last whole window leaves samples over."""
    return whole == 0 or (whole - 1) * window.stride + window.samples < total
