"""For routes: what whoever asks may see."""

from typing import Annotated

from fastapi import Depends

from backend.accounts.current import Caller
from backend.deps import ServicesDep
from backend.sessions.blind import Visibility


def visibility(services: ServicesDep, user: Caller) -> Visibility:
    """What whoever asks may see."""
    return services.blinding.of(user.id)


VisibilityDep = Annotated[Visibility, Depends(visibility)]
