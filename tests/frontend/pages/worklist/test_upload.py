"""Who is offered to send recordings, and what stands beside the worklist."""

from typing import Any

import pytest

from frontend.api import Api
from frontend.pages.worklist import upload

ROWS = [
    {"id": "mitdb~100", "name": "100"},
    {"id": "uploads~00ff~a", "name": "a"},
    {"id": "uploads~00ff~b", "name": "b"},
    {"id": "uploads~11ff~c.csv", "name": "c"},
]


@pytest.mark.parametrize(("role", "may"), [("reader", False), ("annotator", False), ("lead", True)])
def test_leads_send_and_remove_others_only_see(api: Api, monkeypatch: pytest.MonkeyPatch, role: str, may: bool) -> None:
    me: dict[str, Any] = {"id": "x", "name": "X", "role": role, "accounts": True}
    monkeypatch.setattr(api, "me", lambda: me)
    assert (upload.button(api) is not None) == may
    text = str(upload.uploaded(api, ROWS))
    assert "a and 1 more" in text
    assert text.count("data-upload=") == (2 if may else 0)
    assert "100" not in text


def test_nothing_stands_there_without_uploads(api: Api) -> None:
    assert upload.uploaded(api, ROWS[:1]) == []
