"""A recording explained in bulk, as a reader meets it: begun on the desk, found again after a reload, cancelled."""

import json
import re

import pytest
from playwright.sync_api import Page, expect
from running import Program

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)
RECORDING = "demo~208-excerpt"


def test_every_beat_is_explained_as_one_job_that_outlives_the_page_and_can_be_cancelled(
    page: Page, program: Program
) -> None:
    while not program.api("/health").json()["parts"]["workers"]["ok"]:
        page.wait_for_timeout(200)
    beat = program.api(f"/recordings/{RECORDING}/windows").json()["windows"]["at"][30]
    page.goto(f"{program.address}/review?record={RECORDING}&at={beat}&a=learned_mask,steps=300&b=temporal_score")
    expect(page.locator("#map-b[data-state=done]")).to_be_visible()
    page.locator("#every-beat summary").click()
    expect(page.locator("#every-b")).to_be_disabled()  # its answer needs no job
    page.locator("#every-a", has_text="Learned mask").click()
    job = page.locator("#job")
    expect(job).to_contain_text(re.compile(r"Learned mask, every beat.+\d+ of \d+ maps", re.DOTALL))
    expect(job).to_contain_text(re.compile(r"\d+ (s|min) left"))
    page.reload()
    expect(job).to_contain_text("Learned mask, every beat")
    id = json.loads(page.evaluate("localStorage.getItem('beatlens-bulk')"))[0]["id"]
    page.locator("[data-cancel=every-beat]").click()
    expect(job).not_to_contain_text("every beat")
    status = program.api(f"/bulk/{id}").json()
    assert status["status"] == "cancelled"
    assert status["done"] < status["total"]
    page.reload()
    expect(page.locator("#map-a[data-state=done]")).to_be_visible()
    expect(job).not_to_contain_text("every beat")
