"""GET /api/health."""

from fastapi import APIRouter

from backend.current_user import Visitor
from backend.health.deps import HealthDep
from backend.health.schemas import HealthResponse

router = APIRouter(tags=["health"])


@router.get("/health", summary="Get the service's health")
def get_health(service: HealthDep, user: Visitor) -> HealthResponse:
    """Get the state of every part, always as 200 while the service answers; anonymous callers get no details."""
    found = service.health()
    return found if user else found.bare()
