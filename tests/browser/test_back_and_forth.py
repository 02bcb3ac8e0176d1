"""All pages in one sitting, back and forth, with the browser's console watched: `page` fails at any error on it."""

import re

import pytest
from playwright.sync_api import Page, expect
from running import Program

pytestmark = pytest.mark.browser
EXCERPT = "demo~208-excerpt"
INSTANT = "a=input_derivative&b=temporal_score"
TABS = {
    "Worklist": "#worklist [row-id]",
    "Desk": "#strip-plot .main-svg",
    "Compare": ".cell[data-state=done]",
    "Gallery": ".tile",
    "Blind read": "main, .main, .plain",
    "Links": "main, .main, .plain",
}


def go(page: Page, title: str) -> None:
    page.locator(".top .tab", has_text=re.compile(f"^{title}$")).click()


def test_no_way_between_the_pages_leaves_an_error(page: Page, program: Program) -> None:
    beat = program.api(f"/recordings/{EXCERPT}/windows").json()["windows"]["at"][20]
    page.goto(f"{program.address}/review?record={EXCERPT}&at={beat}&{INSTANT}")
    page.wait_for_function("() => beatlens.nav && beatlens.nav.prediction")
    for title in (*TABS, *reversed(TABS)):
        go(page, title)
        expect(page.locator(TABS[title]).first).to_be_visible()
    for title in [*TABS, *reversed(TABS)] * 2:  # as fast as one clicks, whether anything is there or not
        go(page, title)
    go(page, "Desk")
    expect(page.locator("#strip-plot .main-svg").first).to_be_visible()
    for _ in range(8):
        page.go_back(wait_until="commit")
    for _ in range(8):
        page.go_forward(wait_until="commit")
    expect(page.locator("#strip-plot .main-svg").first).to_be_visible()
    expect(page.locator("#output-class")).not_to_be_empty()
    page.wait_for_function("() => beatlens.nav && beatlens.nav.prediction")
    page.keyboard.press("j")
    expect(page).not_to_have_url(re.compile(rf"at={beat}(&|$)"))
    expect(page.locator("#map-a[data-state=done]")).to_be_visible()


def test_a_desk_that_is_left_while_it_loads_leaves_no_error(page: Page, program: Program) -> None:
    beats = program.api(f"/recordings/{EXCERPT}/windows").json()["windows"]["at"]
    page.goto(f"{program.address}/review?record={EXCERPT}&at={beats[30]}&{INSTANT}")
    expect(page.locator("#strip-plot")).to_be_attached()
    for title in ("Gallery", "Desk", "Compare", "Desk", "Links", "Desk", "Worklist", "Desk") * 2:
        go(page, title)
        expect(page.locator(".top .tab[aria-current=page], .top .tab.on")).to_have_text(title)
    expect(page.locator("#map-a[data-state=done]")).to_be_visible()
