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
