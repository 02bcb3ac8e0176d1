"""The frontend over a service that stands in for the real one.

Ids that tests may rely on: worklist, search, strip, overview, next-beat, previous-beat, position, lead, model,
output-class, output-probability, agreement, map-a, map-b (with data-state: loading, queued, running, done, failed,
cancelled, refused), method-a, method-b, settings-a, settings-b, apply, target, temporal, job, job-cancel, share,
share-title, share-note, share-create, share-url, health-bar, live-differs.
"""

from typing import Any

import pytest
from fake_answers import Recording
from fake_service import create_service
from fastapi.testclient import TestClient

from frontend import vocabulary
from frontend.api import Api


@pytest.fixture(autouse=True)
def no_vocabularies(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test heard of the service's vocabularies is not known to the next."""
    for name in ("_sent", "_read", "_names"):
        monkeypatch.setattr(vocabulary, name, {})


@pytest.fixture
def recording() -> Recording:
    return Recording("1", 60.0)


@pytest.fixture
def api() -> Api:
    """A client whose requests go to the stand-in without a network."""
    return over(create_service(job_seconds=1e-9))


@pytest.fixture
def slow() -> Api:
    """One on which queued methods never end."""
    return over(create_service(job_seconds=1e9))


@pytest.fixture
def api_without_queue() -> Api:
    return over(create_service(redis=False))


def over(service: Any) -> Api:
    made = Api("http://service")
    made._http = TestClient(service, base_url="http://service/api")
    return made
