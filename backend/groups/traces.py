"""Stretches of one lead around beats, as galleries and queues draw them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.groups.schemas import TracesResponse
from backend.json_numbers import numbers
from backend.recordings.service import RecordingRepository, locate
from models.cards import InputSpec
from models.records import Record
from models.signals.beats import Beats
from models.signals.groups import cut_around, levelled

Floats = NDArray[np.float32]
BEFORE, AFTER = 0.2, 0.4  # s around R where no model's window says otherwise
POINTS = 120  # values of one trace, at most


@dataclass(frozen=True)
class Frame:
    """Which samples of a lead around R are drawn."""

    before: int  # samples
    after: int
    step: int  # every so many
    fs: float  # Hz

    @classmethod
    def of(cls, record: Record, spec: InputSpec | None = None, points: int = POINTS) -> "Frame":
        """What a model reads around a beat, or −200 to 400 ms."""
        before, after = BEFORE, AFTER
        if spec is not None and spec.window.kind == "beat":
            before, after = spec.window.before / spec.fs, spec.window.after / spec.fs
        first, last = round(before * record.fs), round(after * record.fs)
        return cls(first, last, max(1, -(-(first + last) // points)), record.fs)

    def cut(self, record: Record, lead: int, beats: Beats) -> Floats:
        """All beats [beats, samples] in mV, each on its own level; NaN is a gap."""
        return levelled(cut_around(record.signal[lead], beats.r, self.before, self.after))

    def drawn(self, beats: Floats) -> list[list[float | None]]:
        """Beats [beats, samples] as drawn."""
        return numbers(beats[:, :: self.step], 3)

    @property
    def milliseconds(self) -> tuple[float, float]:
        """From the first value to R, and between two values."""
        return self.before * 1000 / self.fs, self.step * 1000 / self.fs


def traces(
    repository: RecordingRepository, id: str, lead: str | None, samples: list[int], points: int
) -> TracesResponse:
    """−200 to 400 ms around each of the named beats; NotFoundError for a sample that is no beat's."""
    record = repository.open(id)
    index = record.lead_index(lead)
    found = repository.beats(record, index)
    r = found.r[[locate(found, sample) for sample in samples]]
    frame = Frame.of(record, points=points)
    cut = levelled(cut_around(record.signal[index], r, frame.before, frame.after))
    before, step = frame.milliseconds
    return TracesResponse(lead=record.leads[index], before=before, step=step, samples=samples, traces=frame.drawn(cut))
