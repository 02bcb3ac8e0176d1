"""What stands on the screen of recordings with gaps, of leads that no model learnt, and of twelve leads."""

import pytest
from drawn import TWELVE
from playwright.sync_api import Page, expect
from running import Program

pytestmark = pytest.mark.browser
INSTANT = "&a=input_derivative&b=temporal_score"  # nothing waits for a worker


def id_of(program: Program, name: str) -> str:
    rows = program.api("/recordings").json()["recordings"]
    return str(next(row["id"] for row in rows if row["name"] == name))


def first_after(program: Program, name: str, second: float, lead: str = "") -> int:
    """Address of the first beat after a second."""
    query = f"?lead={lead}" if lead else ""
    columns = program.api(f"/recordings/{id_of(program, name)}/windows{query}").json()["windows"]
    return int(next(at for at, time in zip(columns["at"], columns["time"], strict=True) if time > second))


def open_desk(page: Page, program: Program, name: str, where: str = "") -> None:
    page.goto(f"{program.address}/review?record={id_of(program, name)}{where}{INSTANT}")
    expect(page.locator("#output-class")).to_be_attached()
    expect(page.locator("#strip-plot .main-svg").first).to_be_attached()


@pytest.mark.parametrize(("second", "why"), [(27, "no signal in between"), (44.5, "beats not annotated here")])
def test_no_rr_stands_where_beats_may_be_missing(page: Page, drawn_program: Program, second: float, why: str) -> None:
    open_desk(page, drawn_program, "gaps", f"&at={first_after(drawn_program, 'gaps', second)}")
    expect(page.locator("#output-details")).to_contain_text(f"– ({why}), 800 ms")
    expect(page.locator("#strip-plot")).to_contain_text(f"no RR: {why}")
    numbers = page.locator("#strip-plot .textpoint text").all_text_contents()
    assert {text for text in numbers if text.isdigit()} == {"800"}
    assert page.locator(".strip-rr").count() == 0  # the chosen beat's own
    expect(page.locator("#by-wave, .trust").first).to_be_attached()
    assert "early" not in page.locator(".page").inner_text()


def test_a_lead_that_the_model_never_learnt_is_said_beside_the_probability(page: Page, drawn_program: Program) -> None:
    beat, said = first_after(drawn_program, "holter", 5), "V2 is not a lead this model was trained on"
    open_desk(page, drawn_program, "holter", f"&at={beat}&lead=MLII")
    expect(page.locator("#decision")).to_contain_text("model's probability")
    expect(page.locator(".untrained")).to_have_count(0)
    open_desk(page, drawn_program, "holter", f"&at={beat}&lead=V2")
    expect(page.locator("#decision .untrained")).to_contain_text(said)
    expect(page.locator("#decision")).not_to_contain_text("calibrated probability")
    page.goto(f"{drawn_program.address}/gallery?record={id_of(drawn_program, 'holter')}&lead=V2")
    expect(page.locator("#gallery-note")).to_contain_text(said)


def test_a_recording_of_twelve_leads_opens_on_ii(page: Page, drawn_program: Program) -> None:
    open_desk(page, drawn_program, "twelve")
    expect(page.locator("#lead")).to_have_value("II · 2 of 12")
    expect(page.locator(".untrained")).to_have_count(0)
    expect(page.locator("#strip-scale")).to_contain_text("II")


def test_a_second_lead_stands_under_the_first_and_moves_with_it(page: Page, drawn_program: Program) -> None:
    page.set_viewport_size({"width": 1440, "height": 1200})  # where there is room they are there unasked
    open_desk(page, drawn_program, "holter")
    row = page.locator("#second-row")
    expect(row).to_be_visible()
    expect(page.locator("#second-name")).to_have_text("V2")
    expect(page.locator("#second-plot .main-svg").first).to_be_attached()
    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_function(
        """() => { const x = (layer) => new DOMMatrix(getComputedStyle(layer).transform).e;
            const at = (id) => document.getElementById(id);
            const second = x(at("second-layer"));
            return second < 0 && Math.abs(second - x(at("strip-plot").parentElement)) < 1.5; }"""
    )
    page.locator("#more-leads").click()
    expect(row).to_be_hidden()
    page.reload()
    expect(page.locator("#strip-plot .main-svg").first).to_be_attached()
    expect(row).to_be_hidden()


def test_a_short_standard_ecg_shows_all_its_leads_at_one_scale(page: Page, drawn_program: Program) -> None:
    page.set_viewport_size({"width": 1440, "height": 1200})
    open_desk(page, drawn_program, "twelve")
    expect(page.locator("#all-leads .main-svg").first).to_be_visible()
    found = page.evaluate(
        """() => { const {xaxis: x, yaxis: y} = document.querySelector("#all-leads-plot .js-plotly-plot")._fullLayout;
            const names = document.querySelector("#all-leads-plot .js-plotly-plot").data.map((trace) => trace.name);
            const px = (axis) => axis._length / (axis.range[1] - axis.range[0]);
            return {names, second: px(x), millivolt: px(y)}; }"""
    )
    assert sorted(found["names"]) == sorted([*TWELVE, "II"])
    mm = 96 / 25.4
    assert found["second"] == pytest.approx(25 * mm, rel=0.002)
    assert found["millivolt"] == pytest.approx(10 * mm, rel=0.002)
    page.keyboard.press("y")
    expect(page.locator("#all-leads")).to_be_hidden()
