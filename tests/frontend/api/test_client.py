"""The client turns the service's problems into sentences with options."""

from dataclasses import replace
from typing import Any

import flask
import httpx
import pytest
import uvicorn

from frontend import explanations
from frontend.api import IDLE, Api, ApiError, ResponseCache, problem
from frontend.maps import frame
from frontend.maps import scale as map_facts
from frontend.page import Visit
from frontend.pages.link import page as link
from frontend.shell import share
from frontend.view import View
from models.memory import BUDGET, Memory

VIEW = View("test~1", 1037)


def test_a_problem_is_told_with_its_options(api: Api) -> None:
    with pytest.raises(ApiError, match="Unknown recording 'nowhere'") as caught:
        api.recording("nowhere")
    assert caught.value.status == 404
    assert "test~1" in caught.value.options


def test_an_answer_that_is_no_json_is_still_told() -> None:
    error = problem(httpx.Response(502, text="<html>bad gateway</html>"))
    assert error.detail == "The server answered 502."


def test_a_service_that_is_not_there_is_told() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    with pytest.raises(ApiError, match="does not answer") as caught:
        Api("http://service", httpx.MockTransport(refuse)).models()
    assert caught.value.status == 0


def test_an_idle_connection_ends_on_our_side_first() -> None:
    assert uvicorn.Config("nothing").timeout_keep_alive > IDLE


def test_what_does_not_change_is_asked_for_once() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        me = {"id": "local", "role": "administrator", "accounts": False}
        return httpx.Response(200, json={"models": [], "recordings": [], "problems": []} | me)

    api = Api("http://service", httpx.MockTransport(answer))
    for _ in range(3):
        api.models()
        api.recordings()
    assert asked.count("/api/models") == 1
    assert asked.count("/api/recordings") == 3  # the worklist is always fresh


def test_one_person_is_not_given_anothers_answer() -> None:
    people = {"a": {"id": "1", "role": "lead"}, "b": {"id": "2", "role": "reader"}}
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        who = request.headers.get("cookie", "").removeprefix("beatlens_session=")
        asked.append(f"{who} {request.url.path}")
        if who not in people:
            return httpx.Response(401, json={"detail": "Sign in first."})
        body = {**people[who], "accounts": True} if request.url.path == "/api/account" else {"id": f"of {who}"}
        return httpx.Response(200, json=body, headers={"set-cookie": "beatlens_session=stolen"})

    api = Api("http://service", httpx.MockTransport(answer))
    browser = flask.Flask("browser")

    def recording(who: str) -> str:
        headers = {"Cookie": f"beatlens_session={who}", "Host": "ecg.hospital.org", "Sec-Fetch-Site": "same-origin"}
        with browser.test_request_context("/_view", headers=headers):
            return str(api.recording("1")["id"])

    assert [recording(who) for who in "abab"] == ["of a", "of b", "of a", "of b"]
    assert asked.count("a /api/recordings/1") == asked.count("b /api/recordings/1") == 1
    assert asked.count("a /api/account") == 2  # who it is, is asked each time: a sign-in may have ended
    people.clear()
    for who in ("a", "b", "nobody"):
        with pytest.raises(ApiError, match="Sign in first") as caught:
            recording(who)
        assert caught.value.status == 401


def test_what_the_browser_showed_goes_on_and_nothing_else() -> None:
    seen: list[httpx.Headers] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers)
        return httpx.Response(200, json={"status": "ok"})

    api = Api("http://service", httpx.MockTransport(answer))
    headers = {"Cookie": "beatlens_session=a", "Origin": "http://evil.org", "X-Forwarded-For": "1.2.3.4"}
    with flask.Flask("browser").test_request_context("/", base_url="http://ecg.hospital.org", headers=headers):
        api.health()
    api.health()
    assert (seen[0]["host"], seen[0]["origin"], seen[0]["cookie"]) == (
        "ecg.hospital.org",
        "http://evil.org",
        "beatlens_session=a",
    )
    assert "x-forwarded-for" not in seen[0]
    assert "cookie" not in seen[1]


def test_the_oldest_answers_go() -> None:
    kept, part = ResponseCache(Memory), BUDGET.limit // 20
    for number in range(30):
        kept.put(number, {"n": number}, size=part)
    assert kept.get(0) is None
    assert kept.get(29) == {"n": 29}


def ask(api: Api, method: str, **others: Any) -> dict[str, Any]:
    return explanations.ask(api, replace(VIEW, **others), "a", method, "graph-a")


def drawing(api: Api, job: dict[str, Any], view: View = VIEW) -> dict[str, dict[str, Any]]:
    return frame.drawing(api, job, view, explanations.Size(386), None)


def test_asking_for_a_map_and_drawing_it(api: Api) -> None:
    job = ask(api, "learned_mask,steps=20")
    assert (job["status"], job["cached"], job["steps"]) == ("done", True, 20)
    found = explanations.result(api, job)
    assert found is not None
    assert found["parameters"] == {"steps": 20}
    drawn = drawing(api, job)
    assert (drawn["map-a"]["data-state"], drawn["map-state-a"]["children"]) == ("done", None)
    assert "already computed" in str(drawn["map-head-a"])
    assert "0.52" in drawn["map-words-a"]["aria-label"]
    assert drawn["graph-a"]["figure"]["layout"]["width"] == 386


def test_a_map_that_the_reader_saw_being_computed_says_how_long_it_took(api: Api) -> None:
    first = ask(api, "learned_mask")
    again = ask(api, "learned_mask", fresh=frozenset({first["id"]}))
    assert "computed in 1.7 s" in str(drawing(api, again)["map-head-a"])


def test_a_cancelled_job_is_not_started_anew_until_somebody_asks(slow: Api) -> None:
    job = ask(slow, "learned_mask")
    slow._http.delete(f"/tasks/explanation/{job['id']}")
    held = ask(slow, "learned_mask", held={"learned_mask": job["id"]})
    assert held["status"] == "cancelled"
    assert "Explain again" in str(drawing(slow, held)["map-state-a"])
    assert ask(slow, "learned_mask")["status"] == "queued"
    assert ask(slow, "learned_mask", held={"learned_mask": "f" * 32})["status"] == "cancelled"


def test_without_a_queue_the_instant_methods_are_offered(api_without_queue: Api) -> None:
    api = api_without_queue
    drawn = drawing(api, ask(api, "learned_mask"))
    assert drawn["map-a"]["data-state"] == "refused"
    assert "Redis is not there" in str(drawn["map-state-a"])
    assert "Use input derivative" in str(drawn["map-state-a"])
    assert ask(api, "input_derivative")["status"] == "done"


def test_an_unknown_method_is_named(api: Api) -> None:
    job = ask(api, "magic")
    assert job["status"] == "refused"
    assert "Unknown method 'magic'" in job["error"]


def test_a_beat_in_a_gap_has_no_map_and_says_why(api: Api) -> None:
    drawn = drawing(api, ask(api, "learned_mask", at=7128), replace(VIEW, at=7128))
    assert drawn["map-a"]["data-state"] == "refused"
    assert drawn["map-words-a"]["aria-label"] == "Part of the window has no signal"


def test_a_link_freezes_what_is_done_and_names_what_is_not(api: Api) -> None:
    done = ask(api, "learned_mask")
    running = done | {"id": "f" * 32, "status": "running", "title": "Occlusion"}
    made = str(share.answer(api, "Finding", "Look.", VIEW.where, [done, running], "http://host:1/review?record=test~1"))
    assert "http://host:1/s/token" in made
    assert "Not in it, because not finished: Occlusion." in made
    sheet = str(link.layout(Visit(api, rest="token" + "0" * 27)))
    assert "Finding" in sheet
    assert "Learned mask" in sheet
    assert "a newer version of occlusion" in sheet


def test_a_token_that_does_not_exist_gets_a_plain_page(api: Api) -> None:
    assert "This link does not exist or was withdrawn" in str(link.layout(Visit(api, rest="nope")))


def test_the_scale_of_the_maps_is_said(api: Api) -> None:
    assert "100 mm/s · 20 mm/mV: not standard" in str(map_facts.scale(api, VIEW, explanations.Size(386)))


def test_a_page_without_a_recording_is_an_error_in_words_not_a_crash() -> None:
    from frontend.api import part

    with pytest.raises(ApiError, match="No recording is chosen"):
        part(None)
