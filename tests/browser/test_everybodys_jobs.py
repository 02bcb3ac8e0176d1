"""A colleague's job on many beats: in the bar of every page, in a list with its recording, and cancelled there."""

import httpx
import pytest
from gates import Gate
from patience import PATIENCE
from playwright.sync_api import Page, expect
from running import Program

pytestmark = pytest.mark.browser
RECORDING = "demo~208-excerpt"


def test_a_job_that_another_browser_began_is_listed_and_can_be_cancelled(
    page: Page, stub_program: Program, gate: Gate
) -> None:
    program = stub_program
    body = {"recording": RECORDING, "explainer": gate.explainer, "which": "all"}
    begun = httpx.post(f"{program.address}/api/bulk", json=body, timeout=PATIENCE, trust_env=False).json()
    page.goto(program.address)
    page.locator("#job-tag", has_text="1 job").click()
    row = page.locator("#jobs-list [role=listitem]")
    expect(row).to_contain_text("208")
    expect(row).to_contain_text("Stub held, every beat")
    expect(row).to_contain_text("started by Local reader")
    row.get_by_role("button", name="Cancel").click()
    expect(page.locator("#jobs-list")).to_contain_text("No job on many beats is under way")
    expect(page.locator("#job-tag")).to_be_hidden()
    assert program.api(f"/bulk/{begun['id']}").json()["status"] == "cancelled"
