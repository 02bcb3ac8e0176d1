"""WCAG AA by axe on every page, light and dark; and room for everything on small screens."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from running import Program
from waiting import at_rest

pytestmark = pytest.mark.browser
RECORDING = "demo~208-excerpt"
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
PAGES = {
    "/": "#worklist .ag-row",
    "/review": "#map-a[data-state=done]",
    "/compare": "#cell-occlusion[data-state=done]",
    "/gallery": "#gallery-tiles > *",
    "/model": "#model-map circle",
}

CLEAR = """() => {
    const [map, queue] = ["graph-a", "queue"].map((id) => document.getElementById(id).getBoundingClientRect());
    return map.height > 0 && queue.height > 0 && map.bottom <= queue.top + 0.5;
}"""  # no map lies under the queue


def address(program: Program, path: str) -> str:
    beat = program.api(f"/recordings/{RECORDING}/windows").json()["windows"]["at"][20]
    return program.address + path + ("" if path == "/" else f"?record={RECORDING}&at={beat}")


def settled(page: Page, program: Program, path: str) -> None:
    page.goto(address(program, path))
    expect(page.locator(PAGES[path]).first).to_be_visible()
    at_rest(page)


def resized(page: Page, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    at_rest(page)


def violations(page: Page) -> list[str]:
    found: list[dict[str, Any]] = Axe().run(page, options=RULES).response["violations"]
    return [f"{v['id']}: {v['help']}: {[node['html'][:120] for node in v['nodes'][:3]]}" for v in found]


def nothing_is_found_in_light_and_dark(page: Page) -> None:
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    assert violations(page) == []
    page.get_by_role("button", name="Light or dark").click()
    page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    at_rest(page)
    assert violations(page) == []


def nothing_is_wider_than_the_window(page: Page) -> None:
    for width, height in ((1280, 800), (1024, 768)):
        resized(page, width, height)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("path", [path for path in PAGES if path != "/review"])
def test_axe_finds_nothing_on_a_page_and_it_fits(page: Page, program: Program, path: str) -> None:
    settled(page, program, path)
    nothing_is_found_in_light_and_dark(page)
    nothing_is_wider_than_the_window(page)


def test_axe_finds_nothing_on_the_desk_and_in_its_dialogs_and_it_fits(page: Page, program: Program) -> None:
    settled(page, program, "/review")
    nothing_is_found_in_light_and_dark(page)
    page.keyboard.press("?")
    expect(page.locator("#keys-list .keys-row").first).to_be_visible()
    at_rest(page)
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.locator("#share").click()
    expect(page.get_by_label("Title")).to_be_visible()
    at_rest(page)
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_label("Title")).to_be_hidden()
    for width, height in ((1440, 900), (1280, 800), (1280, 720)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function(CLEAR)
    nothing_is_wider_than_the_window(page)
    tops = [page.locator(where).bounding_box() for where in ("#strip", "#output", "#map-a")]
    heights = [box["y"] for box in tops if box]
    assert heights == sorted(heights)  # on a tablet the output comes before the maps


def test_with_paper_of_the_usual_height_the_desk_needs_no_scrolling(page: Page, program: Program) -> None:
    beat = program.api("/recordings/demo~synthetic-normal/windows").json()["windows"]["at"][20]
    page.goto(f"{program.address}/review?record=demo~synthetic-normal&at={beat}")
    expect(page.locator("#map-a[data-state=done]")).to_be_visible()
    for width, height, cards in ((1440, 900, True), (1280, 800, False)):  # on a low window leads come before cards
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function(CLEAR)
        expect(page.locator("#queue-cards")).to_be_visible(visible=cards)
        page.wait_for_function("document.getElementById('queue').getBoundingClientRect().bottom <= innerHeight - 28")


def test_a_folded_queue_opens_for_the_pointer(page: Page, program: Program) -> None:
    page.set_viewport_size({"width": 1440, "height": 800})
    settled(page, program, "/review")
    expect(page.locator("#queue-cards")).to_be_hidden()
    page.locator("#queue-tabs [data-queue=all]").click()
    expect(page.locator("#queue-run [data-beat]").nth(5)).to_be_visible()
    here = page.url
    page.locator("#queue-run [data-beat]").nth(5).click()
    page.wait_for_function("here => location.href !== here", arg=here)
