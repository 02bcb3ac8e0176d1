"""Beats of one recording in groups, laid over each other."""

from collections import Counter, defaultdict
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.groups.look import Look
from backend.groups.queues import disagreements
from backend.groups.schemas import By, GroupResponse, GroupsResponse
from backend.groups.traces import Floats, Frame
from backend.plain import number, numbers
from models.records.lru import Lru
from models.signals.groups import evenly, shapes

KEPT = 16 * 2**20  # bytes of answers that stay in memory
TRACES, MAPPED = 48, 32  # beats of a group that are drawn, and that its mean map is made of
FEW = 0.01  # of all beats: smaller groups come last
RULES: dict[By, str] = {
    "reference_and_model": "Beats with the same reference and the same model output.",
    "model": "Beats with the same model output.",
    "reader": "Beats to which a reader gave the same label.",
    "shape": "At most eight groups of one shape: k-means of the beats' first eight principal components.",
}


class Key(NamedTuple):
    """What the beats of a group share."""

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
        self._kept: Lru[bytes] = Lru(KEPT, len)

    def groups(self, look: Look, by: By) -> bytes:
        """All groups, as GroupsResponse; formed once as long as nothing in them changes."""
        labels = tuple(look.read) if by == "reader" else ()
        return self._kept.get((look.sha256, by, labels), lambda: groups(look, by).model_dump_json().encode())


def groups(look: Look, by: By) -> GroupsResponse:
    """All groups, those worth a look first."""
    frame = Frame.of(look.record, look.model.card.input)
    cut = frame.cut(look.record, look.lead, look.beats)
    found = defaultdict[Key, list[int]](list)
    for i, key in enumerate(keys(look, by, cut)):
        if key is not None:
            found[key].append(i)
    listed = [_group(look, frame, cut, key, np.array(found[key])) for key in ordered(look, found)]
    before, step = frame.milliseconds
    return GroupsResponse(
        source=look.beats.source,
        lead=look.record.leads[look.lead],
        model=look.model.card.id,
        by=by,
        rule=RULES[by],
        before=before,
        step=step,
        beats=len(look.beats),
        ungrouped=len(look.beats) - sum(group.count for group in listed),
        groups=listed,
    )


def keys(look: Look, by: By, cut: Floats) -> list[Key | None]:
    """The group of each beat; None for a beat of none."""
    if by == "shape":
        return [Key(shape=int(shape)) if shape >= 0 else None for shape in shapes(cut)]
    if by == "reader":
        return [Key(reader=label) if label else None for label in look.read]
    if by == "model":
        return [Key(output=said) if said else None for said in look.said]
    pairs = zip(look.references, look.said, strict=True)
    return [Key(reference=reference, output=said) if said else None for reference, said in pairs]


def ordered(look: Look, found: dict[Key, list[int]]) -> list[Key]:
    """Groups of at least 1% of the beats first; of these, the reference with most disagreements; then by size."""
    differ = Counter(look.references[i] for i in disagreements(look))
    few = FEW * len(look.beats)

    def context(key: Key) -> tuple[bool, int, str, int]:
        return (
            len(found[key]) < few,
            -differ[key.reference] if key.reference else 0,
            _class(look, key),
            -len(found[key]),
        )

    return sorted(found, key=context)


def _class(look: Look, key: Key) -> str:
    """What keeps the groups of one reference together: classes that the model knows come first."""
    return "" if key.reference is None else f"{key.reference not in look.classes:d}{key.reference}"


def _group(look: Look, frame: Frame, cut: Floats, key: Key, members: NDArray[np.int64]) -> GroupResponse:
    shown, mapped = (members[evenly(len(members), wanted)] for wanted in (TRACES, MAPPED))
    before = look.beats.rr(look.record.fs)[0][members]
    said = members[look.outputs.valid[members]]
    return GroupResponse(
        key=str(key),
        reference=key.reference,
        output=key.output,
        reader=key.reader,
        count=len(members),
        samples=look.samples[members].tolist(),
        traces=frame.plain(cut[shown]),
        shown=look.samples[shown].tolist(),
        mean=numbers(mean(cut[members])[:: frame.step], 3),
        probability=number(look.outputs.probabilities[said].max(axis=1).mean(), 4) if len(said) else None,
        references=_counts([look.references[i] for i in members]),
        outputs=_counts([look.said[i] for i in members]),
        rr=number(np.median(before[np.isfinite(before)]), 1) if np.isfinite(before).any() else None,
        mapped=look.samples[mapped].tolist(),
    )


def mean(beats: Floats) -> Floats:
    """Mean [samples] of beats [beats, samples]; NaN where no beat has a value."""
    there = np.isfinite(beats).sum(axis=0)
    total = np.nansum(beats, axis=0, dtype=np.float64)
    return np.where(there > 0, total / np.maximum(there, 1), np.nan).astype(np.float32)


def _counts(symbols: list[str | None]) -> dict[str, int]:
    return dict(Counter(symbol for symbol in symbols if symbol is not None).most_common())
