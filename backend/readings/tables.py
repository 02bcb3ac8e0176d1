"""Table of readings: every act is a row, and no row is ever changed or removed."""

from datetime import datetime

from sqlalchemy import DateTime, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base


class Reading(Base):
    """An act of a reader on a window; the latest of a reader's on a window is what holds."""

    __tablename__ = "readings"
    __table_args__ = (Index("ix_readings_recording_sha256", "recording_sha256", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(String(64), unique=True)  # made by the browser: sent twice, kept once
    reader: Mapped[str] = mapped_column(String(100))  # the user's id
    recording: Mapped[str] = mapped_column(String(300))  # what it was called then
    recording_sha256: Mapped[str] = mapped_column(String(64))  # which signal it is, however it is called
    lead: Mapped[str | None] = mapped_column(String(100))  # the one in view
    at: Mapped[int]  # the window's address: a beat's sample
    start: Mapped[int] = mapped_column(server_default="0")  # of the window, start ≤ sample < end; a beat's: `at`
    end: Mapped[int] = mapped_column(server_default="0")  # a beat's: `at` + 1
    vocabulary: Mapped[str] = mapped_column(String(40), server_default="mitbih")  # that the label is one of
    label: Mapped[str | None] = mapped_column(String(20))  # null: withdrawn
    comment: Mapped[str] = mapped_column(Text)
    made: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # by the reader's clock
    created: Mapped[datetime] = mapped_column(DateTime(timezone=True))  # by ours, when it arrived
