"""For routes: what whoever asks may see."""

from typing import Annotated

from fastapi import Depends

from backend.accounts.current import Caller
from backend.deps import Here
from backend.sessions.blind import Sight


def sight(here: Here, user: Caller) -> Sight:
    """What whoever asks may see."""
    return here.seals.of(user.id)


Sees = Annotated[Sight, Depends(sight)]
