"""Signing in, one's own account, and everybody's."""

import logging
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from backend.accounts import oidc
from backend.accounts.current import LOCAL, Administrator, Caller, Lead, User
from backend.accounts.middleware import COOKIE
from backend.accounts.schemas import (
    Ended,
    Me,
    NewToken,
    PasswordChange,
    SignInMethods,
    SignInRequest,
    SignInsResponse,
    TokenRequest,
    TokensResponse,
    UserChange,
    UserRequest,
    UserResponse,
    UsersResponse,
)
from backend.deps import Services, ServicesDep, problems
from backend.errors import ConflictError, ForbiddenError, SignInError, UnavailableError
from models.errors import DomainError, NotFoundError

log = logging.getLogger("beatlens.api")
PROBLEMS = {SignInError: "unfinished", ForbiddenError: "disabled", UnavailableError: "silent"}
router = APIRouter(tags=["accounts"])
Id = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
AWAY, AWAY_PATH, AWAY_SECONDS = "beatlens_away", "/api/sign-in/oidc", 600  # kept while a person is with the provider


async def account(user: Caller) -> User:
    """Whoever asks, if it is somebody with an account."""
    if user.id == LOCAL.id:
        raise ConflictError("There are no accounts here: see BEATLENS_ACCOUNTS")
    return user


Own = Annotated[User, Depends(account)]


@router.get("/sign-in", responses=problems(503))
def get_sign_in_methods(services: ServicesDep) -> SignInMethods:
    """How one signs in here."""
    return services.auth.ways()


@router.post("/sign-in", responses=problems(401, 403, 409, 422, 429, 503))
async def sign_in(services: ServicesDep, request: Request, response: Response, ask: SignInRequest) -> Me:
    """Sign in by name and password; the answer sets the cookie."""
    if not services.settings.accounts:
        raise ConflictError("There are no accounts here: see BEATLENS_ACCOUNTS")
    user, key = await services.auth.sign_in(ask.name, ask.password, _address(request))
    _give(response, request, services, key)
    return _me(services, user)


@router.get("/sign-in/oidc", include_in_schema=False)
def go_to_provider(
    services: ServicesDep, request: Request, then: Annotated[str, Query(max_length=2000)] = "/"
) -> Response:
    """Send the browser to the OpenID Connect provider."""
    try:
        url, waiting = _provider(services).begin(_back(request), oidc.ours(then))
    except UnavailableError as error:
        return _unlucky(error)
    answer = RedirectResponse(url, 303)
    answer.set_cookie(
        AWAY, waiting.model_dump_json(), max_age=AWAY_SECONDS, path=AWAY_PATH, httponly=True, samesite="lax",
        secure=request.url.scheme == "https",
    )  # fmt: skip
    return answer


@router.get("/sign-in/oidc/back", include_in_schema=False)
def come_back(
    services: ServicesDep,
    request: Request,
    code: Annotated[str, Query(max_length=4000)] = "",
    state: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Where the provider sends the browser back to."""
    provider = _provider(services)
    try:
        waiting = oidc.waiting(request.cookies.get(AWAY))
        _, key = services.auth.complete_oidc_login(provider.finish(_back(request), waiting, code, state))
    except (SignInError, ForbiddenError, UnavailableError) as error:
        return _unlucky(error)
    answer = RedirectResponse(waiting.then, 303)
    answer.delete_cookie(AWAY, path=AWAY_PATH)
    _give(answer, request, services, key)
    return answer


@router.post("/sign-out", responses=problems(401, 403, 409, 503))
def sign_out(services: ServicesDep, user: Own, request: Request, response: Response) -> Ended:
    """Sign out of this browser."""
    response.delete_cookie(COOKIE)
    return Ended(ended=services.auth.sign_out(user, only=request.state.sign_in or ""))


@router.get("/account", responses=problems(401, 503))
def get_account(services: ServicesDep, user: Caller) -> Me:
    """Who one is."""
    version = services.blinding.visibility_version(user.id) if services.settings.accounts else ""
    return _me(services, user).model_copy(update={"visibility_version": version})


@router.put("/account/password", responses=problems(401, 403, 409, 422, 429, 503))
async def change_password(services: ServicesDep, user: Own, request: Request, ask: PasswordChange) -> Me:
    """Change one's own password; all other browsers are signed out."""
    await services.auth.change_password(user, ask, request.state.sign_in, _address(request))
    return _me(services, user)


@router.get("/account/sign-ins", responses=problems(401, 409, 503))
def list_sign_ins(services: ServicesDep, user: Own, request: Request) -> SignInsResponse:
    """The browsers in which one is signed in."""
    return services.auth.credentials.sign_ins(user.id, request.state.sign_in)


@router.delete("/account/sign-ins", responses=problems(401, 403, 409, 503))
def sign_out_everywhere(services: ServicesDep, user: Own) -> Ended:
    """Sign out of all of them."""
    return Ended(ended=services.auth.sign_out(user))


@router.get("/account/tokens", responses=problems(401, 409, 503))
def list_tokens(services: ServicesDep, user: Own) -> TokensResponse:
    """One's own keys for scripts."""
    return services.auth.credentials.tokens(user.id)


@router.post("/account/tokens", status_code=201, responses=problems(401, 403, 409, 422, 503))
def add_token(services: ServicesDep, user: Own, ask: TokenRequest) -> NewToken:
    """A new one, with one's own role: `Authorization: Bearer …`."""
    return services.auth.credentials.new_token(user.id, ask.title, ask.days)


@router.delete("/account/tokens/{id}", responses=problems(401, 403, 404, 409, 422, 503))
def revoke_token(services: ServicesDep, user: Own, id: Id) -> Ended:
    """End one."""
    return Ended(ended=services.auth.credentials.revoke(user.id, id))


@router.get("/users", responses=problems(401, 403, 503))
def list_users(services: ServicesDep, _: Lead) -> UsersResponse:
    """Everybody."""
    return services.auth.accounts.all()


@router.post("/users", status_code=201, responses=problems(401, 403, 409, 422, 503))
def add_user(services: ServicesDep, by: Administrator, ask: UserRequest) -> UserResponse:
    """A new local account."""
    made = services.auth.accounts.add(ask.name, ask.role, ask.password)
    services.audit.record(by.id, "account", made.id)
    return made


@router.patch("/users/{id}", responses=problems(401, 403, 404, 409, 422, 503))
def change_user(services: ServicesDep, by: Administrator, id: Id, ask: UserChange) -> UserResponse:
    """Another role or password, or disabled."""
    services.auth.change(by, id, ask)
    return services.auth.accounts.get(id)


@router.delete("/users/{id}/sign-ins", responses=problems(401, 403, 404, 422, 503))
def sign_user_out(services: ServicesDep, by: Administrator, id: Id) -> Ended:
    """Sign somebody out of every browser."""
    services.auth.accounts.get(id)
    ended = services.auth.credentials.end(id)
    services.audit.record(by.id, "account", id)
    return Ended(ended=ended)


def _me(services: Services, user: User) -> Me:
    return Me(id=user.id, name=user.name, role=user.role, accounts=services.settings.accounts)


def _give(response: Response, request: Request, services: Services, key: str) -> None:
    response.set_cookie(
        COOKIE, key, max_age=round(services.settings.session_hours * 3600), httponly=True, samesite="lax",
        secure=request.url.scheme == "https",
    )  # fmt: skip


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _back(request: Request) -> str:
    return str(request.url_for("come_back"))


def _unlucky(error: DomainError) -> Response:
    """The page on which one signs in, with the problem by name."""
    log.warning("sign-in by OpenID Connect: %s", error.__cause__ or error)
    return RedirectResponse(f"/sign-in?problem={PROBLEMS[type(error)]}", 303)


def _provider(services: Services) -> oidc.Provider:
    if services.auth.provider is None or not services.settings.accounts:
        raise NotFoundError("There is no sign-in by OpenID Connect here: see BEATLENS_OIDC_ISSUER")
    return services.auth.provider
