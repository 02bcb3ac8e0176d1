"""One view, one answer: a line for each panel, and what is the matter said once."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from frontend import methods
from frontend.api import Api, ApiError
from frontend.app import create_ui
from frontend.pages.compare import groups
from frontend.pages.compare import page as compare
from frontend.pages.desk import page as review
from frontend.panel import Panel, PanelUpdate, updating
from frontend.view import View
from frontend.view_answer import lines

BEAT = View("test~1", 1037)


def told(api: Api, view: View = BEAT, **panels: Any) -> list[dict[str, Any]]:
    asked = tuple(Panel(name, update=update, turn=i) for i, (name, update) in enumerate(panels.items()))
    asked = asked or review.panels()
    return [json.loads(text) for text in lines(api, view, asked)]


@pytest.fixture
def client() -> FlaskClient:
    return create_ui("http://127.0.0.1:9").server.test_client()


def test_each_panel_is_a_line(api: Api) -> None:
    answer = told(api)
    assert [part["name"] for part in answer] == [panel.name for panel in updating(review.panels())]
    assert all(part["complete"] and part["error"] is None for part in answer)
    maps = next(part for part in answer if part["name"] == "maps")
    assert maps["props"]["map-a"] == {"data-state": "done"}
    assert [job["slot"] for job in maps["data"]["jobs"]] == ["a", "b"]


def test_a_view_with_a_job_under_way_is_not_complete(slow: Api) -> None:
    maps = next(part for part in told(slow) if part["name"] == "maps")
    assert not maps["complete"]
    assert maps["props"]["map-a"] == {"data-state": "queued"}


def test_an_error_of_the_beat_is_said_once(api: Api) -> None:
    (only,) = told(api, View("nowhere~1", 1037))
    assert only["name"] == ""
    assert "nowhere~1" in only["error"]["detail"]


def test_an_unknown_target_is_an_error_of_the_whole_view(api: Api) -> None:
    (only,) = told(api, View("test~1", 1037, target="X"))
    assert only["error"]["field"] == "target"
    assert "V" in only["error"]["options"]


def test_a_panel_that_fails_leaves_the_others(api: Api) -> None:
    def refused(_: Api, __: View) -> PanelUpdate:
        raise ApiError("No such wave.", options=("QRS",), field="wave")

    def broken(_: Api, __: View) -> PanelUpdate:
        raise ZeroDivisionError

    answer = told(api, one=refused, two=broken, three=lambda _, __: PanelUpdate({"x": {"children": "here"}}))
    assert answer[0]["error"] == {"detail": "No such wave.", "options": ["QRS"], "field": "wave"}
    assert "could not be drawn" in answer[1]["error"]["detail"]
    assert answer[2]["props"] == {"x": {"children": "here"}}


def test_what_is_fetched_ahead_asks_with_that_urgency(slow: Api) -> None:
    bodies = []
    slow.explain = lambda body: bodies.append(body) or {"id": "x", "status": "queued"}  # type: ignore[method-assign,func-returns-value]
    told(slow, View("test~1", 1037, urgency="prefetch"))
    assert {body["urgency"] for body in bodies} == {"prefetch"}


def test_compare_answers_with_a_line_for_every_method(api: Api) -> None:
    names = [
        part["name"]
        for part in told(api, BEAT, **{panel.name: panel.update for panel in updating(compare.panels(api))})
    ]
    ordered = groups.ordered(methods.all_of(api))
    heads = [f"group-{name}" for name in dict.fromkeys(map(methods.group_of, ordered))]
    assert names == ["head", *heads, *[f"cell-{entry['method']}" for entry in ordered], "side"]


@pytest.mark.parametrize("query", ["record=1", "at=3", "record=1&at=x", "record=1&at=3&page=nowhere"])
def test_a_query_that_names_no_view_is_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"/_view?{query}").status_code == 400


def test_the_service_being_away_is_said_in_the_answer(client: FlaskClient) -> None:
    answer = client.get("/_view?record=test~1&at=1037&page=desk")
    assert answer.mimetype == "application/x-ndjson"
    assert json.loads(answer.get_data(as_text=True))["error"]["detail"] == "The server does not answer."
