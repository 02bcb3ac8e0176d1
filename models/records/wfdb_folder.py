"""A folder of WFDB records, searched recursively."""

import re
from collections import deque
from collections.abc import Container, Iterator, Sequence
from pathlib import Path

from models.errors import BadRecordError, unknown
from models.records.links import search
from models.records.record import Annotations, Record
from models.records.record_labels import label_of
from models.records.source import Entry, FolderSource, Problem
from models.records.wfdb_reading import (
    Header,
    checksum,
    file_version,
    guarded,
    read_annotations,
    read_header,
    read_signal,
)

_DEMOGRAPHICS = re.compile(r"^(-?\d+)\s+([MF])\b", re.IGNORECASE)  # MIT-BIH: "69 M 1085 1629 x1"
_AGE = re.compile(r"\bage>?\s*:?\s*(\d+)", re.IGNORECASE)  # LUDB "<age>: 51", PTB "age: 81"
_SEX = re.compile(r"\b(?:sex|gender)>?\s*:?\s*([MF])", re.IGNORECASE)


class WfdbFolder(FolderSource):
    """Every record under one folder whose header can be read."""

    def __init__(self, folder: Path, slug: str | None = None) -> None:
        self.folder = folder.expanduser().resolve()
        self.slug = slug or slugify(self.folder.name) or "recordings"
        self._files: dict[str, Path] = {}

    def list(self) -> Iterator[Entry | Problem]:
        """Every recording from its header alone; segments of a larger record are not listed by themselves."""
        if not self.folder.is_dir():
            yield Problem(str(self.folder), "is not a folder")
            return
        headers: list[Header] = []
        problems: list[tuple[Path, Problem]] = []
        found = search(self.folder, (".hea",))
        for file in found.files:
            try:
                headers.append(read_header(file))
            except BadRecordError as error:
                problems.append((file, Problem(error.file, error.reason)))
        parts = {segment for header in headers for segment in header.segments}
        self._files = self._ids([header.file for header in headers if header.file not in parts])
        ids = {file: id for id, file in self._files.items()}
        yield from (self._entry(ids[header.file], header) for header in headers if header.file in ids)
        yield from dict.fromkeys(problem for file, problem in problems if file not in parts)
        yield from found.problems()

    def open(self, id: str) -> Record:
        """The recording in memory, its checksums verified."""
        header = read_header(self._file(id))
        signal, found = read_signal(header)
        noted = read_annotations(header)
        label = guarded(header.file, lambda: label_of(header.file, self.folder, header.samples))
        return Record(
            id=id,
            name=header.name,
            signal=signal,
            fs=header.fs,
            leads=header.leads,
            comments=header.comments,
            notes=header.notes + found + noted.notes,
            annotations=noted.beats,
            marks=label + noted.marks,
            sha256=guarded(header.file, lambda: checksum(header)),
        )

    def annotations(self, id: str) -> Annotations | None:
        """The reference beats without reading the signal."""
        return read_annotations(read_header(self._file(id))).beats

    def _ids(self, files: Sequence[Path]) -> dict[str, Path]:
        """Id → header: `<slug>~<relative path with / as ~>`, a number added where two would be equal."""
        result: dict[str, Path] = {}
        for file in files:
            path = file.with_suffix("").relative_to(self.folder)
            id = "~".join((self.slug, *(slugify(part) for part in path.parts)))
            result[unused(id, result)] = file
        return result

    def _file(self, id: str) -> Path:
        """Only listed headers are ever opened, so an id cannot lead out of the folder."""
        if id not in self._files:
            deque(self.list(), maxlen=0)  # listed by another process, or added since
        if id not in self._files:
            raise unknown("recording", id, tuple(self._files)[:20], f"in {self.slug} there are", "recording")
        return self._files[id]

    def _entry(self, id: str, header: Header) -> Entry:
        age, sex = demographics(header.comments)
        return Entry(
            id=id,
            name=header.name,
            source=self.slug,
            leads=header.leads,
            fs=header.fs,
            samples=header.samples,
            comments=header.comments,
            notes=header.notes,
            annotated=bool(header.annotations),
            age=age,
            sex=sex,
            file_version=file_version(header),
        )


def slugify(text: str) -> str:
    """Letters, digits, dot, underscore and dash of `text`, the rest as dashes."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-.") or "x"


def unused(name: str, taken: Container[str]) -> str:
    """`name`, or `name-2`, `name-3`, … where it is taken."""
    candidate, number = name, 1
    while candidate in taken:
        number += 1
        candidate = f"{name}-{number}"
    return candidate


def demographics(comments: tuple[str, ...]) -> tuple[int | None, str | None]:
    """Age in years and sex ("M", "F") as the usual header comments state them, None where they do not."""
    for line in comments:
        if match := _DEMOGRAPHICS.match(line):
            age = int(match[1])  # -1: not recorded
            return (age if age >= 0 else None), match[2].upper()
    text = "\n".join(comments)
    age_found, sex_found = _AGE.search(text), _SEX.search(text)
    return (int(age_found[1]) if age_found else None), (sex_found[1].upper() if sex_found else None)
