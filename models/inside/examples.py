"""Examples: real windows drawn from recordings, a few of each label of each, to ask a network about."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.explainers.tracks import Floats
from models.inside.last_states import last_states
from models.inside.projection import Projection, principal
from models.signals.groups import evenly
from models.signals.windows import Cutter
from models.zoo import Model
from models.zoo.model import Seen

EACH = 30  # windows of one label of one recording
PROBED = 1000  # windows that the usual distance is measured from
Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Drawn:
    """The windows drawn from one recording."""

    recording: str  # id
    name: str
    sha256: str
    patient: str  # the recording where nothing is known of the patient
    seen: Seen  # whether the model has seen the patient
    at: tuple[int, ...]  # [windows], addresses
    labels: tuple[str | None, ...]  # [windows], of the reference
    inputs: Floats  # [windows, leads, samples]
    states: Floats  # [windows, units]
    logits: Floats  # [windows, classes]


def draw(cutter: Cutter, model: Model, each: int = EACH) -> Drawn:
    """Windows of one recording, at most `each` of a label, evenly over it; those of its commonest length.

    UnsupportedError where the model does not read it, or has no last state.
    """
    record, anchors = cutter.record, cutter.anchors
    labels = anchors.labels or (None,) * len(anchors)
    rows = drawn_rows(labels, cutter.valid, each)
    inputs, valid = cutter.together(rows)
    rows, inputs = rows[valid], inputs[valid]
    classes, units = len(model.card.classes), 0
    states, logits = np.zeros((0, units), np.float32), np.zeros((0, classes), np.float32)
    if len(rows):
        states, logits = last_states(model.network, inputs)
    return Drawn(
        recording=record.id,
        name=record.name,
        sha256=record.sha256,
        patient=model.patient(record) or record.sha256 or record.id,
        seen=model.seen(record),
        at=tuple(anchors.samples[rows].tolist()),
        labels=tuple(labels[row] for row in rows),
        inputs=inputs,
        states=states,
        logits=logits,
    )


def drawn_rows(labels: Sequence[str | None], valid: NDArray[np.bool_], each: int) -> Indices:
    """Windows that can be read, at most `each` of every label [windows], spread evenly, in order."""
    found = []
    for label in dict.fromkeys(labels):
        own = np.flatnonzero(valid & np.array([one == label for one in labels], dtype=bool))
        found.append(own[evenly(len(own), each)] if len(own) else own)
    return np.sort(np.concatenate(found)) if found else np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Examples:
    """The windows drawn from all recordings, those of the commonest length."""

    of: tuple[Drawn, ...]  # recordings with a window
    unread: int = 0  # recordings of this kind from which none could be drawn
    others: int = 0  # recordings that were left aside: there are too many
    symbols: tuple[str, ...] = field(default=())  # of the model's classes

    def __len__(self) -> int:
        return len(self.inputs)

    @cached_property
    def length(self) -> int:
        """Samples of the windows: the commonest."""
        counts = Counter({one.inputs.shape[2]: 0 for one in self.of})
        for one in self.of:
            counts[one.inputs.shape[2]] += len(one.inputs)
        return max(counts, key=lambda length: (counts[length], length), default=0)

    @cached_property
    def used(self) -> tuple[Drawn, ...]:
        """The recordings whose windows have that length."""
        return tuple(one for one in self.of if one.inputs.shape[2] == self.length)

    @cached_property
    def inputs(self) -> Floats:
        """Windows [windows, leads, samples]."""
        return np.concatenate([one.inputs for one in self.used]) if self.used else np.zeros((0, 0, 0), np.float32)

    @cached_property
    def states(self) -> Floats:
        """Last states [windows, units]."""
        return np.concatenate([one.states for one in self.used]) if self.used else np.zeros((0, 0), np.float32)

    @cached_property
    def logits(self) -> Floats:
        """Class scores [windows, classes]."""
        return np.concatenate([one.logits for one in self.used]) if self.used else np.zeros((0, 0), np.float32)

    @cached_property
    def recording(self) -> Indices:
        """Which of the recordings `used` each window is from [windows]."""
        return np.repeat(np.arange(len(self.used)), [len(one.at) for one in self.used])

    @property
    def labels(self) -> list[str | None]:
        """What the reference says of each [windows]."""
        return [label for one in self.used for label in one.labels]

    @property
    def classes(self) -> list[int]:
        """The label as an index of the model's classes [windows]; −1 where it is none of them."""
        known = {symbol: index for index, symbol in enumerate(self.symbols)}
        return [known.get(label or "", -1) for label in self.labels]

    @property
    def patients(self) -> list[int]:
        """A number for each patient [windows]; it says nothing of who that is."""
        number = {patient: i for i, patient in enumerate(dict.fromkeys(one.patient for one in self.used))}
        return [number[one.patient] for one in self.used for _ in one.at]

    @property
    def trained(self) -> list[bool]:
        """Whether the model was trained on the patient [windows]."""
        return [one.seen == "train" for one in self.used for _ in one.at]

    @cached_property
    def projection(self) -> Projection:
        """The map of last states."""
        return principal(self.states)

    @cached_property
    def usual_distance(self) -> float | None:
        """Median distance from a window's last state to the nearest of another patient; None for one patient."""
        patients = np.array(self.patients)
        if len(np.unique(patients)) < 2:
            return None
        rows = evenly(len(self), PROBED)
        squares = np.square(self.states).sum(axis=1)
        apart = squares[rows][:, None] + squares - 2 * self.states[rows] @ self.states.T
        apart[patients[rows][:, None] == patients] = np.inf
        return round(float(np.sqrt(np.median(np.maximum(apart.min(axis=1), 0)) / self.states.shape[1])), 4)

    @property
    def nbytes(self) -> int:
        """Bytes in memory."""
        return sum(one.inputs.nbytes + one.states.nbytes + one.logits.nbytes for one in self.of)
