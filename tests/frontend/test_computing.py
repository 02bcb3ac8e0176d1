"""Outputs of a long recording on the pages: not kept before they are whole, and told as what they are."""

from typing import Any

import httpx
import pytest

from frontend.api import Api, ApiError
from frontend.pages.desk.panels.rhythm import predictions_of
from frontend.pages.gallery.content import content

TOLD = "Model output: 31,000 of 124,409 beats, about 40 s left."
ME = {"id": "local", "name": "Local reader", "role": "administrator", "accounts": False}
COLUMNS = ("at", "start", "end", "time", "label", "prediction", "probabilities", "margin", "note")


class Service:
    """Answers windows whose outputs are computed at the second time of asking."""

    def __init__(self) -> None:
        self.asked = 0

    def windows(self) -> dict[str, Any]:
        self.asked += 1
        computing = {"done": 3, "total": 9, "remaining_seconds": 1.0} if self.asked == 1 else None
        columns = {name: [None] for name in COLUMNS} | {"at": [5], "prediction": [None if computing else "N"]}
        about = {"classes": [], "source": "detector", "kind": "beat", "vocabulary": "mitbih", "computing": computing}
        return about | {"windows": columns | {"beats": None}}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/windows"):
            return httpx.Response(200, json=self.windows())
        if request.url.path.endswith("/models/tiny"):
            return httpx.Response(200, json={"id": "tiny"})
        if request.url.path.endswith("/account"):
            return httpx.Response(200, json=ME)
        return httpx.Response(503, headers={"Retry-After": "2"}, json={"detail": TOLD})


@pytest.fixture
def api() -> Api:
    return Api("http://test", httpx.MockTransport(Service()))


SAID = {"said": {"prediction": ["N"], "margin": [None], "probability": [None]}}


def test_columns_without_outputs_are_asked_for_again(api: Api) -> None:
    where = {"record": "demo~day", "lead": None, "model": "tiny"}
    assert predictions_of(api, where) == where | {"computing": True}
    assert predictions_of(api, where) == where | SAID
    assert predictions_of(api, where) == where | SAID


def test_what_waits_for_outputs_says_how_far_they_are_and_when_to_ask_again(api: Api) -> None:
    with pytest.raises(ApiError, match="31,000 of 124,409") as caught:
        api.groups("demo~day", None, None, "model")
    assert caught.value.again == 2
    filled = content(api, {"record": "demo~day", "by": "model"}, "light")
    assert filled.data["again"] == 2
    assert "31,000 of 124,409" in str(filled.head)
