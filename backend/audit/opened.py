"""For routes below /api/recordings/{id}: that somebody was shown something of the recording goes into the log."""

from backend.accounts.current import Caller
from backend.deps import RecordingId, ServicesDep


def opened(services: ServicesDep, user: Caller, id: RecordingId) -> None:
    """A dependency; NotFoundError for a recording that is none."""
    services.repository.entry(id)
    services.audit.opened(user.id, id)
