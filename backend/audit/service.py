"""Writing and reading of the audit log."""

import logging
import threading
import time
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from backend.audit.schemas import AuditEntryResponse, AuditResponse
from backend.audit.tables import AuditEntry
from backend.database import Database

log = logging.getLogger("beatlens.api")
Action = Literal[
    "signed in", "signed out", "sign-in failed", "opened", "labelled", "shared", "revoked", "restored", "exported",
    "uploaded", "removed", "session", "account",
]  # fmt: skip
AGAIN = 900.0  # s after which opening the same recording is an act of its own
REMEMBERED = 10_000  # openings


class Audit:
    """The audit log."""

    def __init__(self, database: Database, strict: bool) -> None:
        self.database = database
        self.strict = strict  # rather show nothing than what cannot be written down
        self._last_noted: dict[tuple[str, str], float] = {}
        self._lock = threading.Lock()

    def record(self, user_id: str | None, action: Action, object: str = "") -> None:
        """Add one act: `object` is a recording, a link's number, an account's id; never a name, a token, a signal."""
        entry = AuditEntry(at=datetime.now(UTC), user_id=user_id, action=action, object=object[:300])
        with self.database.transaction() as session:
            session.add(entry)

    def log_access(self, user_id: str, recording: str) -> None:
        """Add that a user was shown something of a recording: once in a quarter of an hour, not with every request."""
        now = time.monotonic()
        with self._lock:
            fresh = now - self._last_noted.get((user_id, recording), -AGAIN) < AGAIN
        if fresh:
            return
        try:
            self.record(user_id, "opened", recording)
        except SQLAlchemyError as error:
            if self.strict:
                raise
            log.error("not in the audit log: %s", error)
        with self._lock:
            self._last_noted[user_id, recording] = now
            while len(self._last_noted) > REMEMBERED:
                del self._last_noted[next(iter(self._last_noted))]

    def last(self, action: Action, object: str) -> str | None:
        """The user who did an act last, on a subject that begins so; None where nobody did."""
        wanted = select(AuditEntry.user_id).where(
            AuditEntry.action == action, AuditEntry.object.startswith(object, autoescape=True)
        )
        with self.database.transaction() as session:
            return session.scalars(wanted.order_by(AuditEntry.id.desc()).limit(1)).first()

    def entries(self, before: int | None, user_id: str | None, action: str | None, limit: int) -> AuditResponse:
        """The latest acts first; `before` an id goes on from there."""
        wanted = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit + 1)
        if before is not None:
            wanted = wanted.where(AuditEntry.id < before)
        if user_id is not None:
            wanted = wanted.where(AuditEntry.user_id == user_id)
        if action is not None:
            wanted = wanted.where(AuditEntry.action == action)
        with self.database.transaction() as session:
            rows = [AuditEntryResponse.model_validate(row, from_attributes=True) for row in session.scalars(wanted)]
        more = len(rows) > limit
        return AuditResponse(entries=rows[:limit], next=rows[limit - 1].id if more else None)
