"""What Redis and RQ say of one job at one instant, read into a status."""

from dataclasses import dataclass
from typing import Any

from workers import status_store as job_status
from workers.queue_names import DIED
from workers.status import Status


@dataclass(frozen=True)
class JobSnapshot:
    """What Redis said of one job, all at the same instant."""

    attempt_key: str
    attempt: int
    status: Status | None
    used: bool  # this attempt's name is taken: by a job or by its outcome


def ahead_of(rows: list[Any]) -> int | None:
    """Jobs ahead of a waiting one, from (length, its place) of each queue, the most urgent first."""
    ahead = 0
    for length, position in zip(rows[::2], rows[1::2], strict=True):
        if position is not None:
            return ahead + int(position)
        ahead += int(length)
    return None


def by_rq(id: str, job: str | None, progress: bytes | None, ahead: int | None) -> Status | None:
    """The status of an attempt that has neither result nor outcome."""
    if ahead is not None:
        return Status(id=id, status="queued", position=ahead)
    if job == "started":
        return Status(id=id, status="running", progress=job_status.read_progress(progress))
    if job in ("created", "queued", "deferred", "scheduled"):  # a worker takes it at this moment
        return Status(id=id, status="queued", position=0)
    if job in ("failed", "stopped"):
        return Status(id=id, status="failed", error=DIED)
    return None  # never asked for, or finished so long ago that the result has gone
