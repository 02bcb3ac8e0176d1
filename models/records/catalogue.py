"""All recordings of all sources under one roof."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Lock

from models.errors import unknown
from models.memory import Memory, mapped
from models.records.demo import Demo
from models.records.folder import folder_source
from models.records.record import Annotations, Record
from models.records.source import Entry, Problem, Source
from models.records.uploads import Uploads
from models.records.wfdb_folder import slugify, unused

BESIDE = 100  # bytes of an annotation or a mark


class Catalogue:
    """What there is to review. Listing reads headers once; `refresh` reads them again."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self.sources = tuple(sources)
        self._records: Memory[Record] = Memory("recordings", weight)
        self._lock = Lock()
        self._found: tuple[dict[str, tuple[Entry, Source]], tuple[Problem, ...]] | None = None

    def entries(self) -> list[Entry]:
        """Every usable recording, in the order of the sources."""
        return [entry for entry, _ in self._list()[0].values()]

    def problems(self) -> list[Problem]:
        """Every recording whose header cannot be used."""
        return list(self._list()[1])

    def entry(self, id: str) -> Entry:
        """The recording `id` as its header describes it; NotFoundError where there is none."""
        return self._listed(id)[0]

    def open(self, id: str) -> Record:
        """The recording `id` in memory; kept, and read once however many threads ask."""
        source = self._listed(id)[1]
        return self._records.get(id, lambda: source.open(id))

    def annotations(self, id: str) -> Annotations | None:
        """The reference beats of `id` without reading its signal; None where there are none."""
        return self._listed(id)[1].annotations(id)

    def refresh(self) -> None:
        """Forgets what was listed and opened, so that changed folders are seen."""
        with self._lock:
            self._found = None
            self._records.drop()

    def _listed(self, id: str) -> tuple[Entry, Source]:
        found = self._list()[0]
        if id not in found:
            raise unknown("recording", id, tuple(found)[:20], "there are", "recording")
        return found[id]

    def _list(self) -> tuple[dict[str, tuple[Entry, Source]], tuple[Problem, ...]]:
        with self._lock:
            if self._found is None:
                self._found = _gather(self.sources)
            return self._found


def weight(record: Record) -> int:
    """Bytes of a recording in memory."""
    beats = len(record.annotations.samples) if record.annotations else 0
    return mapped.weight(record.signal) + BESIDE * (beats + len(record.marks))


def _gather(sources: Sequence[Source]) -> tuple[dict[str, tuple[Entry, Source]], tuple[Problem, ...]]:
    entries: dict[str, tuple[Entry, Source]] = {}
    problems: list[Problem] = []
    for source, found in _each(sources):
        if isinstance(found, Entry):
            entries[found.id] = (found, source)
        else:
            problems.append(found)
    return entries, tuple(problems)


def _each(sources: Sequence[Source]) -> Iterator[tuple[Source, Entry | Problem]]:
    for source in sources:
        for found in source.list():
            yield source, found


def catalogue(folders: Sequence[Path] = (), uploads: Path | None = None) -> Catalogue:
    """The demo set, one source per folder, and what people uploaded; folders of equal name get -2, -3, …"""
    sources: list[Source] = [Demo()]
    taken = {Demo.slug, Uploads.slug}
    for folder in dict.fromkeys(Path(folder).expanduser().resolve() for folder in folders):
        slug = unused(slugify(folder.name), taken)
        taken.add(slug)
        sources.append(folder_source(folder, slug))
    if uploads is not None:
        sources.append(Uploads(uploads))
    return Catalogue(sources)
