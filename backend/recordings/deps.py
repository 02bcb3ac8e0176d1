"""For routes: the recordings there are."""

from typing import Annotated

from backend.deps import provide
from backend.recordings.service import RecordingRepository

RecordingRepositoryDep = Annotated[RecordingRepository, provide("repository")]
