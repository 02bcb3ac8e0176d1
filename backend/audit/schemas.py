"""Responses about the audit log."""

from pydantic import BaseModel

from backend.times import Utc


class AuditEntryResponse(BaseModel):
    """One act in the audit log."""

    id: int
    at: Utc
    user_id: str | None  # null: nobody who is known
    action: str
    object: str


class AuditResponse(BaseModel):
    """Some acts, the latest first."""

    entries: list[AuditEntryResponse]
    next: int | None  # ask with before=… for those before them; null: there are no more
