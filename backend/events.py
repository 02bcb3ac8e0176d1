"""Server-sent events: each change of a job as it happens."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import suppress
from typing import Any, TypeVar

from fastapi.responses import StreamingResponse
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from workers.queue import Queue
from workers.status import StatusOf

S = TypeVar("S", bound=BaseModel)
STREAM: dict[int | str, dict[str, Any]] = {200: {"content": {"text/event-stream": {}}}}  # for the OpenAPI document
PING = 5.0  # s of silence after which a comment shows that the line is alive, and finds out whether anybody listens


async def of_job(status_of: Callable[[], StatusOf[Any]], queue: Queue | None, id: str) -> StreamingResponse:
    """The response that tells each change of a job until it has ended; `look` raises where nobody knows it."""
    status: StatusOf[Any] = await run_in_threadpool(status_of)
    return following(once(status) if status.ended or queue is None else queue.events(id))


def following(changes: AsyncGenerator[S]) -> StreamingResponse:
    """The response that tells every change as an event named "status", until there are no more."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(stream(changes), media_type="text/event-stream", headers=headers)


async def stream(changes: AsyncGenerator[S], ping: float = PING) -> AsyncIterator[bytes]:
    """The changes in the form of text/event-stream, comments in between; ends with them or with the listener."""
    coming: asyncio.Task[S] | None = None
    try:
        while True:
            coming = coming or asyncio.ensure_future(anext(changes))
            finished, _ = await asyncio.wait({coming}, timeout=ping)
            if not finished:
                yield b": ping\n\n"
                continue
            try:
                status = coming.result()
            except StopAsyncIteration:
                return
            coming = None
            yield event(status)
    finally:
        if coming is not None:
            coming.cancel()
            with suppress(asyncio.CancelledError, StopAsyncIteration, Exception):
                await coming
        await changes.aclose()


def event(status: BaseModel) -> bytes:
    """One event named "status"."""
    return f"event: status\ndata: {status.model_dump_json()}\n\n".encode()


async def once(status: S) -> AsyncGenerator[S]:
    """The changes of something that changes no more."""
    yield status
