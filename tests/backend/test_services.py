"""A route asks for a service by name and type; both have to fit what the application has."""

import asyncio
import importlib
import pkgutil
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Annotated, Any, get_args, get_origin

from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

import backend
from backend.services import build
from backend.settings import Settings


def dependencies() -> Iterator[tuple[str, type, Any]]:
    """Every name in a deps.py that stands for a service: its type, and the function that finds it."""
    for module in pkgutil.walk_packages(backend.__path__, "backend."):
        if module.name.endswith(".deps"):
            for name, value in vars(importlib.import_module(module.name)).items():
                if get_origin(value) is Annotated:
                    kind, *more = get_args(value)
                    found = [part.dependency for part in more if hasattr(part, "dependency")]
                    if found and found[0].__qualname__.startswith("provide."):
                        yield f"{module.name}.{name}", kind, found[0]


def test_every_service_that_a_route_can_ask_for_is_there_and_of_the_type_that_is_said(settings: Settings) -> None:
    services = build(settings)
    request = SimpleNamespace(app=SimpleNamespace(state=SimpleNamespace(services=services)))
    try:
        found = {name: (asyncio.run(find(request)), kind) for name, kind, find in dependencies()}
        assert len({id(service) for service, _ in found.values()}) > 10
        assert {name for name, (service, kind) in found.items() if not isinstance(service, kind)} == set()
    finally:
        services.close()


def test_every_route_has_a_summary_of_its_own_and_a_description(client: TestClient) -> None:
    """FastAPI makes a summary of the function's name where none is given."""
    for route in client.app.routes:
        if isinstance(route, APIRoute) and route.include_in_schema:
            assert route.summary, route.path
            assert len(route.description.split()) > 2, route.path
