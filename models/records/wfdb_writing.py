"""Annotations to the bytes of a WFDB annotation file. Format: annot(5) of the WFDB manual."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.errors import InvalidError
from models.records.wfdb_annotations import AUX, CODES, NOTE, SKIP
from models.vocabularies.mitbih import BEATS

COMMENT = NOTE  # WFDB's symbol for a mark that is none of its kinds; the auxiliary text says what it is
LONGEST = 254  # bytes of auxiliary text
STEP = 1023  # the longest step of time that lies beside a code
_CODE = {symbol: code for code, symbol in CODES.items()}
_END = struct.pack("<H", 0)
Row = tuple[int, str, str]  # sample at the record's fs, WFDB's symbol, auxiliary text


@dataclass(frozen=True)
class Mark:
    """One beat and what somebody calls it."""

    sample: int  # at the record's fs
    label: str
    note: str = ""


def annotation_bytes(marks: Sequence[Mark], fs: float) -> bytes:
    """A file from which `wfdb.rdann` reads the same samples, symbols and texts.

    A label that is a beat symbol of MIT-BIH becomes that symbol with the note as its text; any other becomes a comment
    mark whose text is the label, followed by the note. Text is ASCII, and cut after 254 bytes. InvalidError for none.
    """
    ordered = sorted(marks, key=lambda mark: mark.sample)
    return file_bytes(
        [(mark.sample, mark.label if mark.label in BEATS else COMMENT, text_of(mark)) for mark in ordered], fs
    )


def file_bytes(rows: Sequence[Row], fs: float) -> bytes:
    """A file of rows in the order of their samples. InvalidError for none."""
    if not rows:
        raise InvalidError("There is no annotation to write")
    return b"".join(_mark(0, NOTE, f"## time resolution: {fs:.10g}")) + b"".join(_steps(rows)) + _END


def text_of(mark: Mark) -> str:
    """The auxiliary text of a mark."""
    return "; ".join(([] if mark.label in BEATS else [mark.label]) + ([mark.note] if mark.note else []))


def _steps(rows: Sequence[Row]) -> Iterator[bytes]:
    before = 0
    for sample, symbol, text in rows:
        yield from _mark(sample - before, symbol, text)
        before = sample


def _mark(step: int, symbol: str, text: str) -> Iterator[bytes]:
    """A mark so many samples after the one before it, and its text, filled up to a whole word."""
    if step > STEP:
        yield struct.pack("<HHH", SKIP << 10, step >> 16, step & 0xFFFF)
        step = 0
    yield struct.pack("<H", _CODE[symbol] << 10 | step)
    if data := _plain(text):
        yield struct.pack("<H", AUX << 10 | len(data)) + data + bytes(len(data) % 2)


def _plain(text: str) -> bytes:
    """As much of a text as an annotation holds: ASCII that can be printed."""
    ascii = text.encode("ascii", "replace").decode()
    return "".join(letter if letter.isprintable() else " " for letter in ascii)[:LONGEST].rstrip().encode()
