"""What Compare asks for by itself: nothing that takes long, unless the reader wants it."""

from dataclasses import replace
from typing import Any

import pytest

from frontend import methods
from frontend.api import Api, ApiError
from frontend.pages.compare import asking, groups
from frontend.pages.compare import page as compare
from frontend.view import View

VIEW = View("test~1", 1037, open=frozenset(groups.ORDER))


@pytest.fixture
def asked(api: Api, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The methods whose work the service is asked to begin; nothing is there beforehand."""
    found: list[str] = []
    explain = api.explain

    def noted(body: Any) -> Any:
        if not body.get("start", True):
            raise ApiError("There is neither a result nor a job", status=404)
        found.append(body["explainer"]["method"])
        return explain(body)

    monkeypatch.setattr(api, "explain", noted)
    return found


@pytest.fixture
def long(api: Api, monkeypatch: pytest.MonkeyPatch) -> Api:
    """A service whose windows are no beats."""
    beat = api.beat
    monkeypatch.setattr(api, "beat", lambda *where: beat(*where) | {"kind": "span"})
    return api


def named(api: Api, cost: str) -> set[str]:
    return {entry["method"] for entry in api.explainers() if entry["cost"] == cost}


def shown(api: Api, view: View) -> dict[str, Any]:
    return {panel.name: panel.update(api, view) for panel in compare.panels(api) if panel.update}


def test_of_a_beat_every_method_is_asked(api: Api, asked: list[str]) -> None:
    shown(api, VIEW)
    assert set(asked) == {entry["method"] for entry in methods.all_of(api)}


def test_of_a_long_window_only_what_is_instant_is_asked(long: Api, asked: list[str]) -> None:
    parts = shown(long, VIEW)
    assert set(asked) == named(long, "instant")
    for name in named(long, "queued"):
        props = parts[f"cell-{name}"].props
        assert props[f"cell-{name}"]["data-state"] == asking.NOT_ASKED
        assert "Compute" in str(props[f"state-{name}"]["children"])
        assert parts[f"cell-{name}"].complete
    assert parts["side"].complete


def test_what_the_reader_wants_is_asked_of_the_window_in_sight_and_not_ahead_of_it(long: Api, asked: list[str]) -> None:
    wanted = sorted(named(long, "queued"))[0]
    view = replace(VIEW, ask=frozenset({wanted}))
    ahead = shown(long, replace(view, urgency="prefetch"))
    assert set(asked) == named(long, "instant")
    assert not ahead[f"cell-{wanted}"].complete  # asked once the window is in sight
    shown(long, view)
    assert set(asked) == named(long, "instant") | {wanted}
