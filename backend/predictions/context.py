"""A window of a recording as one model would see it."""

from dataclasses import dataclass

from backend.blinding.intervals import Interval, extents
from models.placing import Anchors
from models.records import Record
from models.signals.beats import Beats
from models.signals.windows import Cutter, Window
from models.zoo import Model


@dataclass(frozen=True)
class WindowContext:
    """A window as one model would see it."""

    record: Record
    lead: int
    cutter: Cutter
    index: int  # among the windows
    model: Model

    @property
    def beats(self) -> Beats:
        """The beats that the windows lie around; of other windows, their addresses."""
        return points(self.cutter.anchors)

    @property
    def at(self) -> int:
        """The window's address."""
        return int(self.cutter.anchors.samples[self.index])

    @property
    def label(self) -> str | None:
        """What is said of it, in the model's vocabulary."""
        labels = self.cutter.anchors.labels
        return labels[self.index] if labels else None

    @property
    def r(self) -> int:
        """The beat's R peak in this lead, or the window's first sample, at the record's fs."""
        return int(self.beats.r[self.index])

    @property
    def interval(self) -> Interval:
        """What a label of it is about: a beat alone, any other window whole."""
        starts, ends = extents(self.cutter.anchors)
        return int(starts[self.index]), int(ends[self.index])

    def window(self) -> Window:
        """What the network reads; InvalidError where it would leave the recording or touch a gap."""
        return self.cutter.window(self.at)


def points(anchors: Anchors) -> Beats:
    """The beats that windows lie around; of other windows, their addresses and first samples."""
    if anchors.beats is not None:
        return anchors.beats
    return Beats(anchors.samples, anchors.starts, None, anchors.source)
