"""The user who makes a request, and that user's role: every route declares `CurrentUser` or `at_least(role)`."""

from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any

from fastapi import Depends, Request

from backend.errors import ForbiddenError, SignInError
from backend.roles import ROLES, Role


@dataclass(frozen=True)
class User:
    """A person who uses the service."""

    id: str  # uuid hex, or "local"
    name: str
    role: Role

    def may(self, role: Role) -> bool:
        """Whether the user has the role, or one above it."""
        return ROLES.index(self.role) >= ROLES.index(role)


LOCAL = User("local", "Local reader", "administrator")  # everybody, where there are no accounts


async def visitor(request: Request) -> User | None:
    """The signed-in user; None where the request is anonymous."""
    user: User | None = getattr(request.state, "user", None)  # backend.accounts.middleware put it there
    return user


async def current_user(user: Annotated[User | None, Depends(visitor)]) -> User:
    """The signed-in user. Raises SignInError if the request is anonymous."""
    if user is None:
        raise SignInError("Sign in first.")
    return user


Visitor = Annotated[User | None, Depends(visitor)]
CurrentUser = Annotated[User, Depends(current_user)]


@cache
def at_least(role: Role) -> Any:
    """For `Annotated[User, at_least("lead")]` or `dependencies=[at_least("lead")]`; ForbiddenError below the role."""

    async def check(user: CurrentUser) -> User:
        if not user.may(role):
            raise ForbiddenError(f"This is for the role {role} and above; yours is {user.role}.")
        return user

    return Depends(check)


Annotator = Annotated[User, at_least("annotator")]
Lead = Annotated[User, at_least("lead")]
Administrator = Annotated[User, at_least("administrator")]
