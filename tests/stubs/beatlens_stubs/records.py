"""Stays in hospital, measured once an hour: one text file for each, and no ECG."""

import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from models.errors import BadRecordError, unknown
from models.records import Annotations, Entry, FolderSource, Mark, Problem, Record

FS = 1 / 3600  # Hz: one value an hour
SUFFIX = ".hourly"


class Hourly(FolderSource):
    """Every `*.hourly` below a folder: how the stay ended, names, units, then a row for each hour; empty is a gap."""

    def __init__(self, folder: Path, slug: str) -> None:
        self.folder, self.slug = folder, slug

    def list(self) -> Iterator[Entry | Problem]:
        """Each file, read whole: it is short."""
        for id, file in self._files().items():
            try:
                found = self._read(id, file)
            except BadRecordError as error:
                yield Problem(error.file, error.reason)
                continue
            shape = {"leads": found.leads, "fs": FS, "samples": found.samples, "kind": "series"}
            yield Entry(id, found.name, self.slug, **shape, file_version=found.sha256)

    def open(self, id: str) -> Record:
        """The stay in memory."""
        files = self._files()
        if id not in files:
            raise unknown("recording", id, tuple(files), f"in {self.slug} there are", "recording")
        return self._read(id, files[id])

    def annotations(self, id: str) -> Annotations | None:
        """None: there are no beats."""
        return None

    def _files(self) -> dict[str, Path]:
        return {f"{self.slug}~{file.stem}": file for file in sorted(self.folder.glob(f"*{SUFFIX}"))}

    def _read(self, id: str, file: Path) -> Record:
        data = file.read_bytes()
        rows = list(csv.reader(data.decode().splitlines()))
        end = rows.pop(0)[0].lstrip("# ") if rows and rows[0][0].startswith("#") else None
        try:
            values = np.array([[float(cell or "nan") for cell in row] for row in rows[2:]], dtype=np.float32)
        except ValueError as error:
            raise BadRecordError(str(file), f"has a cell that is no number: {error}") from error
        whole = (Mark(0, len(values), end, "outcome", "reference (file)"),) if end else ()
        return Record(
            id=id,
            name=file.stem,
            signal=values.T,
            fs=FS,
            leads=tuple(rows[0]),
            units=tuple(rows[1]),
            kind="series",
            marks=whole,
            sha256=hashlib.sha256(data).hexdigest(),
        )
