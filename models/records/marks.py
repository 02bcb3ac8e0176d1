"""What annotators wrote that is no beat: rhythms as stretches, noise and notes as places."""

from collections.abc import Iterable
from itertools import pairwise

from models.records.record import Mark
from models.vocabularies.mitbih import BEATS

RHYTHM_CHANGE, FLUTTER, FLUTTER_END = "+", "[", "]"
Row = tuple[int, str, str]  # sample, symbol, text beside it


def marks_of(annotation: Iterable[Row], samples: int, source: str) -> tuple[Mark, ...]:
    """The marks of a WFDB annotation of a recording of `samples` samples; beats and rows outside are left out.

    A rhythm lasts to the next change of rhythm, flutter to its end mark; the last of each to the recording's end.
    """
    rows = sorted((row for row in annotation if row[1] not in BEATS and 0 <= row[0] < samples), key=lambda row: row[0])
    changes = [row for row in rows if _is_rhythm(row)]
    marks = [
        Mark(start, end, text.strip("( \0"), "rhythm", source, text)
        for (start, _, text), (end, _, _) in pairwise([*changes, (samples, "", "")])
        if start < end
    ]
    ends = [sample for sample, symbol, _ in rows if symbol == FLUTTER_END]
    for sample, symbol, text in (row for row in rows if not _is_rhythm(row) and row[1] != FLUTTER_END):
        end = next((end for end in ends if end > sample), samples) if symbol == FLUTTER else None
        marks.append(Mark(sample, end, symbol, "wfdb", source, text))
    return tuple(sorted(marks, key=lambda mark: mark.start))


def _is_rhythm(row: Row) -> bool:
    """A change of rhythm names it behind a bracket: "(AFIB"."""
    return row[1] == RHYTHM_CHANGE and row[2].startswith("(")
