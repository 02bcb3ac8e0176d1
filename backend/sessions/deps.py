"""For routes: annotation sessions."""

from typing import Annotated

from backend.deps import provide
from backend.sessions.service import Sessions

SessionsDep = Annotated[Sessions, provide("sessions")]
