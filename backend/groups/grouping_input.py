"""A recording's beats in one lead, with what the model and a reader say of each."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from backend.blinding.hidden import Hidden
from backend.blinding.intervals import extents
from backend.errors import ComputingError
from backend.predictions.context import points
from backend.predictions.outputs import Outputs
from backend.predictions.service import Predictor
from backend.recordings.summary import beats_sha256
from models.errors import DomainError
from models.placing import Anchors
from models.records import Record
from models.signals.beats import Beats
from models.signals.intervals import intervals
from models.zoo import Model

MITBIH = "mitbih"  # in which any beat can be read


@dataclass(frozen=True)
class GroupingInput:
    """Everything by which beats are grouped and queued."""

    record: Record
    lead: int
    anchors: Anchors
    model: Model
    outputs: Outputs
    note: str | None  # why the model says nothing of this lead
    readings: Mapping[int, str]  # sample → the reader's label
    unreferenced: NDArray[np.bool_] | None = None  # [beats] whose reference is left out

    @property
    def beats(self) -> Beats:
        """The beats that the windows lie around; of other windows, their addresses."""
        return points(self.anchors)

    @cached_property
    def rr(self) -> NDArray[np.float64]:
        """RR before each beat [beats] in ms; NaN where beats in between may be missing, and of what are no beats."""
        if self.anchors.beats is None:
            return np.full(len(self.anchors), np.nan)
        return intervals(self.record, self.lead, self.beats).before

    def without(self, hidden: Hidden) -> "GroupingInput":
        """The same for a blinded reader: a hidden beat has neither reference nor output, and so is in no group."""
        if not hidden.reference:
            return self
        starts, ends = extents(self.anchors)
        valid = self.outputs.valid & ~hidden.model.affects(starts, ends)
        outputs = replace(self.outputs, valid=valid)
        return replace(self, outputs=outputs, unreferenced=hidden.reference.affects(starts, ends))

    @cached_property
    def sha256(self) -> str:
        """Hash of everything of this that is seen in a group, but for the reader's labels."""
        model, hidden = self.model, b"" if self.unreferenced is None else self.unreferenced.tobytes()
        about = (beats_sha256(self.record, self.lead, self.beats), self.beats.source, model.card.model_dump_json())
        digest = hashlib.sha256("\n".join(about).encode())
        for part in (self.outputs.probabilities.tobytes(), self.outputs.valid.tobytes(), hidden):
            digest.update(part)
        return digest.hexdigest()

    @cached_property
    def classes(self) -> list[str]:
        """Symbols of the model's classes."""
        return [kind.symbol for kind in self.model.card.classes]

    @property
    def samples(self) -> NDArray[np.int64]:
        """The beats' addresses [beats]."""
        return self.beats.samples

    @cached_property
    def references(self) -> list[str | None]:
        """Reference symbols [beats]."""
        symbols = list(self.anchors.labels or [None] * len(self.anchors))
        if self.unreferenced is None:
            return symbols
        return [None if gone else symbol for symbol, gone in zip(symbols, self.unreferenced, strict=True)]

    @cached_property
    def predicted(self) -> list[str | None]:
        """Symbols of the model's outputs [beats]; None where it has none."""
        return self.outputs.said(self.classes)

    @property
    def spoken(self) -> set[str]:
        """The vocabularies in which these windows are read: another model's may begin at the same sample."""
        own = self.model.card.vocabulary
        return {own} if self.anchors.beats is None else {own, MITBIH}

    @cached_property
    def labels(self) -> list[str | None]:
        """The reader's labels [beats]."""
        return [self.readings.get(int(sample)) for sample in self.samples]


def grouping_input(
    predictor: Predictor, readings: Mapping[int, str], id: str, lead: str | None, model: str | None
) -> GroupingInput:
    """The beats of a recording as seen in `lead` by `model` (the first of each by default)."""
    record = predictor.repository.open(id)
    index = record.lead_index(lead)
    network = predictor.model(model, record.kind)
    found = predictor.cutter(record, network, index).anchors
    outputs, note = _outputs(predictor, record, index, network, len(found))
    return GroupingInput(record, index, found, network, outputs, note, readings)


def _outputs(predictor: Predictor, record: Record, lead: int, model: Model, count: int) -> tuple[Outputs, str | None]:
    """What the model says; nothing of every beat, and why, where the lead cannot be read."""
    try:
        return predictor.outputs(record, lead, model), None
    except ComputingError:
        raise  # it will be there
    except DomainError as error:
        shape = (count, len(model.card.classes))
        return Outputs(np.zeros(shape, np.float32), np.zeros(count, bool), model.card.output), str(error)
