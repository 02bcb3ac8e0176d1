"""For routes: what the caller may see."""

from typing import Annotated

from fastapi import Depends

from backend.blinding.service import BlindingService
from backend.blinding.visibility import Visibility
from backend.current_user import CurrentUser
from backend.deps import provide

BlindingDep = Annotated[BlindingService, provide("blinding")]


def visibility(blinding: BlindingDep, user: CurrentUser) -> Visibility:
    """The visibility of the caller."""
    return blinding.of(user.id)


VisibilityDep = Annotated[Visibility, Depends(visibility)]
