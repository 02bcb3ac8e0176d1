"""Shared results."""

from typing import Annotated

from fastapi import APIRouter, Path

from backend.accounts.current import Caller
from backend.deps import Here, problems
from backend.links.schemas import LinkDocument, LinkOut, LinkRequest

router = APIRouter(prefix="/links", tags=["links"])
Token = Annotated[str, Path(min_length=16, max_length=100, pattern="^[A-Za-z0-9_-]+$")]


@router.post("", status_code=201, responses=problems(401, 403, 404, 409, 422, 503))
def create_link(here: Here, user: Caller, request: LinkRequest) -> LinkOut:
    """Freeze a beat with its finished explanations under an address that cannot be guessed."""
    made = here.links.create(request)
    here.audit.record(user.id, "shared", request.recording)
    return made


@router.get("/{token}", responses=problems(404, 409, 503))
def get_link(here: Here, token: Token) -> LinkDocument:
    """The document as frozen, and what would be different today."""
    return here.links.read(token)
