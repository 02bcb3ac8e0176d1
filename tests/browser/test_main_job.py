"""The main job, whole, in a real browser: pick a recording, step, explain, reload, share, open as a colleague."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from patience import PATIENCE
from playwright.sync_api import Browser, Page, expect
from running import Program
from waiting import at_rest, notice, noticed

pytestmark = pytest.mark.browser
MM = 96 / 25.4  # px
STEPS = 510  # of a mask that no other test asks for: no worker has made it before


def beat_of(page: Page) -> int:
    return int(parse_qs(urlsplit(page.url).query)["at"][0])


def open_recording(page: Page, program: Program, name: str) -> None:
    page.goto(program.address)
    expect(page.locator("#worklist .ag-row").first).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type(name)
    row = page.locator("#worklist .ag-row").filter(has_text=re.compile(rf"^(SYNTHETIC )?{name}"))
    expect(row).to_have_count(1)
    row.click()
    page.keyboard.press("Enter")
    page.wait_for_url("**/review?**record=*")
    expect(page.locator("#output-class")).not_to_be_empty()


def explained(page: Page, which: str) -> None:
    expect(page.locator(f"#map-{which}[data-state=done]")).to_be_visible()


def main_job(page: Page, browser: Browser, program: Program, name: str) -> None:
    open_recording(page, program, name)
    first = beat_of(page)
    page.keyboard.press("ArrowRight")
    page.wait_for_function("before => !location.search.includes('at=' + before)", arg=str(first))
    second = beat_of(page)
    assert second > first
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("before => location.search.includes('at=' + before)", arg=str(first))
    own = page.locator("[data-part=output]:not([aria-busy]) #output-probability")  # what is hidden is another beat's
    expect(own).to_have_text(re.compile(r"[01]\.\d\d"))
    probability = float(page.locator("#output-probability").text_content() or "")
    assert 0 < probability <= 1

    explained(page, "a")
    explained(page, "b")

    # A mask of one's own runs on a worker: its steps are seen.
    notice(page, "#job")
    page.get_by_role("button", name="Parameters of A").click()
    page.get_by_label("Steps").first.fill(str(STEPS))
    page.get_by_role("button", name="Explain again").click()
    page.wait_for_url(re.compile(rf"steps(=|%3D){STEPS}"))
    noticed(page, f"of {STEPS} steps")
    explained(page, "a")

    # Reloaded, the same beat has its result at once: no job is seen any more.
    page.reload()
    explained(page, "a")
    expect(page.locator("#map-a")).to_contain_text(re.compile("already computed", re.IGNORECASE))
    assert float(page.locator("#output-probability").text_content() or "") == probability

    page.locator("#share").click()
    page.get_by_label("Title").fill(f"Finding in {name}")
    page.get_by_role("button", name="Create link").click()
    expect(page.locator("#share-url")).to_have_value(re.compile(r"/s/[\w-]{22,}"))
    other = browser.new_context()
    other.set_default_timeout(1000 * PATIENCE)
    colleague = other.new_page()
    colleague.goto(page.locator("#share-url").input_value())
    expect(colleague.get_by_text(f"Finding in {name}")).to_be_visible()
    expect(colleague.get_by_text("Read only")).to_be_visible()
    expect(colleague.get_by_text("Learned mask").first).to_be_visible()
    expect(colleague.get_by_text(f"{probability:.2f}").first).to_be_visible()
    expect(colleague.get_by_text("3–45 Hz, z-score, 216 samples at 360 Hz")).to_be_visible()
    other.close()


def test_on_the_excerpt_of_208(page: Page, browser: Browser, program: Program) -> None:
    main_job(page, browser, program, "208 excerpt")


@pytest.mark.data
@pytest.mark.parametrize("name", ["100", "217"])
def test_on_mit_bih(page: Page, browser: Browser, mitdb_program: Program, name: str) -> None:
    main_job(page, browser, mitdb_program, name)


def test_the_strip_is_true_to_scale(page: Page, program: Program) -> None:
    """One second is 25 mm and one mV is 10 mm, before and after a resize."""
    open_recording(page, program, "208 excerpt")
    measure = """() => {
        const plot = document.querySelector('#strip .js-plotly-plot') || document.querySelector('#strip');
        const {xaxis: x, yaxis: y} = plot._fullLayout;
        return {second: x._length / (x.range[1] - x.range[0]), millivolt: y._length / (y.range[1] - y.range[0])};
    }"""
    for width in (1440, 1280, 1800):
        page.set_viewport_size({"width": width, "height": 900})
        at_rest(page)
        scale = page.evaluate(measure)
        assert scale["second"] == pytest.approx(25 * MM, rel=0.005)
        assert scale["millivolt"] == pytest.approx(10 * MM, rel=0.005)


def test_synthetic_recordings_are_marked_wherever_they_appear(page: Page, program: Program) -> None:
    page.goto(program.address)
    expect(page.locator("#worklist").get_by_text("SYNTHETIC").first).to_be_visible()
    open_recording(page, program, "normal")
    expect(page.locator(".record-header .tag", has_text="SYNTHETIC")).to_be_visible()


def test_an_unknown_record_is_named_and_the_page_stays_usable(page_with_errors: Page, program: Program) -> None:
    page = page_with_errors
    page.goto(f"{program.address}/review?record=nowhere~1")
    expect(page.get_by_text("nowhere~1").first).to_be_visible()
    page.get_by_role("link", name="Worklist").first.click()
    expect(page.locator("#worklist .ag-row").first).to_be_visible()
