"""A blind read by keys alone, faster than the answers come."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from patience import until
from playwright.sync_api import Page, Response, Route, expect
from running import Program

pytestmark = pytest.mark.browser
BEATS = 4


@pytest.fixture
def session(program: Program, page: Page) -> Iterator[str]:
    """A blind session of a few beats for the one reader that there is; closed again, so that it hides nothing."""
    recording = "demo~208-excerpt"
    at = program.api(f"/recordings/{recording}/windows").json()["windows"]["at"]
    body = {
        "title": "Quick",
        "recordings": [recording],
        "choice": {"how": "named", "at": at[10 : 10 + BEATS]},
        "readers": ["local"],
        "methods": [{"method": "input_derivative"}],
    }
    path, origin = f"{program.address}/api/sessions", {"Origin": program.address}
    answer = page.request.post(path, data=body, headers=origin)
    assert answer.ok, answer.text()
    id = str(answer.json()["id"])
    yield id
    assert page.request.post(f"{path}/{id}/close", headers=origin).ok


def open_session(page: Page, program: Program, session: str) -> None:
    page.goto(f"{program.address}/blind?session={session}")
    at(page, 0, "first")
    expect(page.locator("#strip-plot .main-svg").first).to_be_attached()
    page.keyboard.press("n")
    expect(page.locator("#blind-labels [aria-pressed=true]")).to_have_attribute("data-label", "N")


def item(program: Program, session: str, place: int) -> dict[str, Any]:
    found: dict[str, Any] = program.api(f"/sessions/{session}/items/{place}").json()
    return found


def steps(program: Program, session: str, place: int) -> list[tuple[str, str | None]]:
    return [(entry["step"], entry["label"]) for entry in item(program, session, place)["entries"]]


def at(page: Page, place: int, phase: str) -> None:
    expect(page.locator("#blind-count")).to_have_text(f"{place + 1} of {BEATS}")
    expect(page.locator("#blind")).to_have_attribute("data-phase", phase)


def listen(page: Page) -> list[int]:
    """How the server answers each step; what the page says in passing stands in its `said`."""
    statuses: list[int] = []
    page.evaluate(
        """() => {
            const say = beatlens.say;
            window.said = [];
            beatlens.say = (...all) => { said.push(all[0]); say(...all); };
        }"""
    )

    def answered(response: Response) -> None:
        if response.url.endswith("/entries"):
            statuses.append(response.status)

    page.on("response", answered)
    return statuses


def said(page: Page) -> list[str]:
    found: list[str] = page.evaluate("() => window.said")
    return found


def test_enter_between_two_answers_goes_on(page: Page, program: Program, session: str) -> None:
    open_session(page, program, session)
    statuses = listen(page)
    for key in ("4", "Enter"):
        page.keyboard.press(key)
    at(page, 0, "final")
    held: list[Route] = []
    page.route(
        re.compile(r"_blind\?.*anew=yes"), lambda route: held.append(route)
    )  # the step is taken; what the beat says now is not yet here
    page.keyboard.press("Enter")
    expect(page.locator("#session-saved")).to_have_text("All changes saved")
    page.wait_for_function("() => document.getElementById('blind').dataset.phase === 'done'")
    page.keyboard.press("Enter")
    at(page, 1, "first")
    for route in held:
        route.continue_()
    page.unroute_all(behavior="ignoreErrors")
    until(lambda: steps(program, session, 0) == [("first", "N"), ("reveal", None), ("final", "N")])
    assert said(page) == []
    assert set(statuses) == {201}


def test_all_keys_of_a_beat_at_once_are_neither_refused_nor_lost(page: Page, program: Program, session: str) -> None:
    open_session(page, program, session)
    statuses = listen(page)
    for key in ("4", "Enter", "Enter", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("#session-saved")).to_have_text("All changes saved")
    at(page, 1, "first")  # the second Enter went on, or kept the reading and the third went on
    for place in range(1, BEATS):
        at(page, place, "first")
        page.wait_for_function("at => beatlens.strip.sees(at)", arg=item(program, session, place)["at"])
        for key in ("v", "5", "Enter"):
            page.keyboard.press(key)
        at(page, place, "final")
        page.keyboard.press("Enter")
        at(page, place, "done")
        page.keyboard.press("Enter")
    if item(program, session, 0)["expects"] == "final":  # it was left for later
        at(page, 0, "final")
        page.keyboard.press("Enter")
        at(page, 0, "done")
    expect(page.locator("#session-saved")).to_have_text("All changes saved")
    assert [steps(program, session, place)[-1] for place in range(BEATS)] == [("final", "N"), *[("final", "V")] * 3]
    assert not [words for words in said(page) if "Not taken" in words]
    assert set(statuses) == {201}
