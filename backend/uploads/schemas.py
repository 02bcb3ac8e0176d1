"""Responses about uploads."""

from pydantic import BaseModel


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
