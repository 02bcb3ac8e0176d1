"""The marks of a WFDB annotation file. Format: annot(5) of the WFDB manual."""

import math
import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from sys import byteorder

from models.errors import BadRecordError
from models.records.text import decoded

CODES = dict(enumerate(' NLRaVFJASEj/Q~ | sT*D"=pB^t+u?![]en@xf()r'))  # annotation code → symbol
SKIP, NUM, SUB, CHN, AUX = 59, 60, 61, 62, 63
NOTE = '"'
_CLOCK = re.compile(r"##\s*time resolution:\s*(\S+)")
_AHA = set(b"NVFEPQRO[]U")  # codes of the other format that has been called an annotation file


@dataclass(frozen=True)
class Mark:
    """One mark as the file has it."""

    time: int  # in the file's own clock
    symbol: str
    text: str = ""

    @property
    def says_something(self) -> bool:
        """Whether it is more than a filler, or the note of the file's clock."""
        return bool(self.symbol.strip()) and not (self.symbol == NOTE and _CLOCK.match(self.text))


@dataclass(frozen=True)
class Marks:
    """All marks of a file, in its order."""

    marks: tuple[Mark, ...]
    clock: float | None  # Hz; None: that of the record's frames
    whole: bool  # the end mark is there
    foreign: tuple[int, ...] = ()  # codes of marks that annot(5) leaves to users


def read_marks(file: Path) -> Marks:
    """The marks of `file`; BadRecordError where it is no annotation file, or states a clock that is none."""
    data = file.read_bytes()
    if len(data) >= 16 and not any(data[0::16]) and set(data[1::16]) <= _AHA:
        raise BadRecordError(str(file), "is an annotation file in AHA format: convert it to MIT format (rdann, wrann)")
    decoder = _Decoder(data)
    marks = tuple(decoder.marks())
    if data and not marks and not decoder.whole:
        raise BadRecordError(str(file), f"is no annotation file: {len(data)} bytes and no whole mark")
    return Marks(marks, _clock(file, marks), decoder.whole, tuple(decoder.foreign))


def _clock(file: Path, marks: tuple[Mark, ...]) -> float | None:
    """The clock that a note at the start states, in Hz."""
    for mark in marks:
        match = _CLOCK.match(mark.text) if mark.symbol == NOTE else None
        if match:
            try:
                clock = float(match[1])
            except ValueError:
                clock = math.nan
            if not 0 < clock < 1e9:
                raise BadRecordError(str(file), f"time resolution {match[1][:40]!r}: expected a number of Hz, like 360")
            return clock
    return None


class _Decoder:
    """Words of 16 bits: a code above a step of time, or a code that says what its words or bytes mean."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._words = array("H", data[: len(data) // 2 * 2])
        if byteorder == "big":
            self._words.byteswap()
        self.whole = False
        self.foreign: list[int] = []

    def marks(self) -> Iterator[Mark]:
        """Every mark that is whole, with the text that follows it."""
        time, at, pending = 0, 0, None
        while at < len(self._words):
            code, step = self._words[at] >> 10, self._words[at] & 0x3FF
            at += 1
            if code == 0 and step == 0:
                self.whole = True
                break
            if code == SKIP:
                time += self._long(at)
                at += 2
            elif code == AUX:
                text = self._data[2 * at : 2 * at + step]
                at += (step + 1) // 2
                if pending is not None:
                    pending = Mark(pending.time, pending.symbol, decoded(text.split(b"\0")[0]).strip())
            elif code not in (NUM, SUB, CHN):
                if pending is not None:
                    yield pending
                time += step
                pending = Mark(time, CODES.get(code, " "))
                self.foreign += [code] if code and not pending.symbol.strip() else []
        if pending is not None:
            yield pending

    def _long(self, at: int) -> int:
        """A signed number in two words, the higher one first; 0 where they are cut off."""
        if at + 2 > len(self._words):
            return 0
        value = self._words[at] << 16 | self._words[at + 1]
        return value - (1 << 32) if value >= 1 << 31 else value
