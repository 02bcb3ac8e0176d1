"""Shared results."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request

from backend.accounts.current import Caller, User
from backend.deps import ServicesDep, problems
from backend.links.freezing import extent
from backend.links.schemas import LinkDocument, LinkRequest, LinkResponse, LinkRow, LinksResponse
from backend.links.service import frozen
from backend.sessions.visibility import VisibilityDep

router = APIRouter(prefix="/links", tags=["links"])
Token = Annotated[str, Path(min_length=16, max_length=100, pattern="^[A-Za-z0-9_-]+$")]
LinkId = Annotated[int, Path(ge=1, le=2**31 - 1, description="Id of a link, as your list gives it")]


async def visitor(request: Request) -> User | None:
    """Whoever asks, or nobody: a link may be read without signing in."""
    user: User | None = getattr(request.state, "user", None)
    return user


@router.post("", status_code=201, responses=problems(401, 403, 404, 409, 422, 503))
def create_link(services: ServicesDep, user: Caller, visibility: VisibilityDep, request: LinkRequest) -> LinkResponse:
    """Freeze a beat with its finished explanations under an address that cannot be guessed."""
    visibility.at(services.repository, request.recording, request.beat)
    context = services.links.resolve_window(request)
    visibility.check_stretch(context.record.sha256, *extent(context))
    made = services.links.create(request, context, user)
    services.audit.record(user.id, "shared", f"link {made.id} of {request.recording}")
    return made


@router.get("", responses=problems(401, 503))
def list_links(services: ServicesDep, user: Caller) -> LinksResponse:
    """The links that you have made."""
    return services.links.of(user)


@router.delete("/{id}", responses=problems(401, 404, 422, 503))
def revoke_link(services: ServicesDep, user: Caller, id: LinkId) -> LinkRow:
    """Withdraw a link of yours: from now on nobody can read it. An administrator withdraws anybody's."""
    row = services.links.revoke(id, user)
    services.audit.record(user.id, "revoked", f"link {id} of {row.recording}")
    return row


@router.get("/{token}", responses=problems(401, 403, 404, 409, 410, 422, 503))
def get_link(
    services: ServicesDep,
    user: Annotated[User | None, Depends(visitor)],
    token: Token,
    copy: Annotated[bool, Query(description="A copy to take away: it is written down as an export")] = False,
) -> LinkDocument:
    """The document as frozen, and what would be different today."""
    link = services.links.find(token, user)
    document = frozen(link)
    if user is not None:
        fs, times = document.record.fs, document.strip.time
        stretch = (round(document.strip.start * fs), round(document.strip.start * fs) + len(times))
        services.blinding.of(user.id).check_stretch(document.record.sha256, *stretch)
    if copy:
        services.audit.record(user.id if user else None, "exported", f"link {link.id} of {link.recording}")
    elif user is not None:
        services.audit.opened(user.id, f"link {link.id} of {link.recording}")
    return services.links.read(link, document, counted=not copy)
