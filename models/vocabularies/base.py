"""What a vocabulary is: the labels that marks, classes and readings are written in."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Label:
    """One thing that can be said of a beat, a stretch or a recording."""

    code: str  # as stored: "V", "AFIB"
    name: str  # spelled out
    short: str  # for narrow places
    group: str  # what it counts as: an AAMI class, a kind of rhythm
    colour_group: str  # labels of one colour: "N", "L", "R", "A", "V", "F", "/", "Q"
    key: str | None = None  # that a reader presses; None: chosen from a list


@dataclass(frozen=True)
class Vocabulary:
    """A set of labels that belong together, in their order on the screen."""

    name: str  # "mitbih"
    title: str
    labels: tuple[Label, ...]

    def get(self, code: str | None) -> Label | None:
        """The label of this code; None where it has none."""
        return next((label for label in self.labels if label.code == code), None)

    def name_of(self, code: str) -> str:
        """The label spelled out; the code itself where it is no label."""
        label = self.get(code)
        return label.name if label else code


def table(rows: Sequence[tuple[str, str, str, str, str, str | None]]) -> tuple[Label, ...]:
    """Labels from rows (code, name, short, group, colour group, key)."""
    return tuple(Label(*row) for row in rows)
