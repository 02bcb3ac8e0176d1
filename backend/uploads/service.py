"""Uploads: taken wholly or not at all."""

import hashlib
import logging
import shutil
import threading
import time
import uuid
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select

from backend.database import Database
from backend.errors import ConflictError, UnavailableError
from backend.recordings.service import RecordingRepository
from backend.sessions.tables import AnnotationSession, SessionItem
from backend.settings import Settings
from backend.uploads.removed import RemovedUploads
from backend.uploads.schemas import Arrived, RemovedUploadsResponse, UploadResponse
from backend.uploads.unpacking import FIELD, Allowance, Sent, write_files
from models.errors import BadRecordError, InvalidError, unknown
from models.records import Entry, Problem
from models.records.csv_reading import settle
from models.records.uploads import OTHERS, SLUG, Upload, slug_of, tokens

log = logging.getLogger("beatlens.api")
FEW = 5  # faults named at once
FORGOTTEN = 86_400.0  # s after which what a killed service left half done is swept away
VALUE = 4  # bytes of one value in memory


class UploadService:
    """An upload is written aside, read in full, and moved among the others by one rename."""

    def __init__(self, settings: Settings, database: Database, repository: RecordingRepository) -> None:
        self.settings = settings
        self.database = database
        self.repository = repository
        self.aside = settings.data_dir / "incoming"
        self.removed = RemovedUploads(settings.data_dir / "removed")
        self._lock = threading.Lock()  # one at a time: reading takes memory

    def accept(self, sent: Sequence[Sent], fs: float | None = None, unit: str | None = None) -> UploadResponse:
        """Take the files as recordings; fs (Hz) and unit are those of CSV files that do not state them.

        InvalidError names the file, the line and the reason; ConflictError where the same files are there already.
        """
        folder = self.aside / uuid.uuid4().hex
        with self._lock:
            self._sweep()
            try:
                folder.mkdir(parents=True)
                write_files(sent, folder, Allowance(self.settings.max_unpacked_bytes, self.settings.max_upload_files))
                _settle(folder, fs, unit)
                self._check(folder)
                return self._keep(folder)
            except OSError as error:
                log.error("an upload could not be written: %s", error)
                raise UnavailableError("The upload could not be written: the disk may be full") from error
            finally:
                shutil.rmtree(folder, ignore_errors=True)

    def remove(self, token: str) -> None:
        """Take an upload away, to be restored for some days; ConflictError while an open session reads it."""
        there = tokens(self.settings.uploads_dir)
        if token not in there:
            raise unknown("upload", token, there)
        beats = SessionItem.recording.startswith(f"{slug_of(token)}~", autoescape=True)
        reads = select(AnnotationSession.title).join(SessionItem).where(beats, AnnotationSession.closed.is_(None))
        with self.database.transaction() as session:
            title = session.scalars(reads.limit(1)).first()
        if title is not None:
            raise ConflictError(f"The session {title!r} reads it: close that first")
        self.removed.take(self.settings.uploads_dir / token)

    def restore(self, token: str) -> UploadResponse:
        """Put a removed upload back among the others; NotFoundError where it is kept no more."""
        self.removed.give_back(token, self.settings.uploads_dir / token)
        return UploadResponse(id=token, recordings=self._arrived(token))

    def list_removed(self) -> RemovedUploadsResponse:
        """What was removed and can still be restored."""
        return RemovedUploadsResponse(uploads=self.removed.kept())

    def _check(self, folder: Path) -> None:
        """Read every recording in full: what is damaged is said now, not to the first who opens it."""
        upload = Upload(folder, SLUG)
        found = list(upload.list())
        faults = [entry for entry in found if isinstance(entry, Problem)]
        if not faults and not found:
            names = ", ".join(sorted(path.name for path in folder.rglob("*") if path.is_file())[:FEW]) or "nothing"
            kinds = "WFDB (.hea with its signal files), EDF (.edf) or CSV (.csv)"
            raise InvalidError(f"The upload holds no recording: {names}. Known are {kinds}", field=FIELD)
        for entry in found:
            if isinstance(entry, Entry) and len(faults) < FEW:
                try:
                    self._open(upload, entry)
                except BadRecordError as error:
                    faults.append(Problem(error.file, error.reason))
        if faults:
            named = [_without_folder(fault.file, fault.reason, folder) for fault in faults[:FEW]]
            more = [f"and {len(faults) - FEW} more"] if len(faults) > FEW else []
            raise InvalidError("; ".join((*named, *more)), field=FIELD)

    def _open(self, upload: Upload, entry: Entry) -> None:
        """BadRecordError for a damaged one, and for one that memory should not hold."""
        if entry.samples * len(entry.leads) * VALUE > self.settings.max_unpacked_bytes:
            raise BadRecordError(entry.name, "is too long: cut it into several recordings")
        upload.open(entry.id)
        upload.annotations(entry.id)

    def _keep(self, folder: Path) -> UploadResponse:
        """Move an upload among the others, named after what is in it."""
        token = _digest(folder)
        target = self.settings.uploads_dir / token
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            names = ", ".join(one.name for one in self._arrived(token)[:FEW])
            raise ConflictError(f"The same files were uploaded before: {names}")
        folder.rename(target)
        self.removed.drop(token)
        return UploadResponse(id=token, recordings=self._arrived(token))

    def _arrived(self, token: str) -> list[Arrived]:
        entries = [entry for entry in self.repository.catalogue.entries() if entry.id.startswith(f"{slug_of(token)}~")]
        return [Arrived(id=e.id, name=e.name, leads=list(e.leads), fs=e.fs, seconds=e.seconds) for e in entries]

    def _sweep(self) -> None:
        """Delete what a service that was killed left aside."""
        for path in self.aside.glob("*"):
            if time.time() - path.stat().st_mtime > FORGOTTEN:
                shutil.rmtree(path, ignore_errors=True)


def _settle(folder: Path, fs: float | None, unit: str | None) -> None:
    """Have CSV files state their fs and unit themselves."""
    if any(path.suffix.lower() in (".hea", *OTHERS) for path in folder.rglob("*")):
        return
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() == ".csv":
            try:
                settle(path, fs, unit)
            except BadRecordError as error:
                raise InvalidError(
                    _without_folder(error.file, error.reason, folder), field=error.field or FIELD
                ) from error


def _without_folder(file: str, reason: str, folder: Path) -> str:
    """A fault in the words of the sender, who knows no folder of ours."""
    return f"{file}: {reason}".replace(f"{folder.resolve()}/", "").replace(f"{folder}/", "")


def _digest(folder: Path) -> str:
    """The upload's name: a hash of all names and contents, so that the same is never there twice."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        digest.update(f"{path.relative_to(folder).as_posix()}\0{content}\n".encode())
    return digest.hexdigest()[:16]
