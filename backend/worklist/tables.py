"""Table of counts: all of them can be counted again, so that any row may be thrown away."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base


class ModelCounts(Base):
    """The counts of one model's outputs for the beats of one recording."""

    __tablename__ = "model_counts"

    beats_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)  # of signal, lead, beats and their labels
    model_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)  # of weights and preparation
    counts: Mapped[str] = mapped_column(Text)  # JSON
