"""A map that a worker is computing, seen as it grows in the rows of the rhythm page."""

import pytest
from gates import Gate
from playwright.sync_api import Page, expect
from running import Program

pytestmark = pytest.mark.browser
LARGEST = """() => {
    const rows = [...document.querySelectorAll(".rhythm-plot")];
    const maps = rows.map((row) => row.data && row.data.find((trace) => trace.name === "relevance"));
    return maps.length && maps.every((map) => map && map.z[0]) ? maps.map((map) => Math.max(...map.z[0])) : null;
}"""  # of the growing map behind each row; null where one has none, or the whole map as the service sends it


def open_rows(page: Page, program: Program, method: str = "") -> None:
    """The window of a recording of 12.5 s, in two rows."""
    chosen = f"&a={method}" if method else ""
    page.goto(f"{program.address}/rhythm?record=ward~single&at=0&model=stub-rhythm{chosen}")
    expect(page.locator(".rhythm-row")).to_have_count(2)


def test_a_running_map_grows_in_every_row(page: Page, stub_program: Program, gate: Gate) -> None:
    open_rows(page, stub_program, gate.method)
    first = page.wait_for_function(LARGEST).json_value()
    assert all(0 < value < 1 for value in first)
    expect(page.locator(".rhythm-plot .heatmaplayer .hm")).to_have_count(2)
    page.wait_for_function(
        f"(before) => {{ const now = ({LARGEST})(); return now && now[0] !== before[0]; }}", arg=first
    )
    assert page.evaluate("document.querySelector('.rhythm-plot').data.length") > 2  # the trace still stands before it
    gate.open()
    expect(page.locator("#rhythm-scale")).to_contain_text("1")  # the whole map has one
    expect(page.locator(".rhythm-plot .heatmaplayer .hm")).to_have_count(2)


def test_rows_that_are_drawn_anew_keep_the_map_so_far(page: Page, stub_program: Program, gate: Gate) -> None:
    open_rows(page, stub_program, gate.method)
    page.wait_for_function(LARGEST)
    drawn = page.evaluate(
        f"""() => {{
            document.querySelectorAll(".rhythm-plot").forEach((row) => window.Plotly.react(row, [], {{}}));
            const {{shown}} = window.beatlens.rhythm;
            window.beatlens.rhythm.draw(shown); // as a view that comes in the middle does
            return ({LARGEST})();
        }}"""
    )
    assert drawn


def test_the_desks_own_first_method_can_be_chosen_here_too(page: Page, stub_program: Program) -> None:
    open_rows(page, stub_program)
    expect(page.locator(".method-row.on")).not_to_have_attribute("data-rhythm-method", "learned_mask")
    page.locator("[data-rhythm-method=learned_mask]").click()
    page.wait_for_url("**a=learned_mask**")
    expect(page.locator(".method-row.on")).to_have_attribute("data-rhythm-method", "learned_mask")
    expect(page.locator(".rhythm-plot .heatmaplayer .hm")).to_have_count(2)
    expect(page.locator("#rhythm-map")).to_contain_text("Learned mask")
