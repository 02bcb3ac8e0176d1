"""Users signed in by a browser's cookie or a script's token. Only SHA-256 hashes of the keys are stored."""

import threading
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from sqlalchemy import CursorResult, Delete, delete, select, update

from backend.accounts import tokens
from backend.accounts.schemas import NewTokenResponse, SignInResponse, SignInsResponse, TokenResponse, TokensResponse
from backend.accounts.service import user
from backend.accounts.tables import Account, ApiToken, SignIn
from backend.current_user import User
from backend.database import Database
from backend.times import utc
from models.errors import NotFoundError

TRUSTED = 5.0  # s for which another process's revocation may go unnoticed
NOTED = timedelta(minutes=1)  # how exactly the last use is written down
MOST = 10_000  # remembered
KeyRow = TypeVar("KeyRow", SignIn, ApiToken)


@dataclass(frozen=True)
class Credential:
    """A user, and the sign-in that proves it; None for a token."""

    user: User
    sign_in: str | None


class CredentialStore:
    """Sign-ins and tokens; a look-up is trusted for some seconds."""

    def __init__(self, database: Database, session_hours: float, idle_minutes: float) -> None:
        self.database = database
        self.lifetime, self.idle = timedelta(hours=session_hours), timedelta(minutes=idle_minutes)
        self._known: dict[str, tuple[Credential, float]] = {}
        self._lock = threading.Lock()

    def begin(self, account: str) -> str:
        """Sign a user in: the cookie's value. Expired sign-ins are deleted."""
        key, now = tokens.generate_token(), datetime.now(UTC)
        with self.database.transaction(writing=True) as session:
            session.execute(
                delete(SignIn).where((SignIn.created < now - self.lifetime) | (SignIn.seen < now - self.idle))
            )
            session.add(
                SignIn(id=uuid.uuid4().hex, account=account, token_sha256=tokens.hash_token(key), created=now, seen=now)
            )
        return key

    def known(self, key: str) -> Credential | None:
        """The credential of a cookie or token that was looked up a moment ago, else None."""
        credential, until = self._known.get(tokens.hash_token(key), (None, 0.0))
        return credential if time.monotonic() < until else None

    def cookie(self, key: str) -> Credential | None:
        """The credential of a cookie; None where it has ended or never was one."""
        now, found = datetime.now(UTC), self._find(SignIn, key)
        if found is None:
            return None
        stored, holder = found
        if now - utc(stored.created) > self.lifetime or now - utc(stored.seen) > self.idle:
            return None
        self._note(stored, now)
        return self._remember(key, Credential(holder, stored.id))

    def token(self, key: str) -> Credential | None:
        """The credential of a token; None where it has ended or never was one."""
        now, found = datetime.now(UTC), self._find(ApiToken, key)
        if found is None:
            return None
        stored, holder = found
        if stored.expires is not None and utc(stored.expires) < now:
            return None
        self._note(stored, now)
        return self._remember(key, Credential(holder, None))

    def end(self, account: str, only: str | None = None, but: str | None = None) -> int:
        """Sign a user out: everywhere, in the browser `only`, or in all but one. The number of sign-ins that ended."""
        which = delete(SignIn).where(SignIn.account == account)
        if only is not None:
            which = which.where(SignIn.id == only)
        if but is not None:
            which = which.where(SignIn.id != but)
        return self._delete(which)

    def sign_ins(self, account: str, current: str | None) -> SignInsResponse:
        """The browsers in which a user is signed in."""
        now = datetime.now(UTC)
        wanted = select(SignIn).where(
            SignIn.account == account, SignIn.created > now - self.lifetime, SignIn.seen > now - self.idle
        )
        with self.database.transaction() as session:
            rows = session.scalars(wanted.order_by(SignIn.seen.desc(), SignIn.id)).all()
            by_password = session.scalar(select(Account.password).where(Account.id == account)) is not None
        found = [
            SignInResponse(id=row.id, created=row.created, seen=row.seen, current=row.id == current) for row in rows
        ]
        return SignInsResponse(sign_ins=found, password=by_password)

    def new_token(self, account: str, title: str, days: int | None) -> NewTokenResponse:
        """Create an API token for a user."""
        key, now = f"beatlens_{tokens.generate_token()}", datetime.now(UTC)
        row = ApiToken(
            id=uuid.uuid4().hex,
            account=account,
            token_sha256=tokens.hash_token(key),
            title=title,
            created=now,
            seen=None,
            expires=now + timedelta(days=days) if days else None,
        )
        with self.database.transaction() as session:
            session.add(row)
        return NewTokenResponse(token=key, **dict(TokenResponse.model_validate(row, from_attributes=True)))

    def tokens(self, account: str) -> TokensResponse:
        """A user's API tokens, without the tokens themselves."""
        wanted = select(ApiToken).where(ApiToken.account == account).order_by(ApiToken.created.desc(), ApiToken.id)
        with self.database.transaction() as session:
            found = [TokenResponse.model_validate(row, from_attributes=True) for row in session.scalars(wanted)]
        return TokensResponse(tokens=found)

    def revoke(self, account: str, id: str) -> int:
        """Revoke an API token; NotFoundError where the user has none of this id."""
        gone = self._delete(delete(ApiToken).where(ApiToken.account == account, ApiToken.id == id))
        if not gone:
            raise NotFoundError(f"You have no token {id}", field="id")
        return gone

    def forget(self) -> None:
        """Have every credential looked up again: roles have changed."""
        with self._lock:
            self._known = {}

    def _find(self, kind: type[KeyRow], key: str) -> tuple[KeyRow, User] | None:
        """The row of a key and its holder; None where there is none, or the account is disabled."""
        wanted = select(kind, Account).join(Account).where(kind.token_sha256 == tokens.hash_token(key))
        with self.database.transaction() as session:
            row = session.execute(wanted).first()
        return None if row is None or row[1].disabled else (row[0], user(row[1]))

    def _note(self, stored: SignIn | ApiToken, now: datetime) -> None:
        """Note the time of a credential's use, to the minute."""
        if stored.seen is None or now - utc(stored.seen) > NOTED:
            with self.database.transaction() as session:
                session.execute(update(type(stored)).where(type(stored).id == stored.id).values(seen=now))

    def _delete(self, which: Delete) -> int:
        with self.database.transaction() as session:
            done = session.execute(which)
            assert isinstance(done, CursorResult)
        self.forget()
        return done.rowcount

    def _remember(self, key: str, credential: Credential) -> Credential:
        with self._lock:
            if len(self._known) >= MOST:
                self._known = {}
            self._known[tokens.hash_token(key)] = (credential, time.monotonic() + TRUSTED)
        return credential
