"""Rhythms to the bytes of a WFDB annotation file: a change of rhythm where each begins, as MIT-BIH writes them."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.errors import InvalidError
from models.records.marks import RHYTHM_CHANGE
from models.records.wfdb_writing import file_bytes

UNREAD = "UNREAD"  # from the end of a rhythm to the next one that somebody named
NAMES = {"cinc2017": {"A": "AFIB", "~": "NOISE"}}  # vocabulary → its codes that WFDB calls otherwise
OTHERS = {"artefact": "NOISE", "cannot say": UNREAD}  # what can be said of any window


@dataclass(frozen=True)
class Rhythm:
    """A stretch and what somebody calls it."""

    start: int  # sample, at the record's fs
    end: int  # the sample after the last
    label: str
    vocabulary: str

    @property
    def name(self) -> str:
        """As WFDB writes it behind the bracket."""
        return OTHERS.get(self.label) or NAMES.get(self.vocabulary, {}).get(self.label, self.label)


def changes(rhythms: Sequence[Rhythm]) -> list[tuple[int, str]]:
    """Each sample from which another rhythm holds, and its name.

    Of rhythms that overlap the one with the later start holds, of two with one start the shorter; where it ends the
    other goes on: a run of AF that was marked within a window called normal.
    """
    found: list[tuple[int, str]] = []
    for at in sorted({edge for rhythm in rhythms for edge in (rhythm.start, rhythm.end)}):
        holding = [rhythm for rhythm in rhythms if rhythm.start <= at < rhythm.end]
        name = max(holding, key=lambda one: (one.start, -one.end)).name if holding else UNREAD
        if not found or found[-1][1] != name:
            found.append((at, name))
    return found


def rhythm_bytes(rhythms: Sequence[Rhythm], samples: int, fs: float) -> bytes:
    """A file from which `wfdb.rdann` reads the changes of rhythm of a recording of `samples` samples at `fs` Hz.

    Each is a "+" whose text is the rhythm's name behind a bracket: "(AFIB". InvalidError where there is no rhythm.
    """
    found = [(at, name) for at, name in changes(rhythms) if at < samples]
    if not found:
        raise InvalidError("There is no reading of a rhythm to write: label a window first")
    return file_bytes([(at, RHYTHM_CHANGE, f"({name}") for at, name in found], fs)
