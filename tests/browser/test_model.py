"""The page of a model: reached from the desk, with the card's figures and the open window on its map."""

import re

import pytest
from playwright.sync_api import Page, expect
from running import Program

pytestmark = pytest.mark.browser
RECORDING = "demo~208-excerpt"


def test_the_desk_leads_to_its_models_page_and_the_map_back_to_a_window(page: Page, program: Program) -> None:
    at = program.api(f"/recordings/{RECORDING}/windows").json()["windows"]["at"][30]
    page.goto(f"{program.address}/review?record={RECORDING}&at={at}&a=input_derivative&b=temporal_score")
    page.get_by_role("link", name="About").click()
    model = program.api("/models").json()["models"][0]
    expect(page.locator("#model-accuracy")).to_have_text(f"{model['headline']['accuracy']:.1%}")
    expect(page.locator("#model-confusion tbody td")).to_have_count(len(model["classes"]) ** 2)
    expect(page.locator("#model-map circle.open")).to_be_visible()
    examples = program.api(f"/models/{model['id']}/examples").json()
    expect(page.locator("#model-map circle[data-row]")).to_have_count(len(examples["at"]))
    page.locator("#model-map circle[data-row]").first.dispatch_event("click")
    expect(page).to_have_url(re.compile(f"/review.*at={examples['at'][0]}$|/review.*at={examples['at'][0]}&"))
