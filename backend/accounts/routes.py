"""Sign-in, the caller's own account, and all accounts."""

import logging
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from backend.accounts import oidc
from backend.accounts.auth import AuthService
from backend.accounts.deps import AuthDep
from backend.accounts.middleware import COOKIE
from backend.accounts.schemas import (
    EndedResponse,
    MeResponse,
    NewTokenResponse,
    PasswordChangeRequest,
    SignInMethodsResponse,
    SignInRequest,
    SignInsResponse,
    TokenRequest,
    TokensResponse,
    UserChangeRequest,
    UserRequest,
    UserResponse,
    UsersResponse,
)
from backend.audit.deps import AuditDep
from backend.blinding.deps import BlindingDep
from backend.current_user import LOCAL, Administrator, CurrentUser, Lead, User
from backend.deps import SettingsDep, problems
from backend.errors import ConflictError, ForbiddenError, SignInError, UnavailableError
from backend.settings import Settings
from models.errors import DomainError, NotFoundError

log = logging.getLogger("beatlens.api")
PROBLEMS = {SignInError: "unfinished", ForbiddenError: "disabled", UnavailableError: "silent"}
router = APIRouter(tags=["accounts"])
Id = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
AWAY, AWAY_PATH, AWAY_SECONDS = "beatlens_away", "/api/sign-in/oidc", 600  # kept while a person is with the provider


async def account(user: CurrentUser) -> User:
    """The caller, who must have an account."""
    if user.id == LOCAL.id:
        raise ConflictError("There are no accounts here: see BEATLENS_ACCOUNTS")
    return user


Own = Annotated[User, Depends(account)]


@router.get("/sign-in", summary="List the ways to sign in", responses=problems(503))
def get_sign_in_methods(auth: AuthDep) -> SignInMethodsResponse:
    """List the ways in which users sign in here."""
    return auth.methods()


@router.post("/sign-in", summary="Sign in", responses=problems(401, 403, 409, 422, 429, 503))
async def sign_in(
    auth: AuthDep, settings: SettingsDep, request: Request, response: Response, body: SignInRequest
) -> MeResponse:
    """Sign in by name and password; the answer sets the cookie."""
    if not settings.accounts:
        raise ConflictError("There are no accounts here: see BEATLENS_ACCOUNTS")
    user, key = await auth.sign_in(body.name, body.password, _address(request))
    _set_cookie(response, request, settings, key)
    return _me(settings, user)


@router.get("/sign-in/oidc", include_in_schema=False)
def go_to_provider(
    auth: AuthDep, settings: SettingsDep, request: Request, then: Annotated[str, Query(max_length=2000)] = "/"
) -> Response:
    """Send the browser to the OpenID Connect provider."""
    try:
        url, waiting = _provider(auth, settings).begin(_back(request), oidc.own_path(then))
    except UnavailableError as error:
        return _to_sign_in_page(error)
    answer = RedirectResponse(url, 303)
    answer.set_cookie(
        AWAY, waiting.model_dump_json(), max_age=AWAY_SECONDS, path=AWAY_PATH, httponly=True, samesite="lax",
        secure=request.url.scheme == "https",
    )  # fmt: skip
    return answer


@router.get("/sign-in/oidc/back", include_in_schema=False)
def come_back(
    auth: AuthDep,
    settings: SettingsDep,
    request: Request,
    code: Annotated[str, Query(max_length=4000)] = "",
    state: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Complete a sign-in by OpenID Connect: the provider sends the browser back to here."""
    provider = _provider(auth, settings)
    try:
        waiting = oidc.waiting(request.cookies.get(AWAY))
        _, key = auth.complete_oidc_login(provider.finish(_back(request), waiting, code, state))
    except (SignInError, ForbiddenError, UnavailableError) as error:
        return _to_sign_in_page(error)
    answer = RedirectResponse(waiting.then, 303)
    answer.delete_cookie(AWAY, path=AWAY_PATH)
    _set_cookie(answer, request, settings, key)
    return answer


@router.post("/sign-out", summary="Sign out", responses=problems(401, 403, 409, 503))
def sign_out(auth: AuthDep, user: Own, request: Request, response: Response) -> EndedResponse:
    """Sign the caller out of this browser."""
    response.delete_cookie(COOKIE)
    return EndedResponse(ended=auth.sign_out(user, only=request.state.sign_in or ""))


@router.get("/account", summary="Get the caller", responses=problems(401, 503))
def get_account(settings: SettingsDep, blinding: BlindingDep, user: CurrentUser) -> MeResponse:
    """Get the signed-in user, and the version of what that user may see."""
    version = blinding.visibility_version(user.id) if settings.accounts else ""
    return _me(settings, user).model_copy(update={"visibility_version": version})


@router.put(
    "/account/password", summary="Change the caller's password", responses=problems(401, 403, 409, 422, 429, 503)
)
async def change_password(
    auth: AuthDep, settings: SettingsDep, user: Own, request: Request, body: PasswordChangeRequest
) -> MeResponse:
    """Change the caller's password; all other browsers are signed out."""
    await auth.change_password(user, body, request.state.sign_in, _address(request))
    return _me(settings, user)


@router.get("/account/sign-ins", summary="List the caller's sign-ins", responses=problems(401, 409, 503))
def list_sign_ins(auth: AuthDep, user: Own, request: Request) -> SignInsResponse:
    """List the browsers in which the caller is signed in."""
    return auth.credentials.sign_ins(user.id, request.state.sign_in)


@router.delete("/account/sign-ins", summary="Sign out everywhere", responses=problems(401, 403, 409, 503))
def sign_out_everywhere(auth: AuthDep, user: Own) -> EndedResponse:
    """Sign the caller out of every browser."""
    return EndedResponse(ended=auth.sign_out(user))


@router.get("/account/tokens", summary="List the caller's API tokens", responses=problems(401, 409, 503))
def list_tokens(auth: AuthDep, user: Own) -> TokensResponse:
    """List the caller's API tokens, without the tokens themselves."""
    return auth.credentials.tokens(user.id)


@router.post(
    "/account/tokens", status_code=201, summary="Create an API token", responses=problems(401, 403, 409, 422, 503)
)
def add_token(auth: AuthDep, audit: AuditDep, user: Own, body: TokenRequest) -> NewTokenResponse:
    """Create an API token with the caller's role. Send it as `Authorization: Bearer …`."""
    made = auth.credentials.new_token(user.id, body.title, body.days)
    audit.record(user.id, "account", f"{user.id} token {made.id} made")
    return made


@router.delete("/account/tokens/{id}", summary="Revoke an API token", responses=problems(401, 403, 404, 409, 422, 503))
def revoke_token(auth: AuthDep, audit: AuditDep, user: Own, id: Id) -> EndedResponse:
    """Revoke one of the caller's API tokens."""
    ended = auth.credentials.revoke(user.id, id)
    audit.record(user.id, "account", f"{user.id} token {id} revoked")
    return EndedResponse(ended=ended)


@router.get("/users", summary="List user accounts", responses=problems(401, 403, 503))
def list_users(auth: AuthDep, _: Lead) -> UsersResponse:
    """List all user accounts (leads and administrators)."""
    return auth.accounts.all()


@router.post("/users", status_code=201, summary="Create a user account", responses=problems(401, 403, 409, 422, 503))
def add_user(auth: AuthDep, audit: AuditDep, by: Administrator, body: UserRequest) -> UserResponse:
    """Create a local user account."""
    made = auth.accounts.add(body.name, body.role, body.password)
    audit.record(by.id, "account", f"{made.id} made, role {made.role}")
    return made


@router.patch("/users/{id}", summary="Change a user account", responses=problems(401, 403, 404, 409, 422, 503))
def change_user(auth: AuthDep, by: Administrator, id: Id, body: UserChangeRequest) -> UserResponse:
    """Change a user account's role or password, or disable it."""
    auth.change(by, id, body)
    return auth.accounts.get(id)


@router.delete("/users/{id}/sign-ins", summary="Sign a user out", responses=problems(401, 403, 404, 422, 503))
def sign_user_out(auth: AuthDep, audit: AuditDep, by: Administrator, id: Id) -> EndedResponse:
    """Sign a user out of every browser."""
    auth.accounts.get(id)
    ended = auth.credentials.end(id)
    audit.record(by.id, "account", f"{id} signed out")
    return EndedResponse(ended=ended)


def _me(settings: Settings, user: User) -> MeResponse:
    return MeResponse(id=user.id, name=user.name, role=user.role, accounts=settings.accounts)


def _set_cookie(response: Response, request: Request, settings: Settings, key: str) -> None:
    response.set_cookie(
        COOKIE, key, max_age=round(settings.session_hours * 3600), httponly=True, samesite="lax",
        secure=request.url.scheme == "https",
    )  # fmt: skip


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _back(request: Request) -> str:
    return str(request.url_for("come_back"))


def _to_sign_in_page(error: DomainError) -> Response:
    """The page on which users sign in, with the problem by name."""
    log.warning("sign-in by OpenID Connect: %s", error.__cause__ or error)
    return RedirectResponse(f"/sign-in?problem={PROBLEMS[type(error)]}", 303)


def _provider(auth: AuthService, settings: Settings) -> oidc.Provider:
    if auth.provider is None or not settings.accounts:
        raise NotFoundError("There is no sign-in by OpenID Connect here: see BEATLENS_OIDC_ISSUER")
    return auth.provider
