"""What works and what does not."""

from fastapi import APIRouter, Request

from backend.deps import Here
from backend.health.schemas import Health
from backend.health.service import health

router = APIRouter(tags=["health"])


@router.get("/health")
def get_health(here: Here, request: Request) -> Health:
    """Every part and its state, always 200 while the service answers; without details for whoever is not signed in."""
    found = health(here)
    return found if request.state.user else found.bare()
