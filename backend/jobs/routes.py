"""One stream for all the jobs that somebody follows."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from backend.blinding.deps import VisibilityDep
from backend.blinding.visibility import Visibility
from backend.bulk.deps import BulkDep
from backend.bulk.service import BulkService
from backend.current_user import CurrentUser, User, at_least
from backend.deps import problems
from backend.events import STREAM, Follower, following
from backend.tasks.deps import TasksDep, allowed
from backend.tasks.service import TaskService
from models.errors import DomainError
from workers.status import StatusOf

router = APIRouter(tags=["tasks"], dependencies=[at_least("reader")])

MOST = 64  # jobs of one stream
Job = Annotated[str, Field(pattern="^(tasks/[a-z0-9_-]{1,100}|bulk)/[0-9a-f]{32}$")]
Jobs = Annotated[
    list[Job], Query(alias="job", min_length=1, max_length=MOST, description="Paths of jobs: bulk/…, tasks/trust/…")
]


@router.get(
    "/events",
    summary="Follow several jobs",
    response_class=StreamingResponse,
    responses={**STREAM, **problems(401, 403, 422)},
)
async def follow(
    tasks: TasksDep, bulk: BulkDep, user: CurrentUser, visibility: VisibilityDep, jobs: Jobs, follower: Follower = None
) -> StreamingResponse:
    """Stream each change of each job as an event named "status", until all have ended; what may not be told fails."""
    followed = FollowedJobs(tasks, bulk, user, visibility, follower)
    return following(*(followed.changes(job) for job in dict.fromkeys(jobs)))


class FollowedJobs:
    """The jobs of one follower."""

    def __init__(
        self, tasks: TaskService, bulk: BulkService, user: User, visibility: Visibility, follower: str | None
    ) -> None:
        self.tasks = tasks
        self.bulk = bulk
        self.user = user
        self.visibility = visibility
        self.follower = follower

    async def changes(self, job: str) -> AsyncGenerator[BaseModel]:
        """Each change of a job until it has ended; why it cannot be told comes as its failure."""
        kind, _, id = job.rpartition("/")
        try:
            self.visibility.check_result(id)
            async with aclosing(await self._open(kind, id)) as told:
                async for status in told:
                    yield status
        except DomainError as error:
            yield StatusOf[Any](id=id, status="failed", error=str(error))

    async def _open(self, kind: str, id: str) -> AsyncGenerator[Any]:
        if kind == "bulk":
            return await self.bulk.follow(id)
        return await self.tasks.follow(allowed(kind.removeprefix("tasks/"), self.user), id, self.follower)
