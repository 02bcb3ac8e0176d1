"""A lead and two annotators of a service with accounts."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from session_readers import Person


@pytest.fixture
def client(serve: Callable[..., TestClient]) -> TestClient:
    return serve(accounts=True)


@pytest.fixture
def lead(client: TestClient) -> Person:
    return Person(client, "Lea", "lead")


@pytest.fixture
def ada(client: TestClient) -> Person:
    return Person(client, "Ada", "annotator")


@pytest.fixture
def ben(client: TestClient) -> Person:
    return Person(client, "Ben", "annotator")
