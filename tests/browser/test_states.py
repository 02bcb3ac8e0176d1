"""Each panel says what is the matter: waiting, silent, nothing found, no window, a panel that fails alone."""

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from gates import Gate
from playwright.sync_api import Page, Route, expect
from running import Program, forget_job, frozen_workers

pytestmark = pytest.mark.browser
RECORDING = "demo~208-excerpt"
INSTANT = "a=input_derivative&b=temporal_score"


def open_desk(page: Page, program: Program, index: int, more: str) -> None:
    sample = program.api(f"/recordings/{RECORDING}/windows").json()["windows"]["at"][index]
    page.goto(f"{program.address}/review?record={RECORDING}&at={sample}&{more}")


def test_a_silent_job_is_told_from_a_running_one(page: Page, stub_program: Program, gate: Gate) -> None:
    open_desk(page, stub_program, 120, f"a={gate.method}&b=input_derivative")
    job, running = page.locator(".job", has_text=re.compile("^Stub held")), re.compile(r"of 1000 steps")
    expect(job).to_contain_text(running)
    with frozen_workers(stub_program):
        expect(job).to_contain_text("No sign of life for")
        expect(page.get_by_role("button", name="Retry")).to_be_visible()
    expect(job).to_contain_text(running)
    job.get_by_role("button", name="Cancel").click()
    expect(page.locator("#map-a")).to_contain_text("Cancelled")
    page.get_by_role("button", name="Explain again").click()
    expect(job).to_contain_text(re.compile("of 1000 steps|Waiting"))
    job.get_by_role("button", name="Cancel").click()
    expect(page.locator("#map-a")).to_contain_text("Cancelled")


def test_a_job_that_the_queue_has_forgotten_says_so(page: Page, program: Program) -> None:
    with frozen_workers(program):
        with page.expect_request(re.compile("/api/events.*explanation")) as followed:
            open_desk(page, program, 122, "a=learned_mask,steps=400&b=input_derivative")
        expect(page.locator("#job")).to_contain_text("Learned mask")
        jobs = parse_qs(urlsplit(followed.value.url).query)["job"]
        forget_job(program, next(job for job in jobs if "explanation" in job).rpartition("/")[2])
        expect(page.locator("#job")).not_to_contain_text("Learned mask")  # nobody waits for it
        expect(page.get_by_role("button", name="Explain again")).to_be_visible()
    page.get_by_role("button", name="Explain again").click()
    expect(page.locator("#map-a[data-state=done]")).to_be_visible()


def test_the_bar_is_looked_after_as_soon_as_a_job_has_ended(page: Page, program: Program) -> None:
    health = program.api("/health").json()
    health["parts"]["workers"]["ok"] = False
    none = json.dumps(health | {"status": "degraded"})
    page.route("**/api/health", lambda route: route.fulfill(content_type="application/json", body=none))
    open_desk(page, program, 124, INSTANT)
    expect(page.locator("#health-bar")).to_contain_text("No worker is running")
    looked = page.evaluate(
        """() => {
            const ask = beatlens.api, paths = [];
            beatlens.api = (path, ...more) => { paths.push(path); return ask(path, ...more); };
            document.dispatchEvent(new CustomEvent("beatlens:job", {detail: {}}));
            beatlens.api = ask;
            return paths; // nothing else can have run in between
        }"""
    )
    assert looked == ["/health"]


def test_a_job_that_waits_says_that_the_tab_can_be_closed(page: Page, program: Program) -> None:
    with frozen_workers(program):
        open_desk(page, program, 121, "a=learned_mask,steps=400&b=input_derivative")
        expect(page.locator("#job")).to_contain_text("Waiting for a worker")
        expect(page.locator("#job")).to_contain_text("You can close this tab")
    expect(page.locator("#map-a[data-state=done]")).to_be_visible()


def test_a_map_that_hardly_moved_is_left_empty(page: Page, program: Program) -> None:
    open_desk(page, program, 122, "a=learned_mask,steps=1&b=input_derivative")
    expect(page.locator("#map-a")).to_contain_text("Nothing found")
    expect(page.locator("#map-a")).to_contain_text("Left empty, not stretched.")


def test_a_beat_without_a_window_says_why_and_has_no_map(page: Page, program: Program) -> None:
    open_desk(page, program, -1, INSTANT)
    beats = program.api(f"/recordings/{RECORDING}/windows").json()["windows"]["at"]
    note = program.api(f"/recordings/{RECORDING}/windows/{beats[-1]}").json()["note"]
    if note is None:
        pytest.skip("the last beat of the demo record has a whole window")
    expect(page.locator("#output-class")).to_have_text("No output")
    expect(page.locator("#map-a[data-state=refused]")).to_be_visible()


def test_a_panel_that_fails_leaves_the_others(page_with_errors: Page, program: Program) -> None:
    page = page_with_errors

    def spoil(route: Route) -> None:
        answer = route.fetch()
        lines = answer.text().splitlines()
        spoilt = [re.sub(r'"error":null', '"error":{"detail":"No such wave.","options":[],"field":null}', line)
                  if '"name":"time"' in line else line for line in lines]  # fmt: skip
        route.fulfill(response=answer, body="\n".join(spoilt) + "\n")

    page.route("**/_view?*", spoil)
    open_desk(page, program, 20, INSTANT)
    expect(page.locator('[data-part="time"]')).to_contain_text("No such wave.")
    expect(page.locator("#map-a[data-state=done]")).to_be_visible()
    expect(page.locator("#output-class")).not_to_be_empty()
    page.unroute_all(behavior="ignoreErrors")


def test_what_belongs_to_another_beat_is_hidden_until_the_answer_comes(page: Page, program: Program) -> None:
    open_desk(page, program, 20, INSTANT)
    expect(page.locator("#map-a[data-state=done]")).to_be_visible()
    far = program.api(f"/recordings/{RECORDING}/windows").json()["windows"]["at"][200]
    held: list[Route] = []
    page.route("**/_view?*", lambda route: held.append(route))
    page.evaluate("beat => beatlens.go({at: beat})", far)
    expect(page.locator("#output-class")).to_be_hidden()
    expect(page.locator("#graph-a")).to_be_hidden()
    for route in held:
        route.continue_()
    expect(page.locator("#output-class")).to_be_visible()
    page.unroute_all(behavior="ignoreErrors")


def test_a_script_hears_of_every_beat_also_where_two_look_alike(page: Page, program: Program) -> None:
    open_desk(page, program, 20, INSTANT)
    expect(page.locator("#map-a[data-state=done]")).to_be_visible()
    beats = program.api(f"/recordings/{RECORDING}/windows").json()["windows"]["at"]

    def answer(route: Route) -> None:
        failed = {"detail": "No such wave.", "options": [], "field": None}
        error = failed if f"at={beats[22]}" in route.request.url else None
        line = {"name": "alike", "props": {}, "data": {"same": 1}, "complete": error is None, "error": error}
        route.fulfill(content_type="application/x-ndjson", body=json.dumps(line) + "\n")

    page.route("**/_view?*", answer)
    page.evaluate("""() => {
        window.heard = [];
        beatlensParts.push({name: "alike", shown: (data, view) => window.heard.push([Number(view.at), data])});
        beatlens.view.forget();
    }""")
    for count in (1, 2, 3):
        page.wait_for_function("count => window.heard.length >= count", arg=count)
        page.keyboard.press("j")
    assert page.evaluate("() => window.heard.slice(0, 3)") == [
        [beats[20], {"same": 1}],
        [beats[21], {"same": 1}],
        [beats[22], None],
    ]
    page.unroute_all(behavior="ignoreErrors")
