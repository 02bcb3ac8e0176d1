"""A recording explained in bulk, as a reader meets it: begun on the desk, found again after a reload, cancelled."""

import json
import re

import pytest
from gates import Gate
from playwright.sync_api import Page, expect
from running import Program

pytestmark = pytest.mark.browser
RECORDING = "demo~208-excerpt"
FREE = 20  # windows: the beat on the screen, its neighbours, some of the rest; no more, until the test ends


def test_every_beat_is_explained_as_one_job_that_outlives_the_page_and_can_be_cancelled(
    page: Page, stub_program: Program, gate: Gate
) -> None:
    program = stub_program
    gate.open(FREE)
    beat = program.api(f"/recordings/{RECORDING}/windows").json()["windows"]["at"][30]
    page.goto(f"{program.address}/review?record={RECORDING}&at={beat}&a={gate.method}&b=temporal_score")
    expect(page.locator("#map-b[data-state=done]")).to_be_visible()
    page.locator("#every-beat summary").click()
    expect(page.locator("#every-b")).to_be_disabled()  # its answer needs no job
    page.locator("#every-a", has_text="Stub held").click()
    job = page.locator("#job")
    expect(job).to_contain_text(re.compile(r"Stub held, every beat.+\d+ of \d+ maps", re.DOTALL))
    expect(job).to_contain_text(re.compile(r"\d+ (s|min) left"))
    page.reload()
    expect(job).to_contain_text("Stub held, every beat")
    id = json.loads(page.evaluate("localStorage.getItem('beatlens-bulk')"))[0]["id"]
    page.locator("[data-cancel=every-beat]").click()
    expect(job).not_to_contain_text("every beat")
    status = program.api(f"/bulk/{id}").json()
    assert status["status"] == "cancelled"
    assert status["done"] < status["total"]
    page.reload()
    expect(page.locator("#map-a[data-state=done]")).to_be_visible()
    expect(job).not_to_contain_text("every beat")
