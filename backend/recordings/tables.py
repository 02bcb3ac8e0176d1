"""What was found out about recordings: all of it can be found out again, so that any row may be thrown away."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base


class RecordingFacts(Base):
    """What one recording's files say, while they are as they were."""

    __tablename__ = "recording_facts"

    recording: Mapped[str] = mapped_column(String(300), primary_key=True)
    stamp: Mapped[str] = mapped_column(String(64))  # of the files
    facts: Mapped[str] = mapped_column(Text)  # JSON


class ModelCounts(Base):
    """What one model says of the beats of one recording, counted."""

    __tablename__ = "model_counts"

    beats_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)  # of signal, lead, beats and their labels
    model_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)  # of weights and preparation
    counts: Mapped[str] = mapped_column(Text)  # JSON
