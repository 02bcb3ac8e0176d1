"""Responses about uploads."""

from pydantic import BaseModel

from backend.times import Utc


class Arrived(BaseModel):
    """One recording of an upload, by its header."""

    id: str
    name: str
    leads: list[str]
    fs: float  # Hz
    seconds: float


class UploadResponse(BaseModel):
    """An upload that was taken."""

    id: str
    recordings: list[Arrived]


class RemovedUpload(BaseModel):
    """An upload that was removed and can still be restored."""

    id: str
    names: list[str]  # of its recordings
    until: Utc  # when its files are deleted


class RemovedUploadsResponse(BaseModel):
    """Removed uploads, the latest first."""

    uploads: list[RemovedUpload]
