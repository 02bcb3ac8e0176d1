"""The annotations of an EDF+ file: time-stamped lists in its data records. Format: edfplus.info/specs/edfplus.html."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from models.records.text import decoded

_STAMP = re.compile(rb"([-+]\d{1,12}(?:\.\d{0,12})?)(?:\x15(\d{1,12}(?:\.\d{0,12})?))?\x14")


@dataclass(frozen=True)
class EdfMark:
    """One annotation."""

    onset: float  # s from the file's start time
    text: str
    duration: float = 0.0  # s; 0 where none is stated: a place


@dataclass
class Lists:
    """What the annotation signals of all data records hold."""

    starts: list[float]  # s of each data record; NaN where it states none
    marks: list[EdfMark]
    garbled: int  # lists that cannot be read
    foreign: int  # texts that are not UTF-8


def read_lists(records: Iterator[list[bytes]]) -> Lists:
    """The lists of each data record, as the bytes of its annotation signals."""
    found = Lists([], [], 0, 0)
    for signals in records:
        start = math.nan
        for index, data in enumerate(signals):
            for position, part in enumerate(part for part in data.split(b"\x00") if part):
                match = _STAMP.match(part)
                if match is None:
                    found.garbled += 1
                    continue
                texts = part[match.end() :].split(b"\x14")[:-1]
                onset, duration = float(match[1]), float(match[2] or 0)
                if index == 0 and position == 0 and texts and not texts[0]:
                    start, texts = onset, texts[1:]  # the first list of a record keeps its time
                _add(found, onset, duration, texts)
        found.starts.append(start)
    return found


def _add(found: Lists, onset: float, duration: float, texts: list[bytes]) -> None:
    for text in texts:
        try:
            text.decode("utf-8")
        except UnicodeDecodeError:
            found.foreign += 1
        if words := decoded(text).strip():
            found.marks.append(EdfMark(onset, words, duration))
