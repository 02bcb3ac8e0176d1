"""Table of links."""

from datetime import datetime

from sqlalchemy import DateTime, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base


class Link(Base):
    """One shared result: its document is written once and never changed; who may read it can be."""

    __tablename__ = "links"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)  # the token itself is nowhere
    created: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    format: Mapped[int]  # of the document
    document: Mapped[str] = mapped_column(Text)  # JSON, as frozen
    maker: Mapped[str] = mapped_column(String(32), index=True, server_default="local")  # the user's id
    title: Mapped[str] = mapped_column(String(200), server_default="")
    recording: Mapped[str] = mapped_column(String(300), server_default="")  # what it was called then
    recording_sha256: Mapped[str] = mapped_column(String(64), server_default="")
    at: Mapped[int] = mapped_column(server_default="0")  # the window's address: a beat's sample
    start: Mapped[int] = mapped_column(server_default="0")  # of the window, start ≤ sample < end; a beat's: `at`
    end: Mapped[int] = mapped_column(server_default="0")  # a beat's: `at` + 1
    time: Mapped[float | None]  # s, of the window's address; null: its document does not say
    needs_sign_in: Mapped[bool] = mapped_column(server_default=false())
    expires: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    revoked: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    views: Mapped[int] = mapped_column(server_default="0")  # openings of its page
    seen: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # the last of these
