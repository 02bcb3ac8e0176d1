"""Table of summaries: all of them can be found out again, so that any row may be thrown away."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base


class RecordingFacts(Base):
    """A recording's summary, valid while its files are as they were."""

    __tablename__ = "recording_facts"

    recording: Mapped[str] = mapped_column(String(300), primary_key=True)
    file_version: Mapped[str] = mapped_column("stamp", String(64))  # of the files
    facts: Mapped[str] = mapped_column(Text)  # JSON
