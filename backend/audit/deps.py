"""For routes: the audit log."""

from typing import Annotated

from backend.audit.service import Audit
from backend.deps import provide

AuditDep = Annotated[Audit, provide("audit")]
