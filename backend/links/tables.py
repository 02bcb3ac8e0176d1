"""Where links are kept."""

from datetime import datetime

from sqlalchemy import DateTime, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base


class Link(Base):
    """One shared result; a row is written once and never changed."""

    __tablename__ = "links"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)  # the token itself is nowhere
    created: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    format: Mapped[int]  # of the document
    document: Mapped[str] = mapped_column(Text)  # JSON, as frozen
