"""What a collection of recordings is to the rest of the house, and what it says about each before reading it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from models.records.lead_names import primary
from models.records.record import Annotations, Kind, Record


@dataclass(frozen=True)
class Entry:
    """One recording as its header alone describes it."""

    id: str  # URL-safe, unique among all sources: "mitdb~208"
    name: str  # "208"
    source: str  # "mitdb"
    leads: tuple[str, ...]
    fs: float  # Hz
    samples: int  # per lead
    comments: tuple[str, ...] = ()
    kind: Kind = "ecg"
    notes: tuple[str, ...] = ()  # what is assumed, dropped or left out, as far as the header tells
    annotated: bool = False  # an annotation file lies beside it; whether it holds beats is known on reading
    synthetic: bool = False
    credit: str = ""
    age: int | None = None  # years
    sex: str | None = None  # "M" or "F"
    file_version: str = ""  # another one whenever a file of it changes; empty: it has no files

    @property
    def lead(self) -> str:
        """The lead that it opens on."""
        return self.leads[primary(self.leads)] if self.leads else ""

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return self.samples / self.fs


@dataclass(frozen=True)
class Problem:
    """A recording that cannot be used: which file, and why."""

    file: str
    reason: str


class Source(Protocol):
    """A place recordings come from. A new kind of file is a new class with these methods."""

    slug: str  # first part of every id

    def list(self) -> Iterator[Entry | Problem]:
        """Every recording from its header alone."""
        ...

    def open(self, id: str) -> Record:
        """The recording in memory; NotFoundError for an id not listed, BadRecordError for an unreadable file."""
        ...

    def annotations(self, id: str) -> Annotations | None:
        """The beat annotations without reading the signal; None where there are none."""
        ...


class FolderSource:
    """Recordings of one kind of file below a folder. A subclass registers by standing in this package, or by its entry
    point `beatlens.records`: it is then asked about every folder that is given."""

    slug: str

    def __init__(self, folder: Path, slug: str) -> None:
        raise NotImplementedError

    def list(self) -> Iterator[Entry | Problem]:
        """Every recording from its header alone."""
        raise NotImplementedError

    def open(self, id: str) -> Record:
        """The recording in memory; NotFoundError for an id not listed, BadRecordError for an unreadable file."""
        raise NotImplementedError

    def annotations(self, id: str) -> Annotations | None:
        """The beat annotations without reading the signal; None where there are none."""
        raise NotImplementedError
