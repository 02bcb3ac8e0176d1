"""Beats of one recording in groups, laid over each other."""

from collections import Counter, defaultdict
from typing import NamedTuple

import numpy as np
from pydantic_core import to_json

from backend.columns import Form, Numbers, Rows
from backend.groups.grouping_input import GroupingInput
from backend.groups.queues import disagreements
from backend.groups.schemas import By, GroupResponse, GroupsResponse
from backend.groups.sums import GroupSums
from backend.groups.traces import Floats, Frame
from backend.json_numbers import number, numbers
from models.memory import Memory
from models.signals.channels import untrained
from models.signals.groups import evenly, shape_points, shapes_of

TRACES, MAPPED = 48, 32  # beats of a group that are drawn, and that its mean map is made of
FEW = 0.01  # of all beats: smaller groups come last
RULES: dict[By, str] = {
    "reference_and_model": "Beats with the same reference and the same model output.",
    "model": "Beats with the same model output.",
    "reader": "Beats to which a reader gave the same label.",
    "shape": "At most eight groups of one shape: k-means of the beats' first eight principal components.",
}


class Key(NamedTuple):
    """The properties that the beats of a group share."""

    reference: str | None = None
    output: str | None = None
    reader: str | None = None
    shape: int | None = None  # from 0, the largest

    def __str__(self) -> str:
        if self.shape is not None:
            return f"shape {self.shape + 1}"
        return self.reader or f"{self.reference or ''}>{self.output or ''}"


class Gallery:
    """The groups of recordings looked at last, as the JSON that is sent."""

    def __init__(self) -> None:
        self._kept: Memory[bytes] = Memory("groups", len)

    def groups(self, source: GroupingInput, by: By, form: Form = "lists") -> bytes:
        """All groups, as GroupsResponse; formed once as long as nothing in them changes."""
        labels = tuple(source.labels) if by == "reader" else ()
        return self._kept.get((source.sha256, by, form, labels), lambda: to_json(groups(source, by, form)))


def groups(source: GroupingInput, by: By, form: Form = "lists") -> GroupsResponse:
    """All groups, those worth a look first."""
    frame = Frame.of(source.record, source.model.card.input)
    found = defaultdict[Key, list[int]](list)
    for i, key in enumerate(keys(source, by, frame)):
        if key is not None:
            found[key].append(i)
    order = ordered(source, found)
    members = [np.array(found[key]) for key in order]
    means = mean_traces(source, frame, members)
    listed = [_group(source, frame, *each, form) for each in zip(order, members, means, strict=True)]
    before, step = frame.milliseconds
    return GroupsResponse(
        source=source.beats.source,
        lead=source.record.leads[source.lead],
        model=source.model.card.id,
        by=by,
        untrained=untrained(source.record, source.model.card, source.lead),
        rule=RULES[by],
        before=before,
        step=step,
        beats=len(source.beats),
        ungrouped=len(source.beats) - sum(group.count for group in listed),
        groups=listed,
    )


def keys(source: GroupingInput, by: By, frame: Frame) -> list[Key | None]:
    """The group of each beat; None for a beat of none."""
    if by == "shape":
        pieces = frame.pieces(source.record, source.lead, source.beats.r)
        points = [np.empty((0, 1), np.float32), *(shape_points(cut) for _, cut in pieces)]
        return [
            Key(shape=int(shape)) if shape >= 0 else None for shape in shapes_of(np.concatenate(points[1:] or points))
        ]
    if by == "reader":
        return [Key(reader=label) if label else None for label in source.labels]
    if by == "model":
        return [Key(output=said) if said else None for said in source.predicted]
    pairs = zip(source.references, source.predicted, strict=True)
    return [Key(reference=reference, output=said) if said else None for reference, said in pairs]


def ordered(source: GroupingInput, found: dict[Key, list[int]]) -> list[Key]:
    """Groups of at least 1% of the beats first; of these, the reference with most disagreements; then by size."""
    differ = Counter(source.references[i] for i in disagreements(source))
    few = FEW * len(source.beats)

    def context(key: Key) -> tuple[bool, int, str, int]:
        return (
            len(found[key]) < few,
            -differ[key.reference] if key.reference else 0,
            _class(source, key),
            -len(found[key]),
        )

    return sorted(found, key=context)


def _class(source: GroupingInput, key: Key) -> str:
    """What keeps the groups of one reference together: classes that the model knows come first."""
    return "" if key.reference is None else f"{key.reference not in source.classes:d}{key.reference}"


def mean_traces(source: GroupingInput, frame: Frame, members: list[Rows]) -> list[Floats]:
    """Mean [samples] of the beats of each group."""
    group = np.full(len(source.beats), -1)
    for position, rows in enumerate(members):
        group[rows] = position
    sums = GroupSums(len(members), frame.before + frame.after)
    for part, cut in frame.pieces(source.record, source.lead, source.beats.r):
        sums.add(group[part], cut)
    return list(sums.means())


def _group(source: GroupingInput, frame: Frame, key: Key, members: Rows, mean: Floats, form: Form) -> GroupResponse:
    at = Numbers(source.samples[members])
    shown, mapped = (members[evenly(len(members), wanted)] for wanted in (TRACES, MAPPED))
    before = source.rr[members]
    said = members[source.outputs.valid[members]]
    return GroupResponse(
        key=str(key),
        reference=key.reference,
        output=key.output,
        reader=key.reader,
        count=len(members),
        at=at.typed() if form == "typed" else at.listed(),
        traces=frame.drawn(frame.cut(source.record, source.lead, source.beats.r[shown])),
        shown=source.samples[shown].tolist(),
        mean=numbers(mean[:: frame.step], 3),
        probability=number(source.outputs.probabilities[said].max(axis=1).mean(), 4) if len(said) else None,
        references=_counts([source.references[i] for i in members]),
        outputs=_counts([source.predicted[i] for i in members]),
        rr=number(np.median(before[np.isfinite(before)]), 1) if np.isfinite(before).any() else None,
        mapped=source.samples[mapped].tolist(),
    )


def _counts(symbols: list[str | None]) -> dict[str, int]:
    return dict(Counter(symbol for symbol in symbols if symbol is not None).most_common())
