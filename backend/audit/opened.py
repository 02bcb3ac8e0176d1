"""For routes below /api/recordings/{id}: that somebody was shown something of the recording goes into the log."""

from backend.accounts.current import Caller
from backend.deps import Here, RecordingId


def opened(here: Here, user: Caller, id: RecordingId) -> None:
    """A dependency; NotFoundError for a recording that is none."""
    here.shelf.entry(id)
    here.audit.opened(user.id, id)
