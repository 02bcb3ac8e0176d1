"""Tables of annotation sessions. What readers do is added, never changed or removed."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base

RENAMED_CHOICE = {"samples": "at"}  # names in the stored choice of sessions that were made before


class AnnotationSession(Base):
    """A session: who reads what, by which rules. Only `closed` is ever written later."""

    __tablename__ = "annotation_sessions"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)  # uuid hex
    title: Mapped[str] = mapped_column(String(200))
    maker: Mapped[str] = mapped_column(String(32))  # a user's id
    created: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    closed: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    deadline: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # reading goes on after it
    blind: Mapped[bool]
    vocabulary: Mapped[str] = mapped_column(String(40), server_default="mitbih")  # of the labels; "own": its own
    spoken: Mapped[str | None] = mapped_column(String(40))  # the vocabulary of reference and model; null: as the set's
    labels: Mapped[str] = mapped_column(Text)  # JSON: the labels, in order
    choice: Mapped[str] = mapped_column(Text)  # JSON: how the beats were chosen
    methods: Mapped[str] = mapped_column(Text)  # JSON: the methods whose maps are compared with the readers' regions
    model: Mapped[str] = mapped_column(String(100))
    weights_sha256: Mapped[str] = mapped_column(String(64))
    versions: Mapped[str] = mapped_column(Text)  # JSON

    @property
    def chosen(self) -> dict[str, Any]:
        """How the windows were chosen, in today's names: what was stored is never rewritten."""
        return {RENAMED_CHOICE.get(name, name): value for name, value in json.loads(self.choice).items()}


class SessionItem(Base):
    """An item: a window, and what was known of it when the session was made."""

    __tablename__ = "session_items"
    __table_args__ = (Index("ix_session_items_recording_sha256", "recording_sha256"),)

    session: Mapped[str] = mapped_column(ForeignKey("annotation_sessions.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)  # from 0, the order of reading
    recording: Mapped[str] = mapped_column(String(300))
    recording_sha256: Mapped[str] = mapped_column(String(64))
    lead: Mapped[str] = mapped_column(String(100))
    at: Mapped[int]  # the window's address: a beat's sample
    start: Mapped[int] = mapped_column(server_default="0")  # of the window, start ≤ sample < end; a beat's: `at`
    end: Mapped[int] = mapped_column(server_default="0")  # a beat's: `at` + 1
    fs: Mapped[float]  # Hz, of the recording
    reference: Mapped[str | None] = mapped_column(String(20))
    output: Mapped[str | None] = mapped_column(String(20))  # the model's class; null: it has no window there
    margin: Mapped[float | None]


class SessionReader(Base):
    """Somebody who reads all items of a session."""

    __tablename__ = "session_readers"

    session: Mapped[str] = mapped_column(ForeignKey("annotation_sessions.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(String(32), primary_key=True, index=True)


class SessionEntry(Base):
    """An entry: one step of one user on one item."""

    __tablename__ = "session_entries"
    __table_args__ = (
        ForeignKeyConstraint(
            ["session", "position"],
            ["session_items.session", "session_items.position"],
            name="fk_session_entries_session_session_items",
        ),
        Index("ix_session_entries_session", "session", "id"),
        Index("ix_session_entries_user_id", "user_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(String(64), unique=True)  # made by the browser: sent twice, kept once
    session: Mapped[str] = mapped_column(String(32))
    position: Mapped[int]
    user_id: Mapped[str] = mapped_column(String(32))
    step: Mapped[str] = mapped_column(String(20))  # first, reveal, final, correction, adjudication
    label: Mapped[str | None] = mapped_column(String(40))
    confidence: Mapped[int | None]  # 1 … 5
    comment: Mapped[str] = mapped_column(Text)
    region_start: Mapped[float | None]  # ms from R
    region_end: Mapped[float | None]
    plausibility: Mapped[int | None]  # 1 … 5, of the explanation
    seconds: Mapped[float | None]  # from seeing it to this step, by the reader's clock
    made: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # by the reader's clock
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))  # by ours, when it arrived
