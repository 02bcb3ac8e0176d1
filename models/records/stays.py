"""Stays in hospital as recordings: what was measured, when; nothing where nothing was measured."""

import hashlib
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from models.errors import BadRecordError, unknown
from models.records.links import search
from models.records.record import Annotations, Mark, Record
from models.records.source import Entry, Problem
from models.records.stay_variables import BY_NAME, Variable
from models.records.wfdb_folder import slugify, unused

FS = 1 / 60  # Hz: a value has its minute
HOURS = 48
MINUTES = HOURS * 60
LARGEST = 1 << 24  # bytes of a file that is a stay


class Measurement(NamedTuple):
    """One value of one variable, as the file has both."""

    minute: float  # since admission
    name: str
    value: float  # NaN: not readable as a number


@dataclass(frozen=True)
class Stay:
    """What one file says."""

    name: str
    measurements: tuple[Measurement, ...]  # in the file's order
    died: bool | None = None
    outcome_from: str = ""  # "Outcomes-a.txt"
    patient: str | None = None
    comments: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    credit: str = ""


@dataclass(frozen=True)
class Heading:
    """What is listed of a stay before it is read."""

    name: str
    comments: tuple[str, ...] = ()
    age: int | None = None  # years
    sex: str | None = None  # "M" or "F"
    credit: str = ""


def record(id: str, stay: Stay, variables: Sequence[Variable], sha256: str) -> Record:
    """The first 48 hours, a sample a minute [variables, 2880]: NaN wherever nothing was measured.

    A value that cannot be, a time outside and a name that is not known are left out; a note says so for each.
    """
    rows = {variable: row for row, variable in enumerate(variables)}
    signal = np.full((len(variables), MINUTES), np.nan, dtype=np.float32)
    said: Counter[str] = Counter()
    wrong: dict[Variable, list[float]] = {}
    for minute, name, value in stay.measurements:
        variable = BY_NAME.get(name)
        if variable is None or variable not in rows:
            said[f"{name}: not a variable that is known here"] += 1
        elif not 0 <= minute <= MINUTES:
            said["outside of the first 48 hours"] += 1
        elif not variable.possible[0] <= value <= variable.possible[1]:  # NaN is neither
            wrong.setdefault(variable, []).append(value)
        else:
            at = rows[variable], min(int(minute), MINUTES - 1)
            said["another value of the same minute, the last being read"] += int(not np.isnan(signal[at]))
            signal[at] = value
    whole = () if stay.died is None else (_outcome(stay.died, stay.outcome_from),)
    return Record(
        id=id,
        name=stay.name,
        signal=signal,
        fs=FS,
        leads=tuple(variable.name for variable in variables),
        units=tuple(variable.unit for variable in variables),
        comments=stay.comments,
        notes=(*stay.notes, *_notes(said, wrong)),
        marks=whole,
        kind="series",
        sha256=sha256,
        patient=stay.patient,
        credit=stay.credit,
    )


def _outcome(died: bool, table: str) -> Mark:
    return Mark(0, MINUTES, "died" if died else "survived", "outcome", f"reference ({table})")


def _notes(said: Counter[str], wrong: dict[Variable, list[float]]) -> list[str]:
    """What was left out, a sentence each."""
    impossible = [
        f"{variable.name}: {len(values)} left out, outside of {variable.possible[0]:g} to {variable.possible[1]:g} "
        f"{variable.unit}".rstrip()
        + f": {', '.join(f'{value:g}' for value in dict.fromkeys(values[:5]))}"
        for variable, values in wrong.items()
    ]
    return impossible + [f"{count} left out: {reason}" for reason, count in said.items() if count]


class StayFiles:
    """Every file below one folder that is a stay: what the kinds of such files share."""

    suffix: str
    variables: tuple[Variable, ...]

    def __init__(self, folder: Path, slug: str) -> None:
        self.folder, self.slug = folder.expanduser().resolve(), slug
        self._paths: dict[str, Path] = {}

    def is_stay(self, file: Path) -> bool:
        """Whether a file of the suffix is one, by its name or its first line."""
        raise NotImplementedError

    def heading(self, file: Path) -> Heading:
        """What its first lines and its name say."""
        raise NotImplementedError

    def stay(self, file: Path) -> Stay:
        """All that it says; BadRecordError names the line that cannot be read."""
        raise NotImplementedError

    def list(self) -> Iterator[Entry | Problem]:
        """Every stay by its first lines."""
        self._paths = {}
        for file in search(self.folder, (self.suffix,)).files:
            try:
                if not self.is_stay(file):
                    continue
                heading, found = self.heading(file), file.stat()
            except (BadRecordError, OSError) as error:
                yield Problem(str(file), getattr(error, "reason", str(error)))
                continue
            parts = file.relative_to(self.folder).with_suffix("").parts
            id = unused("~".join((self.slug, *map(slugify, parts))), self._paths)
            self._paths[id] = file
            version = hashlib.sha256(f"{file.name} {found.st_size} {found.st_mtime_ns}".encode()).hexdigest()
            names = tuple(variable.name for variable in self.variables)
            yield Entry(
                id, heading.name, self.slug, names, FS, MINUTES, heading.comments, "series",
                annotated=False, credit=heading.credit, age=heading.age, sex=heading.sex, file_version=version,
            )  # fmt: skip

    def open(self, id: str) -> Record:
        """The stay in memory; NotFoundError for an id not listed, BadRecordError for an unreadable file."""
        if id not in self._paths:
            deque(self.list(), maxlen=0)
        if id not in self._paths:
            raise unknown("recording", id, tuple(self._paths)[:20], f"in {self.slug} there are", "recording")
        return self.read(id, self._paths[id])

    def read(self, id: str, file: Path) -> Record:
        """The stay in a file that is one."""
        data = file.read_bytes()
        if len(data) > LARGEST:
            raise BadRecordError(str(file), f"has {len(data)} bytes: a stay has at most {LARGEST}")
        return record(id, self.stay(file), self.variables, hashlib.sha256(data).hexdigest())

    def annotations(self, id: str) -> Annotations | None:
        """None: there are no beats."""
        return None


def nearest(file: Path, root: Path, find: Callable[[Path], Path | None]) -> Path | None:
    """What `find` finds in the nearest folder between a file and `root`."""
    folders: Iterable[Path] = (one for one in file.parents if one == root or one.is_relative_to(root))
    return next((found for one in folders if (found := find(one)) is not None), None)
