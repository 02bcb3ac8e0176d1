"""A folder of WFDB records, searched recursively."""

import re
from collections import deque
from collections.abc import Container, Iterator, Sequence
from pathlib import Path

from models.errors import BadRecordError, unknown
from models.records.record import Annotations, Record
from models.records.source import Entry, Problem
from models.records.wfdb_reading import (
    REFERENCE,
    Header,
    checksum,
    read_annotations,
    read_header,
    read_marks,
    read_signal,
    stamp,
)

_DEMOGRAPHICS = re.compile(r"^(-?\d+)\s+([MF])\b", re.IGNORECASE)  # MIT-BIH: "69 M 1085 1629 x1"
_AGE = re.compile(r"\bage>?\s*:?\s*(\d+)", re.IGNORECASE)  # LUDB "<age>: 51", PTB "age: 81"
_SEX = re.compile(r"\b(?:sex|gender)>?\s*:?\s*([MF])", re.IGNORECASE)


class WfdbFolder:
    """Every record under one folder whose header can be read."""

    def __init__(self, folder: Path, slug: str | None = None) -> None:
        self.folder = folder.expanduser().resolve()
        self.slug = slug or slugify(self.folder.name) or "recordings"
        self._paths: dict[str, Path] = {}

    def list(self) -> Iterator[Entry | Problem]:
        """Every recording from its header alone; segments of a larger record are not listed by themselves."""
        if not self.folder.is_dir():
            yield Problem(str(self.folder), "is not a folder")
            return
        headers: list[Header] = []
        problems: list[tuple[Path, Problem]] = []
        for path in self._headers():
            try:
                headers.append(read_header(path))
            except BadRecordError as error:
                problems.append((path, Problem(error.file, error.reason)))
        parts = {header.path.parent / name for header in headers for name in header.segments}
        self._paths = self._ids([header.path for header in headers if header.path not in parts])
        ids = {path: id for id, path in self._paths.items()}
        yield from (self._entry(ids[header.path], header) for header in headers if header.path in ids)
        yield from (problem for path, problem in problems if path not in parts)

    def open(self, id: str) -> Record:
        """The recording in memory, its checksums verified."""
        path = self._path(id)
        header = read_header(path)
        signal = read_signal(header)
        return Record(
            id=id,
            name=path.name,
            signal=signal,
            fs=header.fs,
            leads=header.leads,
            comments=header.comments + header.notes,
            annotations=read_annotations(path, signal.shape[1]),
            marks=read_marks(path, signal.shape[1]),
            sha256=checksum(header),
        )

    def annotations(self, id: str) -> Annotations | None:
        """The reference beats without reading the signal."""
        path = self._path(id)
        return read_annotations(path, read_header(path).samples)

    def _headers(self) -> Sequence[Path]:
        """Paths without extension of all headers that lie in the folder, links out of it left aside."""
        found = (path for path in self.folder.rglob("*.hea") if path.resolve().is_relative_to(self.folder))
        return sorted(path.with_suffix("") for path in found if path.is_file())

    def _ids(self, paths: Sequence[Path]) -> dict[str, Path]:
        """Id → path: `<slug>~<relative path with / as ~>`, a number added where two would be equal."""
        result: dict[str, Path] = {}
        for path in paths:
            id = "~".join((self.slug, *(slugify(part) for part in path.relative_to(self.folder).parts)))
            result[unused(id, result)] = path
        return result

    def _path(self, id: str) -> Path:
        """Only listed paths are ever opened, so an id cannot lead out of the folder."""
        if id not in self._paths:
            deque(self.list(), maxlen=0)  # listed by another process, or added since
        if id not in self._paths:
            raise unknown("recording", id, tuple(self._paths)[:20], f"in {self.slug} there are", "recording")
        return self._paths[id]

    def _entry(self, id: str, header: Header) -> Entry:
        age, sex = demographics(header.comments)
        return Entry(
            id=id,
            name=header.path.name,
            source=self.slug,
            leads=header.leads,
            fs=header.fs,
            samples=header.samples,
            comments=header.comments + header.notes,
            annotated=any(header.path.with_name(f"{header.path.name}.{name}").is_file() for name in REFERENCE),
            age=age,
            sex=sex,
            stamp=stamp(header),
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
