"""For routes: uploads."""

from typing import Annotated

from backend.deps import provide
from backend.uploads.service import UploadService

UploadDep = Annotated[UploadService, provide("uploads")]
