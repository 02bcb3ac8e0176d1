"""Answers without what somebody must not see yet."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from backend.bulk.schemas import BulkResults
from backend.groups.look import Look
from backend.predictions.service import Outputs
from backend.recordings.schemas import BeatColumns, BeatResponse, BeatsResponse, OutputCounts, Recording, Recordings
from backend.recordings.summary import Summaries
from backend.sessions.blind import HERE, SEALED, Bools, Hidden, Visibility

T = TypeVar("T")


def beats(out: BeatsResponse, hidden: Hidden) -> BeatsResponse:
    """All beats of a recording; where they are stays to be seen."""
    if not hidden.reference:
        return out
    columns, sealed, unknown = out.beats, hidden.models(out.beats.sample), hidden.references(out.beats.sample)
    shown = BeatColumns(
        sample=columns.sample,
        time=columns.time,
        r=columns.r,
        rr=columns.rr,
        symbol=_without(columns.symbol, unknown),
        aami=_without(columns.aami, unknown),
        prediction=_without(columns.prediction, sealed),
        probabilities=_without(columns.probabilities, sealed),
        margin=_without(columns.margin, sealed),
        note=[SEALED if hide else note for note, hide in zip(columns.note, sealed, strict=True)],
    )
    return out.model_copy(update={"beats": shown})


def beat(out: BeatResponse, hidden: Hidden) -> BeatResponse:
    """One beat; its signal stays to be seen."""
    changed: dict[str, object] = {}
    if hidden.references([out.sample])[0]:
        changed |= {"symbol": None, "name": None, "aami": None}
    if hidden.models([out.sample])[0]:
        changed |= {"prediction": None, "note": SEALED}
    return out.model_copy(update=changed)


def row(out: Recording, visibility: Visibility, sha256: str) -> Recording:
    """A recording without its sums, where one of its beats is hidden: they would tell what the others leave over."""
    if not visibility.affects(out.id, sha256):
        return out
    output = OutputCounts(seen=out.output.seen, trouble=HERE) if out.output else None
    return out.model_copy(update={"counts": None, "output": output})


def worklist(out: Recordings, visibility: Visibility, summaries: Summaries) -> Recordings:
    """The list of recordings."""
    if visibility.free:
        return out
    rows = [row(entry, visibility, summaries.known(entry.id).sha256) for entry in out.recordings]
    return out.model_copy(update={"recordings": rows})


def explained(out: BulkResults, visibility: Visibility, id: str) -> BulkResults:
    """Which explanations there are, of beats that are not hidden; from now on they may be asked for."""
    if visibility.free:
        return out
    sha256 = visibility.recording_of(id)
    pairs = zip(out.samples, out.ids, visibility.of(sha256).models(out.samples), strict=True)
    shown = [(sample, found) for sample, found, hide in pairs if not hide]
    for sample, found in shown:
        if found is not None:
            visibility.known.note(found, (sha256, frozenset([sample])))
    return BulkResults(samples=[sample for sample, _ in shown], ids=[found for _, found in shown])


def look(out: Look, hidden: Hidden) -> Look:
    """What groups and queues are made of: a hidden beat has neither reference nor output, and so stands in none."""
    if not hidden.reference:
        return out
    valid = out.outputs.valid & ~hidden.models(out.samples)
    return replace(out, outputs=Outputs(out.outputs.probabilities, valid), unreferenced=hidden.references(out.samples))


def _without(values: Iterable[T | None], hide: Bools) -> list[T | None]:
    return [None if gone else value for value, gone in zip(values, hide, strict=True)]
