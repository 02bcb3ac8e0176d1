"""What the audit log says."""

from pydantic import BaseModel

from backend.times import Utc


class Entry(BaseModel):
    """One act."""

    id: int
    at: Utc
    user_id: str | None  # null: nobody who is known
    action: str
    object: str


class AuditResponse(BaseModel):
    """Some acts, the latest first."""

    entries: list[Entry]
    next: int | None  # ask with before=… for those before them; null: there are no more
