"""Recordings that are one file each: EDF(+) and CSV."""

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.errors import BadRecordError, unknown
from models.records import csv_reading, edf_reading
from models.records.record import Annotations, Record
from models.records.source import Entry, Problem
from models.records.stated import Stated
from models.records.wfdb_folder import slugify, unused

Read = Callable[[Path], tuple[NDArray[np.float32], Annotations | None]]


@dataclass(frozen=True)
class Kind:
    """A kind of file: what it says of itself, and what it holds."""

    describe: Callable[[Path], Stated]
    read: Read


EDF, CSV = Kind(edf_reading.describe, edf_reading.read), Kind(csv_reading.describe, csv_reading.read)
KINDS = {".edf": EDF, ".csv": CSV}  # by suffix; another kind is another line


class OneFileFolder:
    """Every file below one folder that is a recording by its suffix."""

    def __init__(self, folder: Path, slug: str, kinds: dict[str, Kind]) -> None:
        self.folder, self.slug, self.kinds = folder.resolve(), slug, kinds
        self._paths: dict[str, Path] = {}

    def list(self) -> Iterator[Entry | Problem]:
        """Every recording by what its file says of itself."""
        self._paths = {}
        for path in self._files():
            parts = path.relative_to(self.folder).parts
            id = unused("~".join((self.slug, *map(slugify, parts))), self._paths)
            try:
                stated = self._kind(path).describe(path)
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
                annotated=stated.annotated,
                age=stated.age,
                sex=stated.sex,
                stamp=_stamp(path),
            )

    def open(self, id: str) -> Record:
        """The recording in memory; NotFoundError for an id not listed, BadRecordError for an unreadable file."""
        path = self._path(id)
        stated = self._kind(path).describe(path)
        signal, annotations = self._kind(path).read(path)
        for name, lead in zip(stated.leads, signal, strict=True):
            if np.isnan(lead).all():
                raise BadRecordError(str(path), f"lead {name} has no valid sample")
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return Record(
            id=id,
            name=path.stem,
            signal=signal,
            fs=stated.fs,
            leads=stated.leads,
            comments=stated.comments,
            annotations=annotations,
            sha256=sha256,
        )

    def annotations(self, id: str) -> Annotations | None:
        """The beats that the file names; None where there are none."""
        path = self._path(id)
        kind = self._kind(path)
        return kind.read(path)[1] if kind.describe(path).annotated else None

    def _files(self) -> Sequence[Path]:
        found = (path for path in self.folder.rglob("*") if path.suffix.lower() in self.kinds)
        return sorted(path for path in found if path.is_file() and path.resolve().is_relative_to(self.folder))

    def _kind(self, path: Path) -> Kind:
        return self.kinds[path.suffix.lower()]

    def _path(self, id: str) -> Path:
        """Only listed files are ever opened, so an id cannot lead out of the folder."""
        if id not in self._paths:
            deque(self.list(), maxlen=0)
        if id not in self._paths:
            raise unknown("recording", id, tuple(self._paths)[:20], f"in {self.slug} there are", "recording")
        return self._paths[id]


def _stamp(path: Path) -> str:
    """Hash of name, size and time of change: what can be known without reading."""
    found = path.stat()
    return hashlib.sha256(f"{path.name} {found.st_size} {found.st_mtime_ns}".encode()).hexdigest()
