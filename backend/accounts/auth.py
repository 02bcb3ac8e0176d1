"""Signing in, by password or through the provider; both end in the value of a cookie."""

from anyio import CapacityLimiter, to_thread

from backend.accounts.credentials import CredentialStore
from backend.accounts.oidc import Identity, Provider
from backend.accounts.schemas import PasswordChangeRequest, SignInMethodsResponse, UserChangeRequest
from backend.accounts.service import Accounts, normalised
from backend.accounts.throttle import Throttle
from backend.audit.service import Audit
from backend.current_user import User
from backend.database import Database
from backend.errors import ForbiddenError, SignInError
from backend.settings import Settings

AT_ONCE = 2  # passwords looked at: each takes a core for some 50 ms, and 64 MiB


class AuthService:
    """Everything about accounts that lives as long as the application."""

    def __init__(self, settings: Settings, database: Database, audit: Audit) -> None:
        self.settings = settings
        self.audit = audit
        self.accounts = Accounts(database)
        self.credentials = CredentialStore(database, settings.session_hours, settings.idle_minutes)
        self.throttle = Throttle()
        self.provider = Provider(settings) if settings.oidc_issuer else None
        self._limiter = CapacityLimiter(AT_ONCE)

    def methods(self) -> SignInMethodsResponse:
        """The ways to sign in here."""
        needed = self.settings.accounts
        title = self.settings.oidc_title if self.provider and needed else None
        return SignInMethodsResponse(
            accounts=needed, oidc=title, empty=needed and not self.provider and self.accounts.empty()
        )

    async def sign_in(self, name: str, password: str, address: str) -> tuple[User, str]:
        """The user and a new cookie; SignInError, or TooManyError for whoever goes on guessing."""
        account = normalised(name)
        self.throttle.attempt(account, address)
        user, key = await to_thread.run_sync(self._checked, name, password, limiter=self._limiter)
        self.throttle.forgive(account, address)
        return user, key

    def _checked(self, name: str, password: str) -> tuple[User, str]:
        user, id = self.accounts.verify(name, password)
        if user is None:
            self.audit.record(id, "sign-in failed")
            raise SignInError("Name and password do not fit together.")
        return user, self._begin(user)

    def complete_oidc_login(self, identity: Identity) -> tuple[User, str]:
        """The user that the provider vouches for, and a new cookie; ForbiddenError for a disabled account."""
        user = self.accounts.from_provider(identity.issuer, identity.subject, identity.name, identity.role)
        self.credentials.forget()
        if user is None:
            raise ForbiddenError("Your account here is disabled: ask an administrator of Beatlens.")
        return user, self._begin(user)

    def _begin(self, user: User) -> str:
        key = self.credentials.begin(user.id)
        self.audit.record(user.id, "signed in")
        return key

    def sign_out(self, user: User, only: str | None = None) -> int:
        """Sign a user out of one browser, or of all; the number of sign-ins that ended."""
        ended = self.credentials.end(user.id, only=only)
        self.audit.record(user.id, "signed out")
        return ended

    async def change_password(
        self, user: User, wanted: PasswordChangeRequest, sign_in: str | None, address: str
    ) -> None:
        """Change a user's own password and end all other sign-ins; ForbiddenError where the old one does not fit."""
        self.throttle.attempt(user.id, address)
        await to_thread.run_sync(self._changed, user, wanted, sign_in, limiter=self._limiter)
        self.throttle.forgive(user.id, address)

    def _changed(self, user: User, wanted: PasswordChangeRequest, sign_in: str | None) -> None:
        if not self.accounts.has_password(user.id, wanted.old):
            self.audit.record(user.id, "sign-in failed")
            raise ForbiddenError("That is not your password.", field="old")
        self.change(user, user.id, UserChangeRequest(password=wanted.new), but=sign_in)

    def change(self, by: User, id: str, wanted: UserChangeRequest, but: str | None = None) -> None:
        """Change an account; a new password and disabling sign the user out, except in the browser `but`."""
        self.accounts.change(id, wanted)
        if wanted.password is not None or wanted.disabled:
            self.credentials.end(id, but=but)
        self.credentials.forget()
        self.audit.record(by.id, "account", f"{id} {changed(wanted)}".strip())


def changed(wanted: UserChangeRequest) -> str:
    """What a change of an account did, for the log: `role lead, disabled`; never a password."""
    able = {True: "disabled", False: "enabled", None: ""}[wanted.disabled]
    role = f"role {wanted.role}" if wanted.role else ""
    return ", ".join(part for part in (role, able, "new password" if wanted.password is not None else "") if part)
