"""What works and what does not."""

from fastapi import APIRouter, Request

from backend.deps import ServicesDep
from backend.health.schemas import Health
from backend.health.service import health

router = APIRouter(tags=["health"])


@router.get("/health")
def get_health(services: ServicesDep, request: Request) -> Health:
    """Every part and its state, always 200 while the service answers; without details for whoever is not signed in."""
    found = health(services)
    return found if request.state.user else found.bare()
