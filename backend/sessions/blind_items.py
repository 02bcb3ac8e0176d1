"""The query by which backend.blinding is told which items a user still has to read blind."""

from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from backend.blinding.items import BlindItem, ItemsVersion
from backend.sessions.tables import AnnotationSession, SessionEntry, SessionItem, SessionReader

REVEALED, DECIDED = 1, 2


class BlindItems:
    """Items of open blind sessions, from the log."""

    def version(self, session: Session, user_id: str) -> ItemsVersion:
        """Number of sessions, of closed ones and when the last one ended, and this person's last step."""
        ends = (func.count(AnnotationSession.closed), func.max(AnnotationSession.closed))
        sessions = select(func.count(), *ends).select_from(AnnotationSession)
        steps = select(func.max(SessionEntry.id)).where(SessionEntry.user_id == user_id)
        made, closed, latest = session.execute(sessions).one()
        return ItemsVersion(made, closed, session.scalar(steps), latest)

    def undecided(self, session: Session, user_id: str) -> list[BlindItem]:
        """Every item of an open blind session that this person has not decided."""
        rows = session.execute(_undecided(user_id)).all()
        return [BlindItem(name, sha256, start, end, fs, bool(stage)) for name, sha256, start, end, fs, stage in rows]


def _undecided(user_id: str) -> Select[str, str, int, int, float, Any]:
    """Name, hash, start, end, fs and stage."""
    decided = (SessionEntry.step == "final", DECIDED)
    stage = func.max(case(decided, (SessionEntry.step == "reveal", REVEALED), else_=0))
    own = (
        (SessionEntry.session == SessionItem.session)
        & (SessionEntry.position == SessionItem.position)
        & (SessionEntry.user_id == user_id)
    )
    interval = (SessionItem.start, SessionItem.end)
    return (
        select(SessionItem.recording, SessionItem.recording_sha256, *interval, SessionItem.fs, stage)
        .join(AnnotationSession, AnnotationSession.id == SessionItem.session)
        .join(SessionReader, SessionReader.session == SessionItem.session)
        .outerjoin(SessionEntry, own)
        .where(SessionReader.user_id == user_id, AnnotationSession.blind, AnnotationSession.closed.is_(None))
        .group_by(SessionItem.session, SessionItem.position)
        .having(func.coalesce(stage, 0) < DECIDED)
    )
