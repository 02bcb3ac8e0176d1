"""A stay in intensive care: worklist → its variables, map and probability over time → a link and its PDF."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from running import Program, start, stop

import models

pytestmark = pytest.mark.browser
CANDIDATES = Path(models.__file__).parent / "candidates"
STAYS = Path(__file__).parents[1] / "data" / "physionet2012"
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
DIED = "physionet2012~set-c~160208"


@pytest.fixture(scope="module")
def stays(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The program with two stays of PhysioNet 2012 and the model of stays."""
    running = start(
        tmp_path_factory.mktemp("stays"), BEATLENS_RECORDINGS=str(STAYS), BEATLENS_MODEL_DIRS=str(CANDIDATES)
    )
    yield running
    stop(running)


def opened(page: Page, program: Program, more: str = "") -> None:
    page.goto(f"{program.address}/stay?record={DIED}&at=0{more}")
    expect(page.locator("#stay-strongest")).to_contain_text("strongest:")


def test_from_the_worklist_to_what_the_model_made_of_a_stay(page: Page, stays: Program) -> None:
    page.goto(stays.address)
    page.locator("#worklist .ag-row").filter(has_text="160208").locator("[col-id=name]").click()
    page.wait_for_url("**/stay?**")
    expect(page.locator("#output-class")).to_have_text("Died in hospital")
    expect(page.locator("#reference-words")).to_have_text("Died in hospital")
    expect(page.locator("#agreement")).to_have_text("agrees")
    expect(page.locator("#stay-header")).to_contain_text("36 y · M · Cardiac surgery unit · first 48 h")
    expect(page.locator("#stay-strongest")).to_contain_text("strongest:")
    expect(page.locator(".stay-name")).to_have_count(17)
    expect(page.locator(".stay-name").filter(has_text="Lactate")).to_contain_text("mmol/L · 0.5–2")
    expect(page.locator("#output")).to_contain_text("has not seen this patient")


def test_rows_hold_cells_dots_and_what_was_carried_forward(page: Page, stays: Program) -> None:
    opened(page, stays)
    rows = page.locator("#stay-rows")
    expect(rows.locator(".heatmaplayer .hm")).to_have_count(1)
    names = page.evaluate("document.querySelector('#stay-rows .js-plotly-plot').data.map((trace) => trace.name)")
    assert names == ["relevance", "not measured yet", "next hour", "carried forward", "measured"]
    dots = page.evaluate(
        "document.querySelector('#stay-rows .js-plotly-plot').data.find((one) => one.name === 'measured').x.length"
    )
    shown = page.evaluate("beatlens.panels.data('chart').rows.map((row) => row.measured.reduce((a, b) => a + b, 0))")
    assert dots == sum(shown)
    course = page.evaluate("document.querySelector('#stay-probability .js-plotly-plot').data[0].y.length")
    assert course == 48


def test_the_pointer_and_the_arrows_say_what_an_hour_holds(page: Page, stays: Program) -> None:
    opened(page, stays)
    page.locator("#stay-drawn").hover(position={"x": 8, "y": 17})
    expect(page.locator("#stay-tip")).to_contain_text("hour 1")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#stay-tip")).to_contain_text("hour 2")
    first = page.locator("#stay-tip").inner_text().split(",")[0]
    page.keyboard.press("ArrowDown")
    expect(page.locator("#stay-tip")).not_to_contain_text(first)


def test_all_variables_are_shown_on_demand_and_the_address_says_so(page: Page, stays: Program) -> None:
    opened(page, stays)
    page.keyboard.press("y")
    expect(page.locator(".stay-name")).to_have_count(44)
    assert parse_qs(urlsplit(page.url).query)["open"] == ["all"]
    page.reload()
    expect(page.locator(".stay-name")).to_have_count(44)
    page.locator("[data-stay-open='']").click()
    expect(page.locator(".stay-name")).to_have_count(17)


def test_without_a_variable_the_output_is_another_and_of_nothing_it_is_told(page: Page, stays: Program) -> None:
    opened(page, stays)
    rows = page.locator(".stay-without-row")
    expect(rows).to_have_count(7)
    expect(rows.last).to_contain_text("Nothing measured at all")
    asked = {"recording": DIED, "at": 0, "model": "icu-mortality"}
    found = httpx.post(f"{stays.address}/api/tasks/never_measured", json=asked, timeout=120, trust_env=False).json()
    strongest = max(
        found["result"]["without"], key=lambda one: abs(one["probability"] - found["result"]["probability"])
    )
    expect(rows.first).to_contain_text(strongest["variable"])


def test_the_next_stay_is_one_key_away(page: Page, stays: Program) -> None:
    opened(page, stays)
    page.keyboard.press("k")
    expect(page.locator("#stay-header")).to_contain_text("Stay 152871")
    expect(page.locator("#reference-words")).to_have_text("Survived the stay")


def test_nothing_on_the_page_is_out_of_reach(page: Page, stays: Program) -> None:
    opened(page, stays)
    expect(page.locator("#stay-words")).to_contain_text("of what raises")
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in found] == []


def test_a_stay_is_shared_and_goes_on_paper(page: Page, stays: Program) -> None:
    body = {"recording": DIED, "at": 0, "model": "icu-mortality", "explainer": {"method": "relevance_propagation"}}
    asked = httpx.post(f"{stays.address}/api/tasks/explanation", json=body, timeout=120, trust_env=False).json()
    link = {"recording": DIED, "at": 0, "model": "icu-mortality", "explanations": [asked["id"]]}
    token = httpx.post(f"{stays.address}/api/links", json=link, timeout=120, trust_env=False).json()["token"]
    page.goto(f"{stays.address}/s/{token}")
    expect(page.locator(".sheet h1")).to_have_text("Model output for one stay")
    expect(page.locator(".sheet-head")).to_contain_text("Stay 160208 · first 48 h")
    expect(page.locator(".sheet .heatmaplayer .hm")).to_have_count(1)
    expect(page.get_by_role("link", name="Open live")).to_have_attribute(
        "href", f"/stay?record={DIED}&at=0&lead=Heart rate"
    )
    sheet = httpx.get(f"{stays.address}/s/{token}/sheet.pdf", timeout=120, trust_env=False)
    assert sheet.content.startswith(b"%PDF")
