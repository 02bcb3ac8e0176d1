"""For routes: links."""

from typing import Annotated

from backend.deps import provide
from backend.links.service import Links

LinksDep = Annotated[Links, provide("links")]
