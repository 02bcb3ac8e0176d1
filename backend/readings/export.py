"""What a reader calls the rhythms of a recording, as a file."""

from backend.readings.service import ReadingLog
from models.records.rhythm_writing import Rhythm, rhythm_bytes


def rhythms(log: ReadingLog, recording: str, reader: str) -> bytes:
    """WFDB rhythm annotations of the windows that a reader has labelled; readings of single beats are left out."""
    entry = log.repository.entry(recording)
    found = [
        Rhythm(one.start, one.end, one.label, one.vocabulary)
        for one in log.of(recording, reader).readings
        if one.label is not None and one.end - one.start > 1
    ]
    return rhythm_bytes(found, entry.samples, entry.fs)
