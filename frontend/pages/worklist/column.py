"""A column of the worklist: one object that says what its cells hold, how they are ordered, found and exported."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as with_default
from typing import Any

from frontend.api import JSON

Of = Callable[[JSON], Any]  # of a recording, as the service sends it


@dataclass(frozen=True)
class Column:
    """A column. A cell with a drawing of its own names its function in assets/pages/worklist/cells.js."""

    field: str
    header: str
    order: int
    width: int  # px
    value: Of  # what a cell shows is one value, so that the grid draws it anew when any of it changes
    renderer: str | None = None
    compare: Of | None = None  # a number or a text by which it is sorted; None: the value
    csv: tuple[tuple[str, Of], ...] | None = None  # the file's columns; None: the header and the value
    words: Callable[[JSON], Iterable[str]] | None = None  # what the search reads
    options: Mapping[str, Any] = with_default(default_factory=dict)  # AG Grid's own

    @property
    def exported(self) -> tuple[tuple[str, Of], ...]:
        """Header and value of each column of the file."""
        return ((self.header, self.value),) if self.csv is None else self.csv

    def definitions(self) -> list[JSON]:
        """The column as AG Grid takes it, and behind it, out of sight, those of the file."""
        shown: JSON = {"headerName": self.header, "field": self.field, "width": self.width}
        shown |= {"comparator": {"function": f"by('{self.field}')"}, **self.options}
        if self.renderer:
            shown["cellRenderer"] = self.renderer
        hidden = [
            {"headerName": header, "field": f"csv.{self.field}_{i}", "hide": True, "context": {"csv": True}}
            for i, (header, _) in enumerate(self.exported)
        ]
        return [shown, *hidden]

    def written(self, entry: JSON) -> JSON:
        """What the file says of a recording, by the names of `definitions`."""
        return {f"{self.field}_{i}": value(entry) for i, (_, value) in enumerate(self.exported)}


def said(entry: JSON) -> JSON:
    """What the model says of a recording, as far as it is known."""
    return entry.get("output") or {}


LARGEST_FIRST = {"sortingOrder": ["desc", "asc"]}
RIGHT = {"type": "rightAligned"}
WIDE = {"context": {"wide": True}}  # gives way on a tablet; assets/pages/worklist/narrow.js hides it
