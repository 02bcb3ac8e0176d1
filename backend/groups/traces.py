"""Stretches of one lead around beats, as galleries and queues draw them."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.columns import Rows
from backend.groups.schemas import TracesResponse
from backend.json_numbers import numbers
from backend.predictions.context import points as addresses
from backend.predictions.service import Predictor
from backend.recordings.service import locate
from models.cards import BeatWindow, InputSpec
from models.errors import UnsupportedError
from models.memory import mapped
from models.records import Record
from models.signals.beats import Beats
from models.signals.groups import cut_around, levelled
from models.signals.windows import Cutter

Floats = NDArray[np.float32]
BEFORE, AFTER = 0.2, 0.4  # s around R where no model's window says otherwise
POINTS = 120  # values of one trace, at most
PIECE = 8192  # beats cut at once


@dataclass(frozen=True)
class Frame:
    """Which samples of a lead around R are drawn."""

    before: int  # samples
    after: int
    step: int  # every so many
    fs: float  # Hz

    @classmethod
    def of(cls, record: Record, spec: InputSpec | None = None, points: int = POINTS) -> "Frame":
        """What a model reads around a beat, −200 to 400 ms without a model, or a window from its first sample on."""
        before, after = BEFORE, AFTER
        if spec is not None and isinstance(spec.window, BeatWindow):
            before, after = spec.window.before / spec.fs, spec.window.after / spec.fs
        elif spec is not None:
            before, after = 0.0, min(record.seconds, spec.window.bounds[1] / spec.fs)
        first, last = round(before * record.fs), round(after * record.fs)
        return cls(first, last, max(1, -(-(first + last) // points)), record.fs)

    def cut(self, record: Record, lead: int, r: Rows) -> Floats:
        """Beats [beats, samples] in mV around their R peaks r [beats], each on its own level; NaN is a gap."""
        return levelled(cut_around(record.signal[lead], r, self.before, self.after))

    def pieces(self, record: Record, lead: int, r: Rows) -> Iterator[tuple[slice, Floats]]:
        """All beats, some thousand at a time: a day's are 100 MB, and as much again for each step of the work."""
        for first in range(0, len(r), PIECE):
            part = slice(first, first + PIECE)
            yield part, self.cut(record, lead, r[part])
            mapped.rest()

    def drawn(self, beats: Floats) -> list[list[float | None]]:
        """Beats [beats, samples] as drawn."""
        return numbers(beats[:, :: self.step], 3)

    @property
    def milliseconds(self) -> tuple[float, float]:
        """From the first value to R, and between two values."""
        return self.before * 1000 / self.fs, self.step * 1000 / self.fs


def traces(
    predictor: Predictor, id: str, lead: str | None, model: str | None, at: list[int], points: int
) -> TracesResponse:
    """−200 to 400 ms around each of the named beats, or each of the named windows of a model that reads no beats.

    NotFoundError for a sample that is no address.
    """
    record = predictor.repository.open(id)
    index = record.lead_index(lead)
    found, frame = _placed(predictor, record, index, model, points)
    cut = frame.cut(record, index, found.r[[locate(found, one) for one in at]])
    before, step = frame.milliseconds
    return TracesResponse(lead=record.leads[index], before=before, step=step, at=at, traces=frame.drawn(cut))


def _placed(predictor: Predictor, record: Record, lead: int, model: str | None, points: int) -> tuple[Beats, Frame]:
    """Where the traces lie, and how much of each is drawn."""
    with suppress(UnsupportedError):  # without any model there are the beats
        card = predictor.model(model, record.kind).card
        if not isinstance(card.input.window, BeatWindow):
            return addresses(Cutter(record, card, lead).anchors), Frame.of(record, card.input, points)
    return predictor.repository.beats(record, lead), Frame.of(record, points=points)
