"""A recording explained in bulk, as a reader meets it: seen counting, found again after a reload, cancelled."""

import re

import pytest
from playwright.sync_api import Page, expect
from running import Program

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)
RECORDING = "demo~208-excerpt"
START = """async (asked) => {
    const headers = {"Content-Type": "application/json"};
    const answer = await window.beatlens.api("/bulk", {method: "POST", headers, body: JSON.stringify(asked)});
    const {id, status} = await answer.json();
    window.beatlens.jobs.watch({slot: "bulk", kind: "bulk", id, status, title: "Learned mask of all beats"});
    return id;
}"""


def test_a_bulk_job_counts_outlives_the_page_and_can_be_cancelled(page: Page, program: Program) -> None:
    while not program.api("/health").json()["parts"]["workers"]["ok"]:
        page.wait_for_timeout(200)
    beat = program.api(f"/recordings/{RECORDING}/beats").json()["beats"]["sample"][30]
    page.goto(f"{program.address}/review?record={RECORDING}&beat={beat}&a=input_derivative&b=temporal_score")
    expect(page.locator("#map-a[data-state=done]")).to_be_visible()
    mask = {"method": "learned_mask", "steps": 300}
    id = page.evaluate(START, {"recording": RECORDING, "which": "all", "explainer": mask})
    expect(page.locator("#job")).to_contain_text(re.compile(r"Learned mask of all beats.+\d+ of \d+ maps", re.DOTALL))
    expect(page.locator("#job")).to_contain_text(re.compile(r"\d+ (s|min) left"))
    page.reload()
    expect(page.locator("#job")).to_contain_text("Learned mask of all beats")
    page.locator("[data-cancel=bulk]").click()
    expect(page.locator("#job")).not_to_contain_text("all beats")
    status = program.api(f"/bulk/{id}").json()
    assert status["status"] == "cancelled"
    assert status["done"] < status["total"]
    page.reload()
    expect(page.locator("#map-a[data-state=done]")).to_be_visible()
    expect(page.locator("#job")).not_to_contain_text("all beats")
