"""GET /api/audit."""

from typing import Annotated

from fastapi import APIRouter, Query

from backend.audit.deps import AuditDep
from backend.audit.schemas import AuditResponse
from backend.current_user import at_least
from backend.deps import problems

router = APIRouter(prefix="/audit", tags=["accounts"], dependencies=[at_least("administrator")])


@router.get("", summary="List the audit log", responses=problems(401, 403, 422, 503))
def get_audit(
    audit: AuditDep,
    before: Annotated[int | None, Query(ge=0, le=2**31 - 1, description="Only acts before this one")] = None,
    user: Annotated[str | None, Query(max_length=32, description="Only acts of this person")] = None,
    action: Annotated[str | None, Query(max_length=30)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> AuditResponse:
    """List who did what and when, the latest act first."""
    return audit.entries(before, user, action, limit)
