"""The paper of the strip: ordinary beats lie on it whole, words beside it; calipers are read everywhere."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from running import Program
from waiting import at_rest

pytestmark = [pytest.mark.browser, pytest.mark.data]
MM = 96 / 25.4  # px


def open_strip(page: Page, program: Program, name: str, index: int, more: str = "") -> None:
    at = program.api(f"/recordings/mitdb~{name}/windows").json()["windows"]["at"][index]
    page.goto(f"{program.address}/review?record=mitdb~{name}&at={at}&a=input_derivative&b=temporal_score{more}")
    expect(page.locator("#strip-plot .main-svg").first).to_be_attached()
    page.wait_for_function("() => beatlens.strip.drawn && beatlens.nav")


def go(page: Page, program: Program, name: str, index: int) -> None:
    """To another beat, without loading the page anew."""
    at = program.api(f"/recordings/mitdb~{name}/windows").json()["windows"]["at"][index]
    page.evaluate("at => beatlens.go({at})", at)
    page.wait_for_function(
        """at => { const {start, begin, screen, end} = beatlens.strip.drawn;
            return beatlens.strip.sees(at) && start <= begin + 0.01 && begin + screen <= end + 0.01; }""",
        arg=at,
    )


def box(place: Locator) -> dict[str, float]:
    found = place.bounding_box()
    assert found
    return dict(found)


def apart(one: dict[str, float], other: dict[str, float]) -> bool:
    beside = one["x"] + one["width"] <= other["x"] + 0.5 or other["x"] + other["width"] <= one["x"] + 0.5
    return beside or one["y"] + one["height"] <= other["y"] + 0.5 or other["y"] + other["height"] <= one["y"] + 0.5


def within(inner: dict[str, float], outer: dict[str, float]) -> bool:
    across = outer["x"] - 0.5 <= inner["x"] and inner["x"] + inner["width"] <= outer["x"] + outer["width"] + 0.5
    return (
        across and outer["y"] - 0.5 <= inner["y"] and inner["y"] + inner["height"] <= outer["y"] + outer["height"] + 0.5
    )


@pytest.mark.parametrize(("name", "lead"), [("119", ""), ("107", ""), ("203", ""), ("102", "&lead=V2"), ("213", "")])
def test_ordinary_beats_lie_whole_on_the_paper(page: Page, mitdb_program: Program, name: str, lead: str) -> None:
    cut = 0
    open_strip(page, mitdb_program, name, 10, lead)
    for index in (10, 200, 700, 1100, 1500):
        go(page, mitdb_program, name, index)
        at_rest(page)
        found: dict[str, Any] = page.evaluate(
            """() => {
                const {begin, screen, low, tall, paper} = beatlens.strip.drawn;
                const {reach} = beatlens.strip, time = Number(beatlens.read().at) / 360;
                const all = reach(begin, begin + screen), own = reach(time - 0.3, time + 0.4);
                return {low, high: low + tall, all, own, paper};
            }"""
        )
        assert found["low"] <= found["own"][0], index  # the chosen beat, whatever lies about it
        assert found["own"][1] <= found["high"], index
        cut += found["all"][0] < found["low"] or found["all"][1] > found["high"]
        assert 30 * MM - 1 <= found["paper"] <= 65 * MM + 1
        assert page.locator("#strip-warning").is_hidden() or cut
        paper = box(page.locator("#strip-paper"))
        for words in ("#strip-time", "#strip-scale"):
            assert apart(box(page.locator(words)), paper)
    assert cut <= 1  # noise


def readable(page: Page, paper: str) -> None:
    """The calipers' reading lies whole on its paper and under nothing."""
    read, place = page.locator(".caliper-read"), box(page.locator(paper))
    here = box(read)
    assert within(here, place)
    for words in ("#strip-time", "#strip-scale", "#strip-warning", "#strip-head"):
        if page.locator(words).is_visible() and words != "#strip-head":
            assert apart(here, box(page.locator(words)))
    top = page.evaluate(
        """([x, y, w, h]) => [[4, h / 2], [w - 6, h / 2], [w / 2, 3]].every(([dx, dy]) => {
            const found = document.elementFromPoint(x + dx, y + dy);
            return found && found.closest('.caliper-read');
        })""",
        [here["x"], here["y"], here["width"], here["height"]],
    )
    assert top


def drag(page: Page, x: float, y: float, by: float) -> None:
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by, y + 20, steps=6)
    page.mouse.up()


def test_calipers_are_read_at_both_edges_of_the_strip(page: Page, mitdb_program: Program) -> None:
    open_strip(page, mitdb_program, "208", 40)
    page.keyboard.press("m")
    strip = box(page.locator("#strip"))
    y = box(page.locator("#strip-paper"))["y"] + 60
    for x, by in ((strip["x"] + 42, 30.0), (strip["x"] + strip["width"] - 40, 30.0), (strip["x"] + 500, 200.0)):
        drag(page, x, y, by)
        expect(page.locator(".caliper-read")).to_contain_text(f"{round(by / (25 * MM) * 1000)} ms")
        readable(page, "#strip-paper")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    readable(page, "#strip-paper")  # its legs have left the screen
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Shift+M")
    page.wait_for_function(
        """() => {
            const [legs, marks] = [".caliper-leg", ".caliper-mark"].map((name) =>
                [...document.querySelectorAll(name)].map((one) => one.getBoundingClientRect().x));
            return Math.min(...marks) < Math.min(...legs) && Math.max(...marks) > Math.max(...legs);
        }"""
    )


def test_calipers_stay_on_the_paper_wherever_the_pointer_goes(page: Page, mitdb_program: Program) -> None:
    """What lies beside the paper cannot be measured: no leg, level or number is of it."""
    open_strip(page, mitdb_program, "208", 40)
    expect(page.locator("#map-a[data-state=done]")).to_be_visible()
    page.keyboard.press("m")
    strip, graph = box(page.locator("#strip")), box(page.locator("#graph-a .js-plotly-plot"))
    left, right, top, tall = page.evaluate(
        """() => { const on = beatlens.coverPaper.axes('a'), {top, height} = on.band(0);
            const box = document.getElementById('calipers-a').getBoundingClientRect();
            return [box.left + on.left, box.left + on.width, box.top + top, height]; }"""
    )
    beat = {"x": left, "y": top, "width": right - left, "height": tall}
    for paper, x, y, over in (
        (box(page.locator("#strip-paper")), strip["x"] + 4, strip["y"] + 4, strip["height"] + 40),
        (beat, graph["x"] + 120, graph["y"] + 60, 300),
    ):
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 90, y + over, steps=4)
        page.mouse.up()
        expect(page.locator(".caliper-leg")).to_have_count(2)
        for part in page.locator(".caliper-leg, .caliper-level").all():
            middle = (box(part)["x"] + box(part)["width"] / 2, box(part)["y"] + box(part)["height"] / 2)
            assert paper["x"] - 1 <= middle[0] <= paper["x"] + paper["width"] + 1
            assert paper["y"] - 1 <= middle[1] <= paper["y"] + paper["height"] + 1


def test_calipers_measure_the_enlarged_beat(page: Page, mitdb_program: Program) -> None:
    open_strip(page, mitdb_program, "208", 40)
    expect(page.locator("#map-a[data-state=done]")).to_be_visible()
    page.keyboard.press("m")
    graph = box(page.locator("#graph-a .js-plotly-plot"))
    left, right, top = page.evaluate(
        "() => { const on = beatlens.coverPaper.axes('a'); return [on.x(-60), on.x(60), on.band(0).top]; }"
    )
    drag(page, graph["x"] + left, graph["y"] + top + 40, right - left)
    expect(page.locator(".caliper-read")).to_contain_text(re.compile(r"^(119|120|121) ms · −?\d\.\d\d mV"))
    expect(page.locator("html")).not_to_have_attribute("data-cover", "")  # it was measured, not covered
    readable(page, "#calipers-a")
    page.keyboard.press("j")
    expect(page.locator(".caliper")).to_have_count(0)  # a beat's measure is no other beat's
