"""Table of the audit log: rows are added, never changed or removed."""

from datetime import datetime

from sqlalchemy import DateTime, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base


class AuditEntry(Base):
    """An act: who, when, what, on what. Ids only: no name, no signal."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_user_id", "user_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    user_id: Mapped[str | None] = mapped_column(String(32))  # null: nobody who is known
    action: Mapped[str] = mapped_column(String(30))
    object: Mapped[str] = mapped_column(String(300))
