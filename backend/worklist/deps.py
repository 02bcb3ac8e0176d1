"""For routes: the list of recordings."""

from typing import Annotated

from backend.deps import provide
from backend.worklist.service import Worklist

WorklistDep = Annotated[Worklist, provide("worklist")]
