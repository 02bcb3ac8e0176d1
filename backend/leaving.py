"""What becomes of a job that somebody no longer waits for."""

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import Depends, Query

from backend.events import Follower
from workers.queue import Queue
from workers.status import Urgency

AHEAD: tuple[Urgency, ...] = ("secondary", "prefetch")  # queues of what a page asks for by itself


@dataclass(frozen=True)
class Left:
    """How a job was left."""

    only: Literal["prefetch", "left"]
    follower: str | None

    def of(self, queue: Queue, id: str) -> bool:
        """Drop the job `id`; whether it waited and is forgotten."""
        return queue.drop(id, AHEAD) if self.only == "prefetch" else queue.leave(id, self.follower)


def left(
    only: Annotated[
        Literal["prefetch", "left"] | None,
        Query(description="prefetch: only if it waits as one; left: only if nobody else follows it"),
    ] = None,
    follower: Follower = None,
) -> Left | None:
    """How it was left; None: it is to be cancelled for everybody."""
    return only and Left(only, follower)


LeftDep = Annotated[Left | None, Depends(left)]
