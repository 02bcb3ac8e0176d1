"""The recordings there are: catalogue and beats."""

import difflib
import logging
import threading
from pathlib import Path

from backend.current_user import User
from backend.database import Database
from backend.recordings.folders import NAME, load_folders
from backend.recordings.progress import Progress
from backend.recordings.summary import Summaries
from backend.settings import Settings
from models.errors import DomainError, NotFoundError
from models.memory import Memory
from models.records import Catalogue, Entry, Problem, Record, catalogue
from models.records.uploads import tokens
from models.signals import windows
from models.signals.beats import Beats, beats, weight

log = logging.getLogger("beatlens.api")
NEAREST = 5  # options named where there are many


class RecordingRepository:
    """Every recording of the demo set, of the settings' folders and of the imported ones."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.settings = settings
        self.summaries = Summaries(self, database)
        self.progress = Progress()
        self._lock = threading.Lock()
        self._catalogue: Catalogue | None = None
        self._listed: tuple[int | None, tuple[str, ...]] = (None, ())  # imported folders' mtime, and the uploads
        self._beats: Memory[Beats] = Memory("beats", weight)
        self._trouble: Problem | None = None

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue; made anew when a folder was imported meanwhile, or an upload came or went."""
        file, uploads = self.settings.data_dir / NAME, self.settings.uploads_dir
        found = (file.stat().st_mtime_ns if file.exists() else None, tokens(uploads))
        with self._lock:
            if self._catalogue is None or found != self._listed:
                self._catalogue, self._listed = catalogue(self._folders(), uploads), found
            return self._catalogue

    def _folders(self) -> tuple[Path, ...]:
        """A damaged list of imported folders is a problem on the page, not the end of the service."""
        self._trouble = None
        try:
            return (*self.settings.recordings, *load_folders(self.settings.data_dir))
        except DomainError as error:
            self._trouble = Problem(str(self.settings.data_dir / NAME), str(error))
            return self.settings.recordings

    def problems(self) -> list[Problem]:
        """The files that cannot be used: bad headers, and files found to be damaged when they were read."""
        own = [self._trouble] if self._trouble else []
        return [*own, *self.catalogue.problems(), *self.summaries.problems()]

    def shows_patient(self, user: User) -> bool:
        """Whether a user may see what headers say of patients."""
        return user.may(self.settings.patient_facts_role)

    def entry(self, id: str) -> Entry:
        """The recording by its header; NotFoundError naming the nearest ids."""
        try:
            return self.catalogue.entry(id)
        except NotFoundError as error:
            ids = [entry.id for entry in self.catalogue.entries()]
            near = tuple(difflib.get_close_matches(id, ids, NEAREST, 0.3)) or tuple(ids[:NEAREST])
            message = f"Unknown recording {id!r}: the nearest of {len(ids)} are {', '.join(near)}"
            raise NotFoundError(message, field="recording", options=near) from error

    def is_long(self, entry: Entry) -> bool:
        """Whether a recording is left alone until somebody opens it, and that somebody told how far it is."""
        return entry.samples * len(entry.leads) > self.settings.long_values

    def open(self, id: str) -> Record:
        """The recording in memory."""
        self.entry(id)
        with self.progress.step(id, "Reading the recording"):
            return self.catalogue.open(id)

    def checksum(self, id: str) -> str:
        """SHA-256 of the recording's signal, without reading it where it was read before."""
        self.entry(id)
        return self.summaries.known(id).sha256 or self.open(id).sha256

    def beats(self, record: Record, lead: int) -> Beats:
        """A recording's beats as seen in one lead (index); found once."""
        with self.progress.step(record.id, "Looking for beats"):
            return self._beats.get((record.id, record.sha256, lead), lambda: self._find(record, lead))

    def _find(self, record: Record, lead: int) -> Beats:
        found = beats(record, lead)
        if lead == record.lead_index(None):
            self.summaries.ensure_summary(record, found)
        return found


def locate(found: Beats, sample: int) -> int:
    """Index of the beat at `sample`; NotFoundError naming the nearest beats."""
    return windows.locate(found.samples, sample, "beat")
