"""Links to frozen results."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from backend.audit.deps import AuditDep
from backend.blinding.deps import BlindingDep, VisibilityDep
from backend.current_user import CurrentUser, Visitor
from backend.deps import problems
from backend.links.deps import LinksDep
from backend.links.schemas import LinkDocument, LinkRequest, LinkResponse, LinkRow, LinksResponse
from backend.links.sections.strip import extent
from backend.links.service import frozen

router = APIRouter(prefix="/links", tags=["links"])
Token = Annotated[str, Path(min_length=16, max_length=100, pattern="^[A-Za-z0-9_-]+$")]
LinkId = Annotated[int, Path(ge=1, le=2**31 - 1, description="Id of a link, as your list gives it")]


@router.post("", status_code=201, summary="Share a result", responses=problems(401, 403, 404, 409, 422, 503))
def create_link(
    links: LinksDep, audit: AuditDep, user: CurrentUser, visibility: VisibilityDep, request: LinkRequest
) -> LinkResponse:
    """Freeze a beat with its finished explanations under an address that cannot be guessed."""
    visibility.check_windows(links.predictor, request.recording, request.lead, request.model, request.at)
    context = links.resolve_window(request)
    visibility.check_stretch(context.record.sha256, *extent(context))
    made = links.create(request, context, user)
    audit.record(user.id, "shared", f"link {made.id} of {request.recording}")
    return made


@router.get("", summary="List the caller's links", responses=problems(401, 503))
def list_links(links: LinksDep, user: CurrentUser) -> LinksResponse:
    """List the links that the caller has made."""
    return links.of(user)


@router.delete("/{id}", summary="Withdraw a link", responses=problems(401, 404, 422, 503))
def revoke_link(links: LinksDep, audit: AuditDep, user: CurrentUser, id: LinkId) -> LinkRow:
    """Withdraw a link of the caller: from now on nobody can read it. An administrator withdraws anybody's."""
    row = links.revoke(id, user)
    audit.record(user.id, "revoked", f"link {id} of {row.recording}")
    return row


@router.post("/{id}/restore", summary="Restore a withdrawn link", responses=problems(401, 403, 404, 422, 503))
def restore_link(links: LinksDep, audit: AuditDep, user: CurrentUser, id: LinkId) -> LinkRow:
    """Restore a link that the caller made and withdrew: its address can be read again."""
    row = links.restore(id, user, audit.last("revoked", f"link {id} of "))
    audit.record(user.id, "restored", f"link {id} of {row.recording}")
    return row


@router.get("/{token}", summary="Read a link", responses=problems(401, 403, 404, 409, 410, 422, 503))
def get_link(
    links: LinksDep,
    audit: AuditDep,
    blinding: BlindingDep,
    user: Visitor,
    token: Token,
    copy: Annotated[bool, Query(description="A copy to take away: it is written down as an export")] = False,
) -> LinkDocument:
    """Read a link's document as it was frozen, and what would be different today."""
    link = links.find(token, user)
    document = frozen(link)
    if user is not None:
        fs, times = document.record.fs, document.strip.time
        stretch = (round(document.strip.start * fs), round(document.strip.start * fs) + len(times))
        blinding.of(user.id).check_stretch(document.record.sha256, *stretch)
    if copy:
        audit.record(user.id if user else None, "exported", f"link {link.id} of {link.recording}")
    elif user is not None:
        audit.log_access(user.id, f"link {link.id} of {link.recording}")
    return links.read(link, document, counted=not copy)
