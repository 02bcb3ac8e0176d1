"""Beats worth a look, in the order in which to look."""

from collections import defaultdict

from backend.groups.look import Look
from backend.groups.schemas import QueueBeats, QueueName, QueueResponse, QueuesResponse
from backend.plain import numbers
from backend.predictions.service import classes_of
from backend.recordings.counting import UNCERTAIN


def queues(look: Look) -> QueuesResponse:
    """All beats, and the queues: disagreements, uncertain, unlabelled, and one for each class."""
    found = [
        _queue("disagreements", look, disagreements(look)),
        _queue("uncertain", look, uncertain(look)),
        _queue("unlabelled", look, [i for i, label in enumerate(look.read) if label is None]),
        *(_queue("class", look, indices, symbol) for symbol, indices in by_class(look).items()),
    ]
    return QueuesResponse(
        source=look.beats.source,
        lead=look.record.leads[look.lead],
        model=look.model.card.id,
        classes=classes_of(look.model.card),
        note=look.note,
        beats=_columns(look),
        queues=found,
    )


def disagreements(look: Look) -> list[int]:
    """Indices where output and reference differ, of classes that the model knows, in order of time."""
    known = set(look.classes)
    pairs = enumerate(zip(look.references, look.said, strict=True))
    return [i for i, (reference, said) in pairs if reference in known and said is not None and said != reference]


def uncertain(look: Look) -> list[int]:
    """Indices where the margin is below 0.25, the smallest margin first."""
    small = [(margin, i) for i, margin in enumerate(look.margins) if margin is not None and margin < UNCERTAIN]
    return [i for _, i in sorted(small)]


def by_class(look: Look) -> dict[str, list[int]]:
    """Indices of each class by the reference, or by the output where there is no reference; most frequent first."""
    found: dict[str, list[int]] = defaultdict(list)
    for i, (reference, said) in enumerate(zip(look.references, look.said, strict=True)):
        if symbol := reference or said:
            found[symbol].append(i)
    return dict(sorted(found.items(), key=lambda item: -len(item[1])))


def _queue(name: QueueName, look: Look, indices: list[int], symbol: str | None = None) -> QueueResponse:
    return QueueResponse(name=name, symbol=symbol, count=len(indices), samples=look.samples[indices].tolist())


def _columns(look: Look) -> QueueBeats:
    return QueueBeats(
        sample=look.samples.tolist(),
        time=numbers(look.samples / look.record.fs, 5),
        rr=numbers(look.beats.rr(look.record.fs)[0], 2),
        reference=look.references,
        output=look.said,
        margin=look.margins,
    )
