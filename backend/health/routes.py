"""What works and what does not."""

from fastapi import APIRouter

from backend.deps import Here
from backend.health.schemas import Health
from backend.health.service import health

router = APIRouter(tags=["health"])


@router.get("/health")
def get_health(here: Here) -> Health:
    """Every part and its state; always 200 while the service itself answers."""
    return health(here)
