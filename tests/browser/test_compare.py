"""Compare: groups of methods fold and unfold by mouse and keyboard, and only what is unfolded is computed."""

import re

import pytest
from playwright.sync_api import Page, expect
from running import Program

pytestmark = pytest.mark.browser
RECORD = "demo~synthetic-normal"


def compare(program: Program, more: str = "") -> str:
    beats = program.api(f"/recordings/{RECORD}/windows?model=mitbih-lstm").json()["windows"]["at"]
    return f"{program.address}/compare?record={RECORD}&at={beats[20]}{more}"


def test_groups_unfold_by_click_and_key_and_the_address_keeps_them(page: Page, program: Program) -> None:
    page.goto(compare(program, "&open=none"))
    heads = page.locator(".group:not([hidden]) [data-group]")
    expect(heads).to_have_count(5)
    expect(page.locator(".group[data-open]")).to_have_count(0)
    expect(page.locator(".cell[data-state=done]")).to_have_count(0)
    page.locator("[data-group=propagation]").click()
    expect(page).to_have_url(re.compile("open=propagation"))
    expect(page.locator("#cell-relevance_propagation[data-state=done]")).to_be_visible()
    expect(page.locator("#cell-gradient_input")).to_be_hidden()
    page.keyboard.press("m")
    expect(page).to_have_url(re.compile("open=network,propagation"))
    expect(page.locator("[data-group=network]")).to_be_focused()
    page.keyboard.press("Shift+M")
    expect(page).to_have_url(re.compile("open=network$"))
    page.reload()
    expect(page.locator("[data-group=network]")).to_have_attribute("aria-expanded", "true")
    expect(page.locator("[data-group=propagation]")).to_have_attribute("aria-expanded", "false")


def test_keys_faster_than_the_page_act_on_what_was_asked_for(page: Page, program: Program) -> None:
    page.goto(compare(program, "&open=none"))
    expect(page.locator(".group:not([hidden]) [data-group]")).to_have_count(5)
    page.evaluate("""() => ["m", "m", "M"].forEach((key) => document.body.dispatchEvent(
        new KeyboardEvent("keydown", {key, shiftKey: key === "M", bubbles: true, cancelable: true})))""")
    expect(page).to_have_url(re.compile("open=network$"))
    expect(page.locator("[data-group=network]")).to_have_attribute("aria-expanded", "true")


def test_digits_open_what_is_shown(page: Page, program: Program) -> None:
    page.goto(compare(program, "&open=gradient"))
    expect(page.locator("#cell-input_derivative[data-state=done]")).to_be_visible()
    digit = page.locator("#digit-input_derivative").inner_text()
    page.keyboard.press(digit)
    expect(page).to_have_url(re.compile("/review.*b=input_derivative"))
