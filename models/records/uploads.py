"""Recordings that people sent: one folder for each upload, of WFDB, EDF or CSV files."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from models.errors import unknown
from models.records.folder import Folder, kinds
from models.records.one_file import CSV, EDF, OneFileFolder
from models.records.record import Annotations, Record
from models.records.source import Entry, Problem

SLUG = "uploads"
OTHERS = {".edf": EDF, ".bdf": EDF}  # BDF is refused by name
TOKEN = re.compile(r"[0-9a-f]{12,32}")


class Upload(Folder):
    """One folder of files of any kind. Tables beside WFDB or EDF files, as data sets bring them, are no recordings."""

    def __init__(self, folder: Path, slug: str) -> None:
        others = any(path.suffix.lower() in (".hea", *OTHERS) for path in folder.rglob("*"))
        one_file = OneFileFolder(folder, slug, OTHERS if others else {".csv": CSV})
        super().__init__(slug, [*(kind(folder, slug) for kind in kinds()), one_file])

    def list(self) -> Iterator[Entry | Problem]:
        """Every recording by its header."""
        for found in super().list():
            yield found if isinstance(found, Problem) else replace(found, source=SLUG)


class Uploads:
    """Every upload of one folder; what is moved into it whole is there, what is moved out is gone."""

    slug = SLUG

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._uploads: dict[str, Upload] = {}

    def list(self) -> Iterator[Entry | Problem]:
        """Every recording of every upload."""
        self._uploads = {token: Upload(self.folder / token, slug_of(token)) for token in tokens(self.folder)}
        for upload in self._uploads.values():
            yield from upload.list()

    def open(self, id: str) -> Record:
        """The recording in memory; NotFoundError for an id not listed, BadRecordError for an unreadable file."""
        return self._upload(id).open(id)

    def annotations(self, id: str) -> Annotations | None:
        """The beat annotations without reading the signal; None where there are none."""
        return self._upload(id).annotations(id)

    def _upload(self, id: str) -> Upload:
        token = id.split("~")[1] if id.startswith(f"{SLUG}~") else ""
        if token not in self._uploads:
            raise unknown("recording", id, (), f"in {SLUG} there are", "recording")
        return self._uploads[token]


def tokens(folder: Path) -> tuple[str, ...]:
    """The uploads that are there, by name."""
    if not folder.is_dir():
        return ()
    return tuple(sorted(path.name for path in folder.iterdir() if TOKEN.fullmatch(path.name)))


def slug_of(token: str) -> str:
    """What the ids of an upload's recordings begin with."""
    return f"{SLUG}~{token}"
