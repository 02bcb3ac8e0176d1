"""A beat of which the model says nothing: the reason stands once, and a sealed beat offers no way round its seal."""

from typing import Any

import pytest

from frontend.api import JSON, Api, ApiError
from frontend.explanations import ask
from frontend.maps import states
from frontend.pages.desk.panels import maps, output
from frontend.ui.elements import html
from frontend.view import View

WHY = "The window of 600 ms reaches beyond the recording."
RECORD = {"beat_source": "atr"}


def text(element: object) -> str:
    return str(html.Div(element))


@pytest.fixture
def without(api: Api, monkeypatch: pytest.MonkeyPatch) -> Api:
    """A service whose beats have no window."""
    known = api.beat
    monkeypatch.setattr(api, "beat", lambda *where: known(*where) | {"window": None, "prediction": None, "note": WHY})
    return api


def test_the_reason_stands_once(without: Api) -> None:
    at = int(without.beats("test~1", None)["sample"][3])
    view = View("test~1", at)
    shown = maps.update(without, view).props
    said = output.update(without, view).props
    assert text(said["output-decision"]["children"]).count(WHY) == 1
    assert WHY not in str(shown)
    assert "No map" in text(shown["map-state-a"]["children"])
    assert shown["map-state-b"]["children"] is None
    assert all(shown[f"graph-{slot}"]["figure"]["layout"]["height"] < 100 for slot in "ab")


def forbidden(_: JSON) -> Any:
    raise ApiError("Sealed until you have read this", status=403)


def test_a_sealed_beat_offers_no_other_method(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    at = int(api.beats("test~1", None)["sample"][3])
    monkeypatch.setattr(api, "explain", forbidden)
    job = ask(api, View("test~1", at), "a", "learned_mask", "graph-a")
    assert states.options(api, job) == []
    assert states.options(api, job | {"sealed": False}) != []  # what would be offered else


@pytest.mark.parametrize(
    ("symbol", "source", "note", "is_sealed"),
    [
        ("V", "atr", None, False),
        (None, "atr", None, True),  # somebody has called it
        (None, "detector (sleepecg)", None, False),  # nobody has
        (None, "detector (sleepecg)", "Sealed until you have read this", True),
    ],
)
def test_a_beat_is_sealed_where_somebody_has_said_what_is_not_told(
    symbol: str | None, source: str, note: str | None, is_sealed: bool
) -> None:
    assert output.sealed({"beat_source": source}, {"symbol": symbol, "note": note, "kind": "beat"}) is is_sealed


def session(key: str, **more: Any) -> JSON:
    return {"id": key, "blind": True, "closed": None, "items": 12, "mine": {"decided": 3}} | more


@pytest.mark.parametrize(
    ("found", "way"),
    [
        ([session("a"), session("b", closed="2026-11-21"), session("c", mine={"decided": 12})], "/blind?session=a"),
        ([session("a"), session("b")], "/sessions"),
        ([session("a", blind=False), session("b", mine=None)], "/sessions"),
    ],
)
def test_a_sealed_beat_leads_to_the_session_that_waits_for_it(
    api: Api, monkeypatch: pytest.MonkeyPatch, found: list[JSON], way: str
) -> None:
    monkeypatch.setattr(api, "sessions", lambda: found)
    assert output.waiting(api) == way
    beat = {"symbol": None, "note": None, "kind": "beat", "classes": [], "prediction": None}
    shown = text(output.reference(RECORD, beat, None, output.waiting(api)))
    assert "sealed until you have read this beat" in shown
    assert f"href='{way}'" in shown
    assert "detector" not in shown
