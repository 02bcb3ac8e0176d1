"""Beats worth a look, in the order in which to look."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic_core import to_json

from backend.columns import Columns, Form, Numbers, Rows, Words, listed, typed
from backend.groups.grouping_input import GroupingInput
from backend.groups.schemas import (
    AboutQueue,
    QueueBeats,
    QueueName,
    QueueResponse,
    QueuesResponse,
    TypedQueueBeats,
    TypedQueueResponse,
    TypedQueuesResponse,
)
from backend.predictions.answers import UNCERTAIN, classes_of

DIGITS = 4  # of a margin as it is sent: what reads alike is of one rank


@dataclass(frozen=True)
class Queue:
    """One queue."""

    about: AboutQueue
    at: Numbers  # addresses


@dataclass(frozen=True)
class QueueTable:
    """All beats, and the queues, before they are sent as lists or as typed arrays."""

    about: dict[str, Any]  # the answer's fields beside them
    beats: Columns  # as QueueBeats has them
    queues: Sequence[Queue]

    def lists(self) -> QueuesResponse:
        """The answer with an object for each value."""
        found = [QueueResponse.model_construct(**dict(queue.about), at=queue.at.listed()) for queue in self.queues]
        beats = QueueBeats.model_construct(**listed(self.beats))
        return QueuesResponse.model_construct(**self.about, beats=beats, queues=found)

    def typed(self) -> TypedQueuesResponse:
        """The answer with a text for each column."""
        found = [TypedQueueResponse(**dict(queue.about), at=queue.at.typed()) for queue in self.queues]
        beats = TypedQueueBeats(**typed(self.beats))
        return TypedQueuesResponse.model_construct(**self.about, beats=beats, queues=found)

    def json(self, form: Form) -> bytes:
        """The answer as it is sent."""
        return to_json(self.typed() if form == "typed" else self.lists())


def queues(source: GroupingInput) -> QueueTable:
    """All beats, and the queues: disagreements, uncertain, unlabelled, and one for each class."""
    found = [
        _queue("disagreements", source, disagreements(source)),
        _queue("uncertain", source, uncertain(source)),
        _queue("unlabelled", source, unlabelled(source)),
        *(_queue("class", source, rows, symbol) for symbol, rows in by_class(source).items()),
    ]
    about = {
        "source": source.beats.source,
        "lead": source.record.leads[source.lead],
        "model": source.model.card.id,
        "classes": classes_of(source.model.card),
        "note": source.note,
    }
    return QueueTable(about, _columns(source), found)


def disagreements(source: GroupingInput) -> Rows:
    """Rows where output and reference differ, of classes that the model knows, in order of time."""
    known = set(source.classes)
    pairs = zip(source.references, source.predicted, strict=True)
    return np.flatnonzero([said is not None and said != label and label in known for label, said in pairs])


def uncertain(source: GroupingInput) -> Rows:
    """Rows where the margin is below 0.25, the smallest margin first."""
    margins = np.round(source.outputs.margins.astype(np.float64), DIGITS)
    rows = np.flatnonzero(source.outputs.valid & (margins < UNCERTAIN))
    return rows[np.argsort(margins[rows], kind="stable")]


def unlabelled(source: GroupingInput) -> Rows:
    """Rows that bear no reader's label."""
    return np.flatnonzero([label is None for label in source.labels])


def by_class(source: GroupingInput) -> dict[str, Rows]:
    """Rows of each class by the reference, or by the output where there is no reference; most frequent first."""
    pairs = zip(source.references, source.predicted, strict=True)
    symbols = Words.of([reference or said or None for reference, said in pairs])
    found = {name: np.flatnonzero(symbols.codes == code) for code, name in enumerate(symbols.names)}
    return dict(sorted(found.items(), key=lambda item: -len(item[1])))


def _queue(name: QueueName, source: GroupingInput, rows: Rows, symbol: str | None = None) -> Queue:
    return Queue(AboutQueue(name=name, symbol=symbol, count=len(rows)), Numbers(source.samples[rows]))


def _columns(source: GroupingInput) -> Columns:
    return {
        "at": Numbers(source.samples),
        "time": Numbers(source.samples / source.record.fs, 5),
        "rr": Numbers(source.rr.astype(np.float32), 2),
        "reference": Words.of(source.references),
        "output": Words.of(source.predicted),
        "margin": Numbers(source.outputs.margins, DIGITS).without(~source.outputs.valid),
    }
