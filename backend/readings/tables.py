"""Where readings are kept: every act is a row, and no row is ever changed or removed."""

from datetime import datetime

from sqlalchemy import DateTime, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base


class Reading(Base):
    """One act of one reader on one beat; the latest of a reader's on a beat is what holds."""

    __tablename__ = "readings"
    __table_args__ = (Index("ix_readings_recording_sha256", "recording_sha256", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(String(64), unique=True)  # made by the browser: sent twice, kept once
    reader: Mapped[str] = mapped_column(String(100))  # the user's id
    recording: Mapped[str] = mapped_column(String(300))  # what it was called then
    recording_sha256: Mapped[str] = mapped_column(String(64))  # which signal it is, however it is called
    lead: Mapped[str | None] = mapped_column(String(100))  # the one in view
    sample: Mapped[int]
    label: Mapped[str | None] = mapped_column(String(20))  # null: withdrawn
    comment: Mapped[str] = mapped_column(Text)
    made: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # by the reader's clock
    created: Mapped[datetime] = mapped_column(DateTime(timezone=True))  # by ours, when it arrived
