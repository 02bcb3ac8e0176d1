"""The client turns the service's problems into sentences with options."""

import httpx
import pytest

from frontend import explaining
from frontend.api import Api, ApiError, Kept, problem
from frontend.pages import link, map_facts, maps, review, share

WANTED = {"record": "test~1", "lead": None, "model": None, "beat": 1037, "target": None}


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


def test_what_does_not_change_is_asked_for_once() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(200, json={"models": [], "recordings": [], "problems": []})

    api = Api("http://service", httpx.MockTransport(answer))
    for _ in range(3):
        api.models()
        api.recordings()
    assert asked.count("/api/models") == 1
    assert asked.count("/api/recordings") == 3  # the worklist is always fresh


def test_the_oldest_answers_go() -> None:
    kept = Kept()
    for number in range(300):
        kept.put(number, {"n": number})
    assert kept.get(0) is None
    assert kept.get(299) == {"n": 299}


def test_asking_for_a_map_and_drawing_it(api: Api) -> None:
    job = explaining.ask(api, {**WANTED, "method": "learned_mask,steps=20"}, "a", "job-a", "graph-a")
    assert (job["status"], job["cached"], job["steps"]) == ("done", True, 20)
    found = explaining.result(api, job, WANTED)
    assert found is not None
    assert found["parameters"] == {"steps": 20}
    figure, words, head, state, now = maps.drawing(api, "a", job, WANTED, "light", explaining.Size(386))
    assert (now, state) == ("done", None)
    assert "already computed" in str(head)
    assert "0.52" in words
    assert figure["layout"]["width"] == 386


def test_a_job_of_another_beat_is_not_drawn(api: Api) -> None:
    job = explaining.ask(api, {**WANTED, "method": "occlusion"}, "b", "job-b", "graph-b")
    elsewhere = WANTED | {"beat": 1368}
    assert explaining.result(api, job, elsewhere) is None
    assert explaining.status(job, elsewhere) == "loading"


def test_without_a_queue_the_instant_methods_are_offered(api_without_queue: Api) -> None:
    api = api_without_queue
    job = explaining.ask(api, {**WANTED, "method": "learned_mask"}, "a", "job-a", "graph-a")
    _, _, _, state, now = maps.drawing(api, "a", job, WANTED, "light", explaining.Size(386))
    assert now == "refused"
    assert "Redis is not there" in str(state)
    assert "Use input derivative" in str(state)
    instant = explaining.ask(api, {**WANTED, "method": "input_derivative"}, "a", "job-a", "graph-a")
    assert instant["status"] == "done"


def test_an_unknown_method_is_named(api: Api) -> None:
    job = explaining.ask(api, {**WANTED, "method": "magic"}, "a", "job-a", "graph-a")
    assert job["status"] == "refused"
    assert "Unknown method 'magic'" in job["error"]


def test_a_beat_in_a_gap_has_no_map_and_says_why(api: Api) -> None:
    gap = WANTED | {"beat": 7128}
    _, words, _, _, now = maps.drawing(api, "a", None, gap, "light", explaining.Size(386))
    assert (now, words) == ("refused", "Part of the window has no signal")


def test_an_unknown_recording_is_named_on_the_desk(api: Api) -> None:
    parts, _, _ = review.header(api, {"record": "nowhere~1"})
    assert "nowhere~1" in str(parts)
    figure, words = review.strip_of(api, {"record": "nowhere~1"}, 1440, "light", False)
    assert "nowhere~1" in words
    assert figure["layout"]["height"] == 228


def test_a_link_freezes_what_is_done_and_names_what_is_not(api: Api) -> None:
    done = explaining.ask(api, {**WANTED, "method": "learned_mask"}, "a", "job-a", "graph-a")
    running = done | {"id": "f" * 32, "status": "running", "title": "Occlusion"}
    made = str(share.answer(api, "Finding", "Look.", WANTED, [done, running], "http://host:1/review?record=test~1"))
    assert "http://host:1/s/token" in made
    assert "Not in it, because not finished: Occlusion." in made
    sheet = str(link.layout(api, "token" + "0" * 27))
    assert "Finding" in sheet
    assert "Learned mask" in sheet
    assert "a newer version of occlusion" in sheet


def test_a_token_that_does_not_exist_gets_a_plain_page(api: Api) -> None:
    assert "This link does not exist or was withdrawn" in str(link.layout(api, "nope"))


def test_the_facts_of_both_maps_stand_beside_them(api: Api) -> None:
    jobs = {
        slot: explaining.ask(api, {**WANTED, "method": method}, slot, f"job-{slot}", f"graph-{slot}")
        for slot, method in (("a", "learned_mask"), ("b", "occlusion"))
    }
    told = str(map_facts.facts(api, jobs, WANTED))
    assert "18%" in told
    assert "All of the beat set to 0: RBBB 0.77." in told
    assert map_facts.facts(api, jobs, WANTED | {"beat": 1368}) is None
    assert "100 mm/s · 20 mm/mV: not standard" in str(map_facts.scale(api, WANTED, explaining.Size(386)))


def test_a_page_without_a_recording_is_an_error_in_words_not_a_crash() -> None:
    from frontend.api import part

    with pytest.raises(ApiError, match="No recording is chosen"):
        part(None)
