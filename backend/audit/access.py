"""For routes that show something of a recording: that somebody was shown it goes into the log."""

from typing import Annotated, Protocol

from backend.audit.deps import AuditDep
from backend.current_user import CurrentUser
from backend.deps import RecordingId, provide


class Recordings(Protocol):
    """The recordings there are, as far as this room has to know them."""

    def entry(self, id: str) -> object: ...


def audit_access(
    audit: AuditDep, recordings: Annotated[Recordings, provide("repository")], user: CurrentUser, id: RecordingId
) -> None:
    """A dependency of routes below /api/recordings/{id}; NotFoundError for a recording that does not exist."""
    recordings.entry(id)
    audit.log_access(user.id, id)
