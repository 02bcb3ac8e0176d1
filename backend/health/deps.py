"""For routes: the state of every part."""

from typing import Annotated

from backend.deps import provide
from backend.health.service import HealthService

HealthDep = Annotated[HealthService, provide("health")]
