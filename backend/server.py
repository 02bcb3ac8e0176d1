"""The web server: ends without a traceback while pages listen to their jobs."""

import sys
from contextlib import suppress
from types import FrameType

import uvicorn
from fastapi import FastAPI

from backend.events import ENDING
from backend.settings import Settings

GRACE = 3  # s for answers that are on their way when the service is told to end
NOT_STARTED = 3  # exit status, uvicorn's own


class Server(uvicorn.Server):
    """uvicorn's server, which lets go of event streams when it is told to end: they last for ever otherwise."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end."""
        ENDING.set()
        super().handle_exit(sig, frame)


def serve(app: FastAPI, settings: Settings) -> None:
    """Serve until a signal ends it."""
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        timeout_graceful_shutdown=GRACE,
        forwarded_allow_ips=settings.trusted_proxies,
    )
    server = Server(config)
    with suppress(KeyboardInterrupt):  # uvicorn raises it again once it has ended
        server.run()
    if not server.started:
        sys.exit(NOT_STARTED)
