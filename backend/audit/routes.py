"""GET /api/audit."""

from typing import Annotated

from fastapi import APIRouter, Query

from backend.accounts.current import at_least
from backend.audit.schemas import AuditResponse
from backend.deps import ServicesDep, problems

router = APIRouter(prefix="/audit", tags=["accounts"], dependencies=[at_least("administrator")])


@router.get("", responses=problems(401, 403, 422, 503))
def get_audit(
    services: ServicesDep,
    before: Annotated[int | None, Query(ge=0, le=2**31 - 1, description="Only acts before this one")] = None,
    user: Annotated[str | None, Query(max_length=32, description="Only acts of this person")] = None,
    action: Annotated[str | None, Query(max_length=30)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> AuditResponse:
    """Who did what and when, the latest first."""
    return services.audit.entries(before, user, action, limit)
