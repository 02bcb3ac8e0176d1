"""For routes: what readers said."""

from typing import Annotated

from backend.deps import provide
from backend.readings.service import ReadingLog

ReadingLogDep = Annotated[ReadingLog, provide("readings")]
