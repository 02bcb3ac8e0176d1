"""Windows and marks without what somebody must not see yet."""

from collections.abc import Iterable
from typing import TypeVar

from backend.blinding.hidden import Bools, Hidden
from backend.blinding.visibility import SEALED
from backend.windows.schemas import MarksResponse, WindowResponse, WindowsResponse

T = TypeVar("T")


def windows(out: WindowsResponse, hidden: Hidden) -> WindowsResponse:
    """All windows of a recording without what is hidden; where they are stays to be seen."""
    if not hidden.reference:
        return out
    columns = out.windows
    sealed, unknown = (part.affects(columns.start, columns.end) for part in (hidden.model, hidden.reference))
    beats = columns.beats and columns.beats.model_copy(update={"aami": _without(columns.beats.aami, unknown)})
    shown = {
        "beats": beats,
        "label": _without(columns.label, unknown),
        "prediction": _without(columns.prediction, sealed),
        "probabilities": _without(columns.probabilities, sealed),
        "margin": _without(columns.margin, sealed),
        "note": [SEALED if hide else note for note, hide in zip(columns.note, sealed, strict=True)],
    }
    return out.model_copy(update={"windows": columns.model_copy(update=shown)})


def window(out: WindowResponse, hidden: Hidden) -> WindowResponse:
    """One window without what is hidden; its signal stays to be seen."""
    changed: dict[str, object] = {}
    if hidden.reference.affects([out.start], [out.end])[0]:
        beat = out.beat and out.beat.model_copy(update={"aami": None})
        changed |= {"label": None, "name": None, "beat": beat}
    if hidden.model.affects([out.start], [out.end])[0]:
        changed |= {"prediction": None, "note": SEALED}
    return out.model_copy(update=changed)


def marks(out: MarksResponse, hidden: Hidden) -> MarksResponse:
    """The marks but for those over anything whose reference is hidden."""
    ends = [mark.start + 1 if mark.end is None else mark.end for mark in out.marks]
    unknown = hidden.reference.affects([mark.start for mark in out.marks], ends)
    return out.model_copy(update={"marks": [mark for mark, hide in zip(out.marks, unknown, strict=True) if not hide]})


def _without(values: Iterable[T | None], hide: Bools) -> list[T | None]:
    return [None if gone else value for value, gone in zip(values, hide, strict=True)]
