"""For routes: judgements of maps."""

from typing import Annotated

from backend.deps import provide
from backend.trust.service import TrustService

TrustDep = Annotated[TrustService, provide("trust")]
