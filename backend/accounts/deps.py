"""For routes: sign-in and accounts."""

from typing import Annotated

from backend.accounts.auth import AuthService
from backend.deps import provide

AuthDep = Annotated[AuthService, provide("auth")]
