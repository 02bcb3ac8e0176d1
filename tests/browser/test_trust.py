"""On real beats: a verdict with its figures, waves and what they hold, and words; what could be chance says so."""

import json
import re
import urllib.request

import pytest
from patience import until
from playwright.sync_api import Page, Route, expect
from running import Program

pytestmark = [pytest.mark.browser, pytest.mark.data]
VERDICT = re.compile("Holds up|Better than chance|Not told from chance|This window cannot tell|Nothing found")


def desk(page: Page, program: Program, record: str, beat: int, **query: str) -> None:
    more = "".join(f"&{name}={value}" for name, value in query.items())
    page.goto(f"{program.address}/review?record=mitdb~{record}&at={beat}{more}")
    expect(page.locator("#map-a[data-state=done]")).to_be_visible()


def near(program: Program, record: str, seconds: float) -> int:
    """The sample of the beat nearest to a time."""
    with urllib.request.urlopen(f"{program.address}/api/recordings/mitdb~{record}/windows") as answer:
        beats = json.load(answer)["windows"]
    return int(min(zip(beats["time"], beats["at"], strict=True), key=lambda pair: abs(pair[0] - seconds))[1])


def test_a_ventricular_beat_is_judged_and_told_by_wave(page: Page, mitdb_program: Program) -> None:
    desk(page, mitdb_program, "208", near(mitdb_program, "208", 23.1))
    names = page.locator("#graph-a .annotation-text")
    expect(names.filter(has_text="QRS")).to_have_count(1)
    expect(names.filter(has_text="P not found")).to_have_count(1)
    rows = page.locator("#facts tbody tr")
    expect(rows.filter(has_text="Before QRS")).to_be_visible()
    expect(page.locator("#facts")).to_contain_text("Boundaries: a network trained on LUDB")
    words = page.locator("#in-words")
    expect(words).to_contain_text(
        re.compile(r"Learned mask: the probability of \w+ (falls|rises) from 0\.\d\d to 0\.\d\d")
    )
    expect(words).to_contain_text(re.compile(r"The beat comes \d+% early \(RR \d+ ms\)\."))
    expect(page.locator("#map-words-a")).to_have_attribute("aria-label", re.compile("Learned mask: the probability"))

    # The judgement comes from a worker, with its curves and its figures.
    verdict = page.locator("#trust-verdict .tag")
    expect(verdict).to_have_text(VERDICT)
    facts = page.locator("#trust-facts")
    for row in ("Agreement with occlusion", "Stable under noise, 5 copies", "Replaced by 3 windows of"):
        expect(facts).to_contain_text(row)
    expect(page.locator("#trust-deletion .scatterlayer .trace")).to_have_count(4)
    expect(page.locator("#trust-deletion-words")).to_have_attribute("aria-label", re.compile("better than"))

    # The other map has its own; it stays chosen on the next beat.
    page.get_by_role("button", name="B occlusion").click()
    expect(facts).to_contain_text("Agreement with learned mask")
    page.keyboard.press("j")
    expect(page.get_by_role("button", name="B occlusion")).to_have_attribute("aria-pressed", "true")


def test_what_was_judged_is_there_at_once_after_a_reload(page: Page, mitdb_program: Program) -> None:
    beat = near(mitdb_program, "100", 60)
    desk(page, mitdb_program, "100", beat, a="occlusion", b="input_derivative")
    expect(page.locator("#trust-verdict .tag")).to_have_text(VERDICT)
    expect(page.locator("#graph-a .annotation-text").filter(has_text=re.compile("^P$"))).to_have_count(1)
    page.reload()
    expect(page.locator("#trust-verdict .tag")).to_have_text(VERDICT)
    expect(page.locator("#job")).not_to_contain_text("Trust")


def test_a_map_that_nothing_tells_from_chance_says_so_and_how_often_that_is_wrong(
    page: Page, mitdb_program: Program
) -> None:
    """The derivative of a beat of record 208 separates no better than random masks do."""
    desk(page, mitdb_program, "208", 142231, a="input_derivative")
    expect(page.locator("#trust-verdict")).to_contain_text("Not told from chance")
    expect(page.locator("#trust-verdict")).to_contain_text("unseen patients")
    expect(page.locator("#map-head-a")).to_contain_text("Not told from chance")
    strongest = page.evaluate("document.querySelector('#graph-a .js-plotly-plot').data[0].colorscale.at(-1)[1]")
    assert strongest.endswith(",0.55)")


@pytest.mark.parametrize(("record", "seconds"), [("106", 100), ("217", 100), ("231", 100)])
def test_other_records_have_waves_and_words(page: Page, mitdb_program: Program, record: str, seconds: float) -> None:
    desk(page, mitdb_program, record, near(mitdb_program, record, seconds), a="occlusion", b="input_derivative")
    expect(page.locator("#facts tbody tr").filter(has_text="QRS").first).to_be_visible()
    expect(page.locator("#in-words")).to_contain_text("Occlusion")
    expect(page.locator("#graph-a .annotation-text").filter(has_text="QRS")).to_have_count(1)


def test_a_judgement_that_is_late_for_its_beat_is_dropped_and_not_followed(page: Page, mitdb_program: Program) -> None:
    held: list[Route] = []
    asked: list[str] = []

    def hold(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    page.route("**/api/tasks/trust", hold)
    page.on("request", lambda request: asked.append(f"{request.method} {request.url.rpartition('/api')[2]}"))
    desk(page, mitdb_program, "106", near(mitdb_program, "106", 700.0))
    until(lambda: page.title() and held)
    before = page.url
    page.keyboard.press("j")
    expect(page).not_to_have_url(before)
    with page.expect_response("**/api/tasks/trust") as answer:
        held[0].continue_()
    id = answer.value.json()["id"]
    left = f"DELETE /tasks/trust/{id}?only=left"
    until(lambda: page.title() and left in asked)  # once the queue has it, not before
    assert not [one for one in asked if one.startswith("GET /events") and id in one]
