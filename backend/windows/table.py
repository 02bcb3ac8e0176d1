"""All windows of a recording as columns, before they are sent as lists or as typed arrays."""

from dataclasses import dataclass, replace
from typing import Any

from pydantic_core import to_json

from backend.blinding.hidden import Hidden
from backend.blinding.visibility import SEALED
from backend.columns import Columns, Form, Numbers, Rows, Words, listed, typed
from backend.windows.schemas import (
    BeatColumns,
    TypedBeatColumns,
    TypedWindowColumns,
    TypedWindowsResponse,
    WindowColumns,
    WindowsResponse,
)


@dataclass(frozen=True)
class WindowTable:
    """The windows of a recording, or of a stretch of it."""

    about: dict[str, Any]  # the answer's fields beside its columns
    starts: Rows  # [windows], of what a label of each is about
    ends: Rows
    note: Words  # why there is no prediction
    shown: Columns  # the other columns of WindowColumns
    beats: Columns | None  # those of BeatColumns; None: the windows lie around no beats

    @property
    def columns(self) -> Columns:
        """The columns of WindowColumns but for the beats'."""
        return {**self.shown, "start": Numbers(self.starts), "end": Numbers(self.ends), "note": self.note}

    def without(self, hidden: Hidden) -> "WindowTable":
        """The same without what is hidden; where the windows are stays to be seen."""
        if not hidden.reference:
            return self
        sealed, unknown = (part.affects(self.starts, self.ends) for part in (hidden.model, hidden.reference))
        said = {name: self.shown[name].without(sealed) for name in ("prediction", "probabilities", "margin")}
        return replace(
            self,
            note=self.note.without(sealed, SEALED),
            shown={**self.shown, **said, "label": self.shown["label"].without(unknown)},
            beats=self.beats and {**self.beats, "aami": self.beats["aami"].without(unknown)},
        )

    def lists(self) -> WindowsResponse:
        """The answer with an object for each value."""
        beats = None if self.beats is None else BeatColumns.model_construct(**listed(self.beats))
        columns = WindowColumns.model_construct(**listed(self.columns), beats=beats)
        return WindowsResponse.model_construct(**self.about, windows=columns)  # checked nowhere: it was made here

    def typed(self) -> TypedWindowsResponse:
        """The answer with a text for each column."""
        beats = None if self.beats is None else TypedBeatColumns(**typed(self.beats))
        columns = TypedWindowColumns(**typed(self.columns), beats=beats)
        return TypedWindowsResponse.model_construct(**self.about, windows=columns)

    def json(self, form: Form) -> bytes:
        """The answer as it is sent."""
        return to_json(self.typed() if form == "typed" else self.lists())
