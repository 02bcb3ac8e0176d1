"""What the service says about accounts."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from backend.accounts.passwords import LONGEST, SHORTEST
from backend.accounts.roles import Role
from backend.times import Utc


def _name(value: str) -> str:
    if not value.strip() or not value.isprintable():
        raise ValueError("a name has letters, and nothing that cannot be printed")
    return value.strip()


Name = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_name)]
NewPassword = Annotated[str, Field(min_length=SHORTEST, max_length=LONGEST)]
GivenPassword = Annotated[str, Field(max_length=LONGEST)]


class Strict(BaseModel):
    """A request; what it does not know it refuses."""

    model_config = ConfigDict(extra="forbid")


class SignInMethods(BaseModel):
    """How one signs in here."""

    accounts: bool  # False: nobody needs to
    oidc: str | None  # words on the button of OpenID Connect; null: there is none
    empty: bool  # there is no account yet, and no OpenID Connect


class Me(BaseModel):
    """Whoever asks."""

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


class PasswordChange(Strict):
    """One's own password."""

    old: GivenPassword
    new: NewPassword


class Ended(BaseModel):
    """How many were ended."""

    ended: int


class SignInResponse(BaseModel):
    """One browser in which one is signed in."""

    id: str
    created: Utc
    seen: Utc  # to the minute
    current: bool  # the one that asks


class SignInsResponse(BaseModel):
    """All of them, the latest first."""

    sign_ins: list[SignInResponse]
    password: bool  # one has a password here, and need not come through OpenID Connect


class TokenRequest(Strict):
    """A key for a script."""

    title: Name
    days: int | None = Field(None, ge=1, le=3660, description="Days until it ends; null: it does not")


class TokenResponse(BaseModel):
    """A key, without the key."""

    id: str
    title: str
    created: Utc
    seen: Utc | None  # to the minute; null: never used
    expires: Utc | None


class NewToken(TokenResponse):
    """A new one: `token` is shown this once."""

    token: str


class TokensResponse(BaseModel):
    """One's own keys, the latest first."""

    tokens: list[TokenResponse]


class UserRequest(Strict):
    """A new local account."""

    name: Name
    role: Role
    password: NewPassword


class UserChange(Strict):
    """What is to be different; what is left out stays."""

    role: Role | None = None
    password: NewPassword | None = None
    disabled: bool | None = None


class UserResponse(BaseModel):
    """Somebody."""

    id: str
    name: str
    role: Role
    disabled: bool
    local: bool  # signs in with a password kept here
    created: Utc


class UsersResponse(BaseModel):
    """Everybody, by name."""

    users: list[UserResponse]
