"""Requests and responses about accounts."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from backend.accounts.passwords import LONGEST, SHORTEST
from backend.roles import Role
from backend.schemas import Strict
from backend.times import Utc


def _name(value: str) -> str:
    if not value.strip() or not value.isprintable():
        raise ValueError("a name has letters, and nothing that cannot be printed")
    return value.strip()


Name = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_name)]
NewPassword = Annotated[str, Field(min_length=SHORTEST, max_length=LONGEST)]
GivenPassword = Annotated[str, Field(max_length=LONGEST)]


class SignInMethodsResponse(BaseModel):
    """The ways to sign in here."""

    accounts: bool  # False: nobody needs to
    oidc: str | None  # words on the button of OpenID Connect; null: there is none
    empty: bool  # there is no account yet, and no OpenID Connect


class MeResponse(BaseModel):
    """The signed-in user."""

    id: str  # "local" where there are no accounts
    name: str
    role: Role
    accounts: bool
    visibility_version: str = (
        ""  # another one whenever what this person may see may have changed; empty where nobody signs in
    )


class SignInRequest(Strict):
    """A local account's name and password."""

    name: Annotated[str, Field(max_length=100)]
    password: GivenPassword


class PasswordChangeRequest(Strict):
    """The caller's old and new password."""

    old: GivenPassword
    new: NewPassword


class EndedResponse(BaseModel):
    """The number of sign-ins or tokens that were ended."""

    ended: int


class SignInResponse(BaseModel):
    """A browser in which the caller is signed in."""

    id: str
    created: Utc
    seen: Utc  # to the minute
    current: bool  # the one that asks


class SignInsResponse(BaseModel):
    """The caller's sign-ins, the latest first."""

    sign_ins: list[SignInResponse]
    password: bool  # one has a password here, and need not come through OpenID Connect


class TokenRequest(Strict):
    """A new API token."""

    title: Name
    days: int | None = Field(None, ge=1, le=3660, description="Days until it ends; null: it does not")


class TokenResponse(BaseModel):
    """An API token, without the token itself."""

    id: str
    title: str
    created: Utc
    seen: Utc | None  # to the minute; null: never used
    expires: Utc | None


class NewTokenResponse(TokenResponse):
    """A new API token: `token` is shown this once."""

    token: str


class TokensResponse(BaseModel):
    """The caller's API tokens, the latest first."""

    tokens: list[TokenResponse]


class UserRequest(Strict):
    """A new local account."""

    name: Name
    role: Role
    password: NewPassword


class UserChangeRequest(Strict):
    """Changes of an account; a field left out stays as it is."""

    role: Role | None = None
    password: NewPassword | None = None
    disabled: bool | None = None


class UserResponse(BaseModel):
    """A user account."""

    id: str
    name: str
    role: Role
    disabled: bool
    local: bool  # signs in with a password kept here
    created: Utc


class UsersResponse(BaseModel):
    """All user accounts, by name."""

    users: list[UserResponse]
