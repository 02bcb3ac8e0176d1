"""Beats worth a look, in the order in which to look."""

from collections import defaultdict

from backend.groups.grouping_input import GroupingInput
from backend.groups.schemas import QueueBeats, QueueName, QueueResponse, QueuesResponse
from backend.json_numbers import numbers
from backend.predictions.answers import UNCERTAIN, classes_of


def queues(source: GroupingInput) -> QueuesResponse:
    """All beats, and the queues: disagreements, uncertain, unlabelled, and one for each class."""
    found = [
        _queue("disagreements", source, disagreements(source)),
        _queue("uncertain", source, uncertain(source)),
        _queue("unlabelled", source, [i for i, label in enumerate(source.labels) if label is None]),
        *(_queue("class", source, indices, symbol) for symbol, indices in by_class(source).items()),
    ]
    return QueuesResponse(
        source=source.beats.source,
        lead=source.record.leads[source.lead],
        model=source.model.card.id,
        classes=classes_of(source.model.card),
        note=source.note,
        beats=_columns(source),
        queues=found,
    )


def disagreements(source: GroupingInput) -> list[int]:
    """Indices where output and reference differ, of classes that the model knows, in order of time."""
    known = set(source.classes)
    pairs = enumerate(zip(source.references, source.predicted, strict=True))
    return [i for i, (reference, said) in pairs if reference in known and said is not None and said != reference]


def uncertain(source: GroupingInput) -> list[int]:
    """Indices where the margin is below 0.25, the smallest margin first."""
    small = [(margin, i) for i, margin in enumerate(source.margins) if margin is not None and margin < UNCERTAIN]
    return [i for _, i in sorted(small)]


def by_class(source: GroupingInput) -> dict[str, list[int]]:
    """Indices of each class by the reference, or by the output where there is no reference; most frequent first."""
    found: dict[str, list[int]] = defaultdict(list)
    for i, (reference, said) in enumerate(zip(source.references, source.predicted, strict=True)):
        if symbol := reference or said:
            found[symbol].append(i)
    return dict(sorted(found.items(), key=lambda item: -len(item[1])))


def _queue(name: QueueName, source: GroupingInput, indices: list[int], symbol: str | None = None) -> QueueResponse:
    return QueueResponse(name=name, symbol=symbol, count=len(indices), at=source.samples[indices].tolist())


def _columns(source: GroupingInput) -> QueueBeats:
    return QueueBeats(
        at=source.samples.tolist(),
        time=numbers(source.samples / source.record.fs, 5),
        rr=numbers(source.rr, 2),
        reference=source.references,
        output=source.predicted,
        margin=source.margins,
    )
