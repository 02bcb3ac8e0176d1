"""Server-sent events: each change of a job, or of several, as it happens."""

import asyncio
import threading
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress
from typing import Annotated, Any, TypeVar

from fastapi import Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

S = TypeVar("S", bound=BaseModel)
STREAM: dict[int | str, dict[str, Any]] = {200: {"content": {"text/event-stream": {}}}}  # for the OpenAPI document
PING = 5.0  # s of silence after which a comment shows that the line is alive, and finds out whether anybody listens
LOOK = 0.25  # s between looks whether the service ends
ENDING = threading.Event()  # set when this process is told to end: whoever listens is let go, and asks again later
NAMED = "A name of the caller's own, 32 hexadecimal digits: all that follow a job under one name count as one"
Follower = Annotated[str | None, Query(pattern="^[0-9a-f]{32}$", description=NAMED)]


def following(*jobs: AsyncGenerator[S]) -> StreamingResponse:
    """The response that tells every change of jobs as an event named "status", until there are no more."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(stream(*jobs), media_type="text/event-stream", headers=headers)


async def stream(
    *jobs: AsyncGenerator[S], ping: float = PING, ending: threading.Event = ENDING
) -> AsyncIterator[bytes]:
    """The changes in the form of text/event-stream, comments in between; ends with them, the listener, the service."""
    coming = {asyncio.ensure_future(anext(job)): job for job in jobs}
    silent = 0.0
    try:
        while coming and not ending.is_set():
            look = min(LOOK, ping)
            finished, _ = await asyncio.wait(coming, timeout=look, return_when=asyncio.FIRST_COMPLETED)
            silent = 0.0 if finished else silent + look
            if silent >= ping:
                silent = 0.0
                yield b": ping\n\n"
            for task in finished:
                job = coming.pop(task)
                with suppress(StopAsyncIteration):
                    status = task.result()
                    coming[asyncio.ensure_future(anext(job))] = job
                    yield event(status)
    finally:
        for task in coming:
            task.cancel()
        await asyncio.gather(*coming, return_exceptions=True)
        for job in jobs:
            await job.aclose()


def event(status: BaseModel) -> bytes:
    """One event named "status"."""
    return f"event: status\ndata: {status.model_dump_json()}\n\n".encode()


async def once(status: S) -> AsyncGenerator[S]:
    """The changes of something that changes no more."""
    yield status
