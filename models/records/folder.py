"""A folder of files of any kind that somebody reads."""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from models.discovery import discover
from models.errors import unknown
from models.records.record import Annotations, Record
from models.records.source import Entry, FolderSource, Problem, Source


@cache
def kinds() -> tuple[type[FolderSource], ...]:
    """Every kind of file that is read from a folder: of this package, and of other packages by their entry points."""
    return tuple(discover("models.records", FolderSource, "records"))


class Folder:
    """The recordings of several sources that share a folder."""

    def __init__(self, slug: str, sources: Sequence[Source]) -> None:
        self.slug, self._sources = slug, tuple(sources)
        self._of: dict[str, Source] = {}  # by a recording's id

    def list(self) -> Iterator[Entry | Problem]:
        """Every recording by its header."""
        self._of = {}
        reported: set[Problem] = set()
        for source in self._sources:
            for found in source.list():
                if isinstance(found, Problem):
                    if found not in reported:  # every kind of file meets the same links
                        yield found
                    reported.add(found)
                elif found.id in self._of:
                    yield Problem(found.name, "is the name of two recordings")
                else:
                    self._of[found.id] = source
                    yield found

    def open(self, id: str) -> Record:
        """The recording in memory; NotFoundError for an id not listed, BadRecordError for an unreadable file."""
        return self._source(id).open(id)

    def annotations(self, id: str) -> Annotations | None:
        """The beat annotations without reading the signal; None where there are none."""
        return self._source(id).annotations(id)

    def _source(self, id: str) -> Source:
        if id not in self._of:
            raise unknown("recording", id, tuple(self._of)[:20], f"in {self.slug} there are", "recording")
        return self._of[id]


def folder_source(folder: Path, slug: str) -> Folder:
    """All that is read from `folder`."""
    return Folder(slug, [kind(folder, slug) for kind in kinds()])
