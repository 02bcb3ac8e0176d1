"""The FastAPI application."""

import importlib.metadata
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import torch
from fastapi import APIRouter, FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.routing import Match

from backend import errors
from backend.accounts.middleware import AuthMiddleware
from backend.accounts.routes import router as accounts
from backend.audit.routes import router as audit
from backend.bulk.routes import router as bulk
from backend.database import upgrade
from backend.examples.routes import router as examples
from backend.explanations.routes import router as explanations
from backend.groups.routes import router as groups
from backend.headers import SafeHeaders
from backend.health.routes import router as health
from backend.jobs.routes import router as jobs
from backend.limits import BodyLimit
from backend.links.routes import router as links
from backend.predictions.routes import router as predictions
from backend.readings.routes import router as readings
from backend.recordings.routes import router as recordings
from backend.recordings.routes import under_way as all_under_way
from backend.services import build
from backend.sessions.routes import router as sessions
from backend.settings import Settings
from backend.tasks.middleware import ASK_AGAIN, IMMUTABLE, CachedResults
from backend.tasks.routes import moved as old_tasks
from backend.tasks.routes import router as tasks
from backend.trust.routes import router as trust
from backend.uploads.routes import router as uploads
from backend.vocabularies.routes import router as vocabularies
from backend.windows.routes import moved as old_windows
from backend.windows.routes import router as windows
from backend.windows.routes import under_way
from backend.worklist.routes import router as worklist
from models.errors import NotFoundError

ABOUT = "Inspect the decisions of ECG models, beat by beat. For research; not a medical device."
ROUTERS = (
    health,
    accounts,
    audit,
    worklist,
    recordings,
    all_under_way,
    windows,
    under_way,
    old_windows,
    uploads,
    groups,
    predictions,
    examples,
    tasks,
    old_tasks,
    explanations,
    bulk,
    jobs,
    links,
    readings,
    trust,
    sessions,
    vocabularies,
)
REST = "/api/{path:path}"
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def create_app(settings: Settings) -> FastAPI:
    """The API under /api. Whatever is mounted at "/" afterwards answers the rest."""
    torch.set_num_threads(1)  # requests run beside each other: more threads each would only fight
    services = build(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        services.trust.warm()
        yield
        services.close()

    app = FastAPI(
        title="Beatlens",
        summary=ABOUT,
        version=importlib.metadata.version("beatlens"),
        docs_url="/api/docs",
        openapi_url="/api/openapi.json",
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.services = services
    errors.install(app)
    special = {("POST", "/api/uploads"): settings.max_upload_bytes}
    app.add_middleware(BodyLimit, largest=settings.max_request_bytes, special=special)
    app.add_middleware(SafeHeaders)
    keep = ASK_AGAIN if settings.accounts else IMMUTABLE
    app.add_middleware(
        CachedResults,
        cache=services.tasks.result_cache,
        unrestricted=services.blinding.is_known_unrestricted,
        keep=keep,
    )
    app.add_middleware(AuthMiddleware, settings=settings, credentials=services.auth.credentials)
    api = APIRouter(prefix="/api")
    for router in ROUTERS:
        api.include_router(router)
    app.include_router(api)
    for path in ("/api", REST):
        app.add_api_route(path, _nothing_here(app), methods=METHODS, include_in_schema=False)
    upgrade(services.database.engine)
    return app


def _nothing_here(app: FastAPI) -> Callable[[Request], None]:
    """The handler of /api/… that is no route, so that no page mounted at "/" ever answers it."""

    def nothing_here(request: Request) -> None:
        scope = dict(request.scope, path_params={})
        others = (route for route in app.routes if getattr(route, "path", None) not in ("/api", REST))
        if any(route.matches(scope)[0] is Match.PARTIAL for route in others):
            raise HTTPException(405, f"{request.url.path} does not know {request.method}: see /api/docs")
        raise NotFoundError(f"There is nothing at {request.url.path}: see /api/docs")

    return nothing_here
