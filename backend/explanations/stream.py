"""Server-sent events: each change of an explanation as it happens."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress

from workers.status import Status

PING = 5.0  # s of silence after which a comment shows that the line is alive, and finds out whether anybody listens


async def stream(changes: AsyncGenerator[Status], ping: float = PING) -> AsyncIterator[bytes]:
    """The changes in the form of text/event-stream, comments in between; ends with them or with the listener."""
    coming: asyncio.Task[Status] | None = None
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


def event(status: Status) -> bytes:
    """One event named "status"."""
    return f"event: status\ndata: {status.model_dump_json()}\n\n".encode()


async def once(status: Status) -> AsyncGenerator[Status]:
    """The changes of something that changes no more."""
    yield status
