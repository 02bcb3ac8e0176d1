"""For routes: explanations of many beats."""

from typing import Annotated

from backend.bulk.service import BulkService
from backend.deps import provide

BulkDep = Annotated[BulkService, provide("bulk")]
