"""Tables of accounts. Neither a password nor a token is kept: only a hash that proves that somebody knows it."""

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base


class Account(Base):
    """A user account: with issuer and subject if through OpenID Connect, else with a sign-in name and a hash."""

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("issuer", "subject", name="uq_accounts_issuer"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)  # uuid hex
    name: Mapped[str] = mapped_column(String(100))
    sign_in: Mapped[str | None] = mapped_column(String(200), unique=True)  # the name without regard to case
    role: Mapped[str] = mapped_column(String(20))
    password: Mapped[str | None] = mapped_column(String(200))  # argon2
    issuer: Mapped[str | None] = mapped_column(String(300))
    subject: Mapped[str | None] = mapped_column(String(255))
    disabled: Mapped[bool]
    created: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class SignIn(Base):
    """A browser in which a user is signed in."""

    __tablename__ = "sign_ins"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    account: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)  # of the cookie
    created: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    seen: Mapped[datetime] = mapped_column(DateTime(timezone=True))  # to the minute


class ApiToken(Base):
    """An API token of a user."""

    __tablename__ = "api_tokens"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    account: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str] = mapped_column(String(100))
    created: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    seen: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # to the minute; null: never used
    expires: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
