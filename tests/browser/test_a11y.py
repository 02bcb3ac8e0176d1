"""WCAG AA by axe on every page, light and dark; and room for everything on small screens."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect
from running import Program

pytestmark = pytest.mark.browser
expect.set_options(timeout=20_000)
RECORDING = "demo~208-excerpt"
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
PAGES = {
    "/": "#worklist .ag-row",
    "/review": "#map-a[data-state=done]",
    "/compare": "#cell-occlusion[data-state=done]",
    "/gallery": "#gallery-tiles > *",
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
    expect(page.locator(PAGES[path]).first).to_be_visible(timeout=90_000)
    page.wait_for_timeout(1500)


def violations(page: Page) -> list[str]:
    found: list[dict[str, Any]] = Axe().run(page, options=RULES).response["violations"]
    return [f"{v['id']}: {v['help']}: {[node['html'][:120] for node in v['nodes'][:3]]}" for v in found]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", list(PAGES))
def test_axe_finds_nothing(page: Page, program: Program, path: str, theme: str) -> None:
    page.add_init_script(f"localStorage.setItem('theme', JSON.stringify('{theme}'))")
    settled(page, program, path)
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    assert violations(page) == []


def test_axe_finds_nothing_in_the_dialogs(page: Page, program: Program) -> None:
    settled(page, program, "/review")
    page.keyboard.press("?")
    expect(page.locator("#keys-list .keys-row").first).to_be_visible()
    page.wait_for_timeout(500)
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.locator("#share").click()
    expect(page.get_by_label("Title")).to_be_visible()
    page.wait_for_timeout(500)
    assert violations(page) == []


@pytest.mark.parametrize("size", [(1280, 800), (1024, 768)])
@pytest.mark.parametrize("path", list(PAGES))
def test_nothing_is_wider_than_the_window(
    context: BrowserContext, page: Page, program: Program, path: str, size: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    settled(page, program, path)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_the_queue_covers_no_map(page: Page, program: Program) -> None:
    settled(page, program, "/review")
    for width, height in ((1440, 900), (1280, 800), (1280, 720)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function(CLEAR)


@pytest.mark.parametrize("size", [(1440, 900), (1280, 800)])
def test_with_paper_of_the_usual_height_the_desk_needs_no_scrolling(
    page: Page, program: Program, size: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    beat = program.api("/recordings/demo~synthetic-normal/windows").json()["windows"]["at"][20]
    page.goto(f"{program.address}/review?record=demo~synthetic-normal&at={beat}")
    expect(page.locator("#map-a[data-state=done]")).to_be_visible(timeout=90_000)
    page.wait_for_function(CLEAR)
    expect(page.locator("#queue-cards")).to_be_visible()
    assert page.evaluate("document.getElementById('queue').getBoundingClientRect().bottom <= innerHeight - 28")


def test_a_folded_queue_opens_for_the_pointer(page: Page, program: Program) -> None:
    page.set_viewport_size({"width": 1440, "height": 800})
    settled(page, program, "/review")
    expect(page.locator("#queue-cards")).to_be_hidden()
    page.locator("#queue-tabs [data-queue=all]").click()
    expect(page.locator("#queue-run [data-beat]").nth(5)).to_be_visible()
    here = page.url
    page.locator("#queue-run [data-beat]").nth(5).click()
    page.wait_for_function("here => location.href !== here", arg=here)


def test_on_a_tablet_the_output_comes_before_the_maps(page: Page, program: Program) -> None:
    page.set_viewport_size({"width": 1024, "height": 768})
    settled(page, program, "/review")
    tops = [page.locator(where).bounding_box() for where in ("#strip", "#output", "#map-a")]
    heights = [box["y"] for box in tops if box]
    assert heights == sorted(heights)
