"""Uploads that were removed: kept for some days, so that a removal can be undone, then deleted."""

import os
import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from backend.uploads.schemas import RemovedUpload
from models.errors import unknown
from models.records import Entry
from models.records.uploads import Upload, slug_of, tokens

KEPT = timedelta(days=7)


class RemovedUploads:
    """A folder of removed uploads; a folder's time of change is when it was removed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def take(self, upload: Path) -> None:
        """Move an upload here."""
        self._sweep()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.drop(upload.name)
        upload.rename(self.folder / upload.name)
        os.utime(self.folder / upload.name)

    def give_back(self, token: str, target: Path) -> None:
        """Move an upload back to where it was; NotFoundError names those that can be restored."""
        self._sweep()
        there = tokens(self.folder)
        if token not in there:
            raise unknown("removed upload", token, there)
        (self.folder / token).rename(target)

    def drop(self, token: str) -> None:
        """Delete what is kept of an upload: the same files are there again, or are removed again."""
        shutil.rmtree(self.folder / token, ignore_errors=True)

    def kept(self) -> list[RemovedUpload]:
        """Removed uploads that can still be restored, the latest first."""
        self._sweep()
        found = [self._described(token) for token in tokens(self.folder)]
        return sorted(found, key=lambda one: one.until, reverse=True)

    def _described(self, token: str) -> RemovedUpload:
        folder = self.folder / token
        names = [one.name for one in Upload(folder, slug_of(token)).list() if isinstance(one, Entry)]
        removed = datetime.fromtimestamp(folder.stat().st_mtime, UTC)
        return RemovedUpload(id=token, names=names, until=removed + KEPT)

    def _sweep(self) -> None:
        """Delete for good what was removed long ago."""
        for token in tokens(self.folder):
            if time.time() - (self.folder / token).stat().st_mtime > KEPT.total_seconds():
                self.drop(token)
