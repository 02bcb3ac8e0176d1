"""Annotations to the bytes of a WFDB annotation file."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import wfdb

from models.errors import InvalidError
from models.vocabularies.mitbih import BEATS

COMMENT = '"'  # WFDB's symbol for a mark that is none of its kinds; the auxiliary text says what it is
LONGEST = 254  # bytes of auxiliary text


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
    if not marks:
        raise InvalidError("There is no annotation to write")
    ordered = sorted(marks, key=lambda mark: mark.sample)
    with tempfile.TemporaryDirectory() as folder:
        wfdb.wrann(
            "record",
            "ann",
            np.array([mark.sample for mark in ordered], np.int64),
            symbol=[mark.label if mark.label in BEATS else COMMENT for mark in ordered],
            aux_note=[text_of(mark) for mark in ordered],
            fs=fs,
            write_dir=folder,
        )
        return (Path(folder) / "record.ann").read_bytes()


def text_of(mark: Mark) -> str:
    """The auxiliary text of a mark."""
    parts = ([] if mark.label in BEATS else [mark.label]) + ([mark.note] if mark.note else [])
    plain = "; ".join(parts).encode("ascii", "replace").decode()
    return "".join(letter if letter.isprintable() else " " for letter in plain)[:LONGEST].rstrip()
