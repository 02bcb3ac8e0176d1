"""User accounts and their passwords."""

import unicodedata
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.accounts import passwords
from backend.accounts.schemas import UserChangeRequest, UserResponse, UsersResponse
from backend.accounts.tables import Account
from backend.current_user import LOCAL, User
from backend.database import Database
from backend.errors import ConflictError
from backend.roles import Role
from models.errors import NotFoundError


class Accounts:
    """All user accounts."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def add(self, name: str, role: Role, password: str) -> UserResponse:
        """A new local account; ConflictError where the name is taken."""
        hashed = passwords.hash_password(password)
        with self.database.transaction(writing=True) as session:
            if session.scalar(select(Account.id).where(Account.sign_in == normalised(name))):
                raise ConflictError(f"There is somebody called {name} already", field="name")
            row = _new(name, role, sign_in=normalised(name), password=hashed)
            session.add(row)
            session.flush()
            return out(row)

    def verify(self, name: str, password: str) -> tuple[User | None, str | None]:
        """The user if the password fits, else None; and the account's id wherever there is such a name."""
        with self.database.transaction() as session:
            row = session.scalar(select(Account).where(Account.sign_in == normalised(name)))
        fitting = passwords.verify_password(password, row.password if row else None)
        return user(row) if row and fitting and not row.disabled else None, row.id if row else None

    def has_password(self, id: str, password: str) -> bool:
        """Whether a password is this account's."""
        with self.database.transaction() as session:
            hashed = session.scalar(select(Account.password).where(Account.id == id))
        return passwords.verify_password(password, hashed)

    def get(self, id: str) -> UserResponse:
        """One account; NotFoundError where there is none."""
        with self.database.transaction() as session:
            return out(found(session, id))

    def from_provider(self, issuer: str, subject: str, name: str, role: Role | None) -> User | None:
        """The user whom a provider names; `role` None leaves the role as it is. None for a disabled account."""
        with self.database.transaction(writing=True) as session:
            row = session.scalar(select(Account).where(Account.issuer == issuer, Account.subject == subject))
            if row is None:
                row = _new(name, role or "reader", issuer=issuer, subject=subject)
                session.add(row)
            row.name, row.role = name, role or row.role
            return None if row.disabled else user(row)

    def change(self, id: str, wanted: UserChangeRequest) -> None:
        """Change a role or password, or disable an account; ConflictError where no administrator would remain."""
        hashed = passwords.hash_password(wanted.password) if wanted.password is not None else None
        with self.database.transaction(writing=True) as session:
            row = found(session, id)
            if hashed is not None and row.sign_in is None:
                raise ConflictError(f"{row.name} signs in elsewhere and has no password here", field="password")
            row.password = hashed or row.password
            row.role = wanted.role or row.role
            row.disabled = row.disabled if wanted.disabled is None else wanted.disabled
            session.flush()
            if not _administrators(session):
                raise ConflictError("There has to remain an administrator who can sign in")

    def all(self) -> UsersResponse:
        """All accounts, by name."""
        with self.database.transaction() as session:
            rows = session.scalars(select(Account).order_by(func.lower(Account.name), Account.id))
            return UsersResponse(users=[out(row) for row in rows])

    def names(self, ids: Iterable[str]) -> dict[str, str]:
        """Users' names by id; unknown ids are left out."""
        wanted = set(ids)
        with self.database.transaction() as session:
            rows = session.execute(select(Account.id, Account.name).where(Account.id.in_(wanted)))
            known = {row.id: row.name for row in rows}
        return known | ({LOCAL.id: LOCAL.name} if LOCAL.id in wanted else {})

    def id_of(self, name: str) -> str:
        """The id of a local account; NotFoundError where there is none."""
        with self.database.transaction() as session:
            id = session.scalar(select(Account.id).where(Account.sign_in == normalised(name)))
        if id is None:
            raise NotFoundError(f"There is nobody called {name}", field="name")
        return id

    def empty(self) -> bool:
        """Whether there is no account yet."""
        with self.database.transaction() as session:
            return session.scalar(select(Account.id).limit(1)) is None


def normalised(name: str) -> str:
    """A name in Unicode's NFKC form, trimmed and without case."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def found(session: Session, id: str) -> Account:
    """An account's row; NotFoundError where there is none."""
    row = session.get(Account, id)
    if row is None:
        raise NotFoundError(f"There is no account {id}", field="id")
    return row


def user(row: Account) -> User:
    """The user of an account's row."""
    return User(row.id, row.name, row.role)  # type: ignore[arg-type]  # only roles are written


def out(row: Account) -> UserResponse:
    """The response for an account's row."""
    return UserResponse(
        id=row.id, name=row.name, role=user(row).role, disabled=row.disabled, local=row.sign_in is not None,
        created=row.created,
    )  # fmt: skip


def _new(name: str, role: Role, **more: str) -> Account:
    return Account(id=uuid.uuid4().hex, name=name, role=role, disabled=False, created=datetime.now(UTC), **more)


def _administrators(session: Session) -> int:
    wanted = select(func.count()).where(Account.role == "administrator", Account.disabled.is_(False))
    return session.scalar(wanted) or 0
