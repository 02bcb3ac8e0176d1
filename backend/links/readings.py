"""What readers say of a shared beat: as it was, and since."""

from sqlalchemy import ColumnElement, and_, func, select

from backend.blinding.intervals import Interval
from backend.database import Database
from backend.links.schemas import Read
from backend.readings.tables import Reading


def now(database: Database, sha256: str, interval: Interval, reader: str) -> Read:
    """The state to freeze: the recording's last reading, and the maker's label of the window."""
    of_recording = Reading.recording_sha256 == sha256
    own = select(Reading.label).where(_of(sha256, interval), Reading.reader == reader)
    with database.transaction() as session:
        label = session.scalars(own.order_by(Reading.id.desc()).limit(1)).first()
        revision = session.scalar(select(func.max(Reading.id)).where(of_recording))
    return Read(revision=revision or 0, label=label)


def labelled_since(database: Database, sha256: str, interval: Interval, revision: int) -> list[str]:
    """Labels that the window's readers have given it after a revision: the last of each, each once."""
    acts = select(Reading).where(_of(sha256, interval), Reading.id > revision)
    with database.transaction() as session:
        last = {act.reader: act.label for act in session.scalars(acts.order_by(Reading.id))}
    return sorted({label for label in last.values() if label is not None})


def _of(sha256: str, interval: Interval) -> ColumnElement[bool]:
    start, end = interval
    return and_(Reading.recording_sha256 == sha256, Reading.start == start, Reading.end == end)
