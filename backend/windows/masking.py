"""Beats without what somebody must not see yet."""

from collections.abc import Iterable
from typing import TypeVar

from backend.blinding.hidden import Bools, Hidden
from backend.blinding.visibility import SEALED
from backend.windows.schemas import BeatColumns, BeatResponse, BeatsResponse

T = TypeVar("T")


def beats(out: BeatsResponse, hidden: Hidden) -> BeatsResponse:
    """All beats of a recording without what is hidden; where they are stays to be seen."""
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
    """One beat without what is hidden; its signal stays to be seen."""
    changed: dict[str, object] = {}
    if hidden.references([out.sample])[0]:
        changed |= {"symbol": None, "name": None, "aami": None}
    if hidden.models([out.sample])[0]:
        changed |= {"prediction": None, "note": SEALED}
    return out.model_copy(update=changed)


def _without(values: Iterable[T | None], hide: Bools) -> list[T | None]:
    return [None if gone else value for value, gone in zip(values, hide, strict=True)]
