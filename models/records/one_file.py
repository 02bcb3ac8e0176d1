"""Recordings that are one file each: EDF(+) and CSV."""

import hashlib
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from models.errors import BadRecordError, DomainError, unknown
from models.records import csv_reading, edf_reading
from models.records.links import search
from models.records.record import Annotations, Mark, Record
from models.records.source import Entry, Problem
from models.records.stated import Stated, check_plausible
from models.records.wfdb_folder import slugify, unused

Read = Callable[[Path], tuple[NDArray[np.float32], Annotations | None]]
T = TypeVar("T")


@dataclass(frozen=True)
class Kind:
    """A kind of file: what it says of itself, and what it holds."""

    describe: Callable[[Path], Stated]
    read: Read
    annotations: Callable[[Path], Annotations | None]
    marks: Callable[[Path], tuple[Mark, ...]]


EDF = Kind(edf_reading.describe, edf_reading.read, edf_reading.annotations, edf_reading.marks)
CSV = Kind(csv_reading.describe, csv_reading.read, lambda _: None, lambda _: ())  # it names no beats
KINDS = {".edf": EDF, ".csv": CSV}  # by suffix; another kind is another line


class OneFileFolder:
    """Every file below one folder that is a recording by its suffix."""

    def __init__(self, folder: Path, slug: str, kinds: dict[str, Kind]) -> None:
        self.folder, self.slug, self.kinds = folder.resolve(), slug, kinds
        self._paths: dict[str, Path] = {}

    def list(self) -> Iterator[Entry | Problem]:
        """Every recording by what its file says of itself."""
        self._paths = {}
        found = search(self.folder, self.kinds)
        yield from found.problems()
        for path in found.files:
            parts = path.relative_to(self.folder).parts
            id = unused("~".join((self.slug, *map(slugify, parts))), self._paths)
            try:
                stated = _guarded(path, self._kind(path).describe)
            except BadRecordError as error:
                yield Problem(error.file, error.reason)
                continue
            self._paths[id] = path
            yield Entry(
                id=id,
                name=path.stem,
                source=self.slug,
                leads=stated.leads,
                fs=stated.fs,
                samples=stated.samples,
                comments=stated.comments,
                notes=stated.notes,
                annotated=stated.annotated,
                age=stated.age,
                sex=stated.sex,
                file_version=_file_version(path),
            )

    def open(self, id: str) -> Record:
        """The recording in memory; NotFoundError for an id not listed, BadRecordError for an unreadable file."""
        path = self._path(id)
        stated = _guarded(path, self._kind(path).describe)
        signal, annotations = _guarded(path, self._kind(path).read)
        found = check_plausible(signal, stated.leads, stated.fs, str(path))
        return Record(
            id=id,
            name=path.stem,
            signal=signal,
            fs=stated.fs,
            leads=stated.leads,
            comments=stated.comments,
            notes=stated.notes + found,
            annotations=annotations,
            marks=_guarded(path, self._kind(path).marks),
            sha256=_guarded(path, _sha256),
        )

    def annotations(self, id: str) -> Annotations | None:
        """The beats that the file names; None where there are none."""
        path = self._path(id)
        return _guarded(path, self._kind(path).annotations)

    def _kind(self, path: Path) -> Kind:
        return self.kinds[path.suffix.lower()]

    def _path(self, id: str) -> Path:
        """Only listed files are ever opened, so an id cannot lead out of the folder."""
        if id not in self._paths:
            deque(self.list(), maxlen=0)
        if id not in self._paths:
            raise unknown("recording", id, tuple(self._paths)[:20], f"in {self.slug} there are", "recording")
        return self._paths[id]


def _guarded(path: Path, read: Callable[[Path], T]) -> T:
    """The value of `read`; whatever goes wrong inside becomes a BadRecordError naming `path`."""
    try:
        return read(path)
    except DomainError:
        raise
    except Exception as error:  # a file can be wrong in more ways than a reader foresees
        raise BadRecordError(str(path), f"cannot be read ({error or type(error).__name__})") from error


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _file_version(path: Path) -> str:
    """Hash of name, size and time of change: what can be known without reading."""
    found = path.stat()
    return hashlib.sha256(f"{path.name} {found.st_size} {found.st_mtime_ns}".encode()).hexdigest()
