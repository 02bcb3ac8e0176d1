"""Who is asking, and what that person may do: every route declares `Caller` or `at_least(role)`."""

from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any

from fastapi import Depends, Request

from backend.accounts.roles import ROLES, Role
from backend.errors import ForbiddenError, SignInError


@dataclass(frozen=True)
class User:
    """A person who uses the service."""

    id: str  # uuid hex, or "local"
    name: str
    role: Role

    def may(self, role: Role) -> bool:
        """Whether this person has the role, or one above it."""
        return ROLES.index(self.role) >= ROLES.index(role)


LOCAL = User("local", "Local reader", "administrator")  # everybody, where there are no accounts


async def caller(request: Request) -> User:
    """Whoever asks; SignInError for nobody."""
    user: User | None = getattr(request.state, "user", None)  # backend.accounts.middleware put it there
    if user is None:
        raise SignInError("Sign in first.")
    return user


Caller = Annotated[User, Depends(caller)]


@cache
def at_least(role: Role) -> Any:
    """For `Annotated[User, at_least("lead")]` or `dependencies=[at_least("lead")]`; ForbiddenError below the role."""

    async def check(user: Caller) -> User:
        if not user.may(role):
            raise ForbiddenError(f"This is for the role {role} and above; yours is {user.role}.")
        return user

    return Depends(check)


Annotator = Annotated[User, at_least("annotator")]
Lead = Annotated[User, at_least("lead")]
Administrator = Annotated[User, at_least("administrator")]
