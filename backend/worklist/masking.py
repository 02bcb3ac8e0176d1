"""Rows of the worklist without what somebody must not see yet."""

from backend.blinding.visibility import SEALED_RECORDING, Visibility
from backend.recordings.summary import Summaries
from backend.worklist.schemas import OutputCounts, RecordingResponse, RecordingsResponse


def row(out: RecordingResponse, visibility: Visibility, sha256: str) -> RecordingResponse:
    """A recording's row; its sums go if any beat is blinded, because they would reveal it by subtraction."""
    if not visibility.affects(out.id, sha256):
        return out
    output = OutputCounts(seen=out.output.seen, trouble=SEALED_RECORDING) if out.output else None
    return out.model_copy(update={"counts": None, "output": output})


def rows(out: RecordingsResponse, visibility: Visibility, summaries: Summaries) -> RecordingsResponse:
    """All rows, each without what is hidden."""
    if visibility.unrestricted:
        return out
    masked = [row(entry, visibility, summaries.known(entry.id).sha256) for entry in out.recordings]
    return out.model_copy(update={"recordings": masked})
