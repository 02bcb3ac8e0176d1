"""Shared results."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request

from backend.accounts.current import Caller, User
from backend.deps import Here, problems
from backend.links.freezing import extent
from backend.links.schemas import LinkDocument, LinkOut, LinkRequest, LinkRow, LinksOut
from backend.links.service import frozen
from backend.sessions.sight import Sees

router = APIRouter(prefix="/links", tags=["links"])
Token = Annotated[str, Path(min_length=16, max_length=100, pattern="^[A-Za-z0-9_-]+$")]
LinkId = Annotated[int, Path(ge=1, le=2**31 - 1, description="Id of a link, as your list gives it")]


async def visitor(request: Request) -> User | None:
    """Whoever asks, or nobody: a link may be read without signing in."""
    user: User | None = getattr(request.state, "user", None)
    return user


@router.post("", status_code=201, responses=problems(401, 403, 404, 409, 422, 503))
def create_link(here: Here, user: Caller, sight: Sees, request: LinkRequest) -> LinkOut:
    """Freeze a beat with its finished explanations under an address that cannot be guessed."""
    sight.at(here.shelf, request.recording, request.beat)
    place = here.links.place(request)
    sight.check_stretch(place.record.sha256, *extent(place))
    made = here.links.create(request, place, user)
    here.audit.record(user.id, "shared", f"link {made.id} of {request.recording}")
    return made


@router.get("", responses=problems(401, 503))
def list_links(here: Here, user: Caller) -> LinksOut:
    """The links that you have made."""
    return here.links.of(user)


@router.delete("/{id}", responses=problems(401, 404, 422, 503))
def revoke_link(here: Here, user: Caller, id: LinkId) -> LinkRow:
    """Withdraw a link of yours: from now on nobody can read it. An administrator withdraws anybody's."""
    row = here.links.revoke(id, user)
    here.audit.record(user.id, "revoked", f"link {id} of {row.recording}")
    return row


@router.get("/{token}", responses=problems(401, 403, 404, 409, 410, 422, 503))
def get_link(
    here: Here,
    user: Annotated[User | None, Depends(visitor)],
    token: Token,
    copy: Annotated[bool, Query(description="A copy to take away: it is written down as an export")] = False,
) -> LinkDocument:
    """The document as frozen, and what would be different today."""
    link = here.links.find(token, user)
    document = frozen(link)
    if user is not None:
        fs, times = document.record.fs, document.strip.time
        stretch = (round(document.strip.start * fs), round(document.strip.start * fs) + len(times))
        here.seals.of(user.id).check_stretch(document.record.sha256, *stretch)
    if copy:
        here.audit.record(user.id if user else None, "exported", f"link {link.id} of {link.recording}")
    elif user is not None:
        here.audit.opened(user.id, f"link {link.id} of {link.recording}")
    return here.links.read(link, document, counted=not copy)
