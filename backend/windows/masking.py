"""Windows and marks without what somebody must not see yet."""

from backend.blinding.hidden import Hidden
from backend.blinding.visibility import SEALED
from backend.windows.schemas import MarksResponse, WindowResponse


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
