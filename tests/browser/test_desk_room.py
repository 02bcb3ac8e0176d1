"""What stands beside each other on the desk at 1440 × 900, on a tablet, and while model and reference are hidden."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from running import Program

pytestmark = [pytest.mark.browser, pytest.mark.data]
EXCERPT, MM = "demo~208-excerpt", 96 / 25.4
INSTANT = "&a=input_derivative&b=temporal_score"  # nothing waits for a worker
FOOT = 28  # px


def box(place: Locator) -> dict[str, float]:
    found = place.bounding_box()
    assert found
    return dict(found)


def bottom(place: Locator) -> float:
    here = box(place)
    return here["y"] + here["height"]


def open_desk(page: Page, program: Program, record: str, index: int, more: str = "") -> None:
    beat = program.api(f"/recordings/{record}/windows").json()["windows"]["at"][index]
    page.goto(f"{program.address}/review?record={record}&at={beat}{INSTANT}{more}")
    expect(page.locator("#map-a[data-state=done]")).to_be_visible()
    page.wait_for_function("() => beatlens.nav && beatlens.nav.prediction")


@pytest.mark.parametrize("record", [EXCERPT, "mitdb~100", "mitdb~208"])
def test_the_queues_cards_are_in_sight(page: Page, mitdb_program: Program, record: str) -> None:
    open_desk(page, mitdb_program, record, 40)
    card = page.locator("#queue-run [data-beat]").first
    expect(card).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-folded", re.compile("^(open|low)$"))
    assert box(card)["y"] >= bottom(page.locator("#map-a"))
    assert bottom(card) <= 900 - FOOT


@pytest.mark.parametrize("record", ["mitdb~100", "mitdb~208"])
def test_a_second_lead_is_in_sight_unasked_at_the_same_scale(page: Page, mitdb_program: Program, record: str) -> None:
    open_desk(page, mitdb_program, record, 40)
    second = page.locator("#second")
    expect(second).to_be_visible()
    expect(page.locator("#second-plot .main-svg").first).to_be_attached()
    assert box(second)["height"] >= 15 * MM - 1
    assert box(second)["y"] >= bottom(page.locator("#strip"))
    assert bottom(second) <= box(page.locator(".map-tools"))["y"]
    scales = page.evaluate(
        """() => ["strip-plot", "second-plot"].map((id) => {
            const {xaxis: x, yaxis: y} = document.getElementById(id)._fullLayout;
            return [x, y].map((axis) => axis._length / (axis.range[1] - axis.range[0])); })"""
    )
    assert scales[0] == pytest.approx(scales[1], rel=0.002)
    page.keyboard.press("y")
    expect(second).to_be_hidden()
    page.reload()
    expect(page.locator("#map-a[data-state=done]")).to_be_visible()
    expect(second).to_be_hidden()  # it was chosen so


def test_a_large_screen_is_used_and_the_strip_keeps_its_scale(page: Page, mitdb_program: Program) -> None:
    scale = """() => { const {xaxis: x, yaxis: y} = document.getElementById("strip-plot")._fullLayout;
        return [x, y].map((axis) => axis._length / (axis.range[1] - axis.range[0])); }"""
    usual, seen = [], []
    for width, height in ((1440, 900), (2560, 1440)):
        page.set_viewport_size({"width": width, "height": height})
        open_desk(page, mitdb_program, "mitdb~208", 40)
        usual.append(page.evaluate(scale))
        seen.append(box(page.locator("#map-a .js-plotly-plot")))
    assert usual[0] == pytest.approx(usual[1], rel=0.002)
    assert seen[1]["width"] > 1.5 * seen[0]["width"]
    assert seen[1]["height"] > 1.3 * seen[0]["height"]
    free = page.evaluate("() => innerHeight - document.querySelector('.temporal').getBoundingClientRect().bottom")
    assert -60 <= free <= 1440 * 0.15  # nothing lies far below the screen, and no large part of it is empty


def test_no_rr_is_cut_into_another_number(page: Page, mitdb_program: Program) -> None:
    open_desk(page, mitdb_program, "mitdb~208", 40)
    strip = page.locator("#strip")
    for _ in range(6):
        page.mouse.move(box(strip)["x"] + 300, box(strip)["y"] + 120)
        page.mouse.wheel(23, 0)
        cut = page.evaluate(
            """() => { const {left, right} = document.getElementById("strip").getBoundingClientRect();
                return [...document.querySelectorAll("#strip-plot .x3y3 .textpoint text")].filter((text) => {
                    const {left: a, right: z} = text.getBoundingClientRect(), seen = z > left && a < right;
                    return getComputedStyle(text).visibility !== "hidden" && seen && (a < left - 1 || z > right + 1);
                }).map((text) => text.textContent); }"""
        )
        assert cut == []
    assert page.locator("#strip-plot .x3y3 .textpoint text").count() > 3


def test_the_words_about_a_second_lead_lie_beside_its_paper(page: Page, mitdb_program: Program) -> None:
    open_desk(page, mitdb_program, "mitdb~213", 40)  # twice as tall as there is room, whatever stands above the page
    expect(page.locator("#second-warning")).to_have_text("leaves the paper")
    words, paper = box(page.locator("#second-warning")), box(page.locator("#second"))
    assert words["x"] + words["width"] <= paper["x"]


def test_of_another_lead_nothing_of_the_one_before_stays(page: Page, mitdb_program: Program) -> None:
    open_desk(page, mitdb_program, "mitdb~208", 40)
    tab = page.locator("#queue-tabs")
    expect(tab).to_contain_text(re.compile(r"Disagreements \d"))
    held: list[Route] = []
    holding = True
    kept = re.compile(r"/queues\?|/_dash-update-component")
    page.route(kept, lambda route: held.append(route) if holding else route.continue_())
    page.evaluate("() => beatlens.go({lead: 'V1'})")
    said = "Model output of V1 is being computed"
    expect(page.locator("#strip-late")).to_have_text(said)
    expect(page.locator("#queue-run")).to_have_text(said)
    assert not re.search(r"\d", tab.inner_text())
    expect(page.locator("#queue-run [data-beat]")).to_have_count(0)
    holding = False
    for route in held:
        route.continue_()
    expect(tab).to_contain_text(re.compile(r"Disagreements \d"))
    page.wait_for_function("() => beatlens.nav && beatlens.nav.prediction")
    expect(page.locator("#strip-late")).to_be_hidden()


def test_on_a_tablet_the_answer_stands_by_the_map_that_is_covered(page: Page, mitdb_program: Program) -> None:
    page.set_viewport_size({"width": 820, "height": 1180})
    open_desk(page, mitdb_program, "mitdb~208", 40)
    map_ = page.locator("#map-a")
    map_.scroll_into_view_if_needed()
    page.evaluate("() => document.getElementById('map-a').scrollIntoView({block: 'center'})")
    before = box(map_)
    page.mouse.move(before["x"] + 150, before["y"] + 90)
    page.mouse.down()
    page.mouse.move(before["x"] + 230, before["y"] + 90, steps=6)
    expect(page.locator("#cover-output .verdict-number")).to_be_visible()
    assert box(map_)["y"] == pytest.approx(before["y"], abs=1)  # nothing jumps under the finger
    for answer in ("#cover-output", "#cover-section"):
        here = box(page.locator(answer))
        assert here["y"] >= bottom(page.locator("#map-a .js-plotly-plot")) - 40 or here["y"] > 0
        assert here["y"] + here["height"] <= 1180 - FOOT + 1
    page.mouse.up()
    page.keyboard.press("Escape")
    expect(page.locator("#cover-output")).to_be_hidden()


def test_while_hidden_the_beat_stands_there_once_and_the_rows_say_so(page: Page, mitdb_program: Program) -> None:
    open_desk(page, mitdb_program, "mitdb~208", 40)
    page.keyboard.press("h")
    expect(page.locator("#map-a .js-plotly-plot")).to_be_visible()
    expect(page.locator("#map-b .js-plotly-plot")).to_be_hidden()
    expect(page.locator("#map-state-a")).to_be_hidden()
    expect(page.locator("#map-scale")).to_have_text(re.compile(r"mm/s · .*mm/mV"))  # a beat is never without its scale
    expect(page.locator("#map-scale .tag")).to_be_visible()
    said = page.locator(".strip-hidden > div").first
    seen = page.evaluate(
        "([x, y]) => !!document.elementFromPoint(x, y).closest('.strip-hidden')",
        [box(said)["x"] + 20, box(said)["y"] + 6],
    )
    assert seen
    page.keyboard.press("h")
    expect(page.locator("#map-b .js-plotly-plot")).to_be_visible()
