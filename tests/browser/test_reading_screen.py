"""What stands on the screen of recordings with gaps, of leads that no model learnt, and of twelve leads."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import wfdb
from playwright.sync_api import Page, expect
from running import Program, start, stop

pytestmark = pytest.mark.browser
FS, EVERY = 360, 0.8
TWELVE = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")


def beats(seconds: float) -> np.ndarray:
    return np.arange(1.0, seconds - 0.5, EVERY)


def trace(seconds: float) -> np.ndarray:
    times = np.arange(round(seconds * FS)) / FS
    return np.asarray(sum(np.exp(-(((times - beat) / 0.012) ** 2)) for beat in beats(seconds)))


def write(folder: Path, name: str, leads: tuple[str, ...], signal: np.ndarray, marks: np.ndarray) -> None:
    samples = np.round(marks * FS).astype(int)
    units, formats = ["mV"] * len(leads), ["16"] * len(leads)
    values = np.stack([signal * (1 + i / 10) for i in range(len(leads))], 1)
    wfdb.wrsamp(name, FS, units, list(leads), p_signal=values, fmt=formats, write_dir=str(folder))
    wfdb.wrann(name, "atr", samples, symbol=["N"] * len(samples), write_dir=str(folder))


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The program with a recording of gaps, one of two leads, and one of twelve."""
    folder = tmp_path_factory.mktemp("ward")
    signal, at = trace(60), beats(60)
    lost = signal.copy()
    lost[20 * FS : 27 * FS] = np.nan
    kept = at[((at < 20) | (at > 27)) & ~((at > 40) & (at < 45))]  # and beats that nobody marked from 40 to 45 s
    write(folder, "gaps", ("MLII",), lost, kept)
    write(folder, "holter", ("MLII", "V2"), signal, at)
    write(folder, "twelve", TWELVE, trace(10), beats(10))
    running = start(tmp_path_factory.mktemp("ward-data"), BEATLENS_RECORDINGS=str(folder))
    yield running
    stop(running)


def id_of(program: Program, name: str) -> str:
    rows = program.api("/recordings").json()["recordings"]
    return str(next(row["id"] for row in rows if row["name"] == name))


def first_after(program: Program, name: str, second: float, lead: str = "") -> int:
    """Address of the first beat after a second."""
    query = f"?lead={lead}" if lead else ""
    columns = program.api(f"/recordings/{id_of(program, name)}/windows{query}").json()["windows"]
    return int(next(at for at, time in zip(columns["at"], columns["time"], strict=True) if time > second))


def open_desk(page: Page, program: Program, name: str, where: str = "") -> None:
    page.goto(f"{program.address}/review?record={id_of(program, name)}{where}")
    expect(page.locator("#output-class")).to_be_attached()
    expect(page.locator("#strip-plot .main-svg").first).to_be_attached()


@pytest.mark.parametrize(("second", "why"), [(27, "no signal in between"), (44.5, "beats not annotated here")])
def test_no_rr_stands_where_beats_may_be_missing(page: Page, ward: Program, second: float, why: str) -> None:
    open_desk(page, ward, "gaps", f"&at={first_after(ward, 'gaps', second)}")
    expect(page.locator("#output-details")).to_contain_text(f"– ({why}), 800 ms")
    expect(page.locator("#strip-plot")).to_contain_text(f"no RR: {why}")
    numbers = page.locator("#strip-plot .textpoint text").all_text_contents()
    assert {text for text in numbers if text.isdigit()} == {"800"}
    assert page.locator(".strip-rr").count() == 0  # the chosen beat's own
    expect(page.locator("#by-wave, .trust").first).to_be_attached()
    assert "early" not in page.locator(".page").inner_text()


def test_a_lead_that_the_model_never_learnt_is_said_beside_the_probability(page: Page, ward: Program) -> None:
    beat, said = first_after(ward, "holter", 5), "V2 is not a lead this model was trained on"
    open_desk(page, ward, "holter", f"&at={beat}&lead=MLII")
    expect(page.locator("#decision")).to_contain_text("model's probability")
    expect(page.locator(".untrained")).to_have_count(0)
    open_desk(page, ward, "holter", f"&at={beat}&lead=V2")
    expect(page.locator("#decision .untrained")).to_contain_text(said)
    expect(page.locator("#decision")).not_to_contain_text("calibrated probability")
    page.goto(f"{ward.address}/gallery?record={id_of(ward, 'holter')}&lead=V2")
    expect(page.locator("#gallery-note")).to_contain_text(said)


def test_a_recording_of_twelve_leads_opens_on_ii(page: Page, ward: Program) -> None:
    open_desk(page, ward, "twelve")
    expect(page.locator("#lead")).to_have_value("II · 2 of 12")
    expect(page.locator(".untrained")).to_have_count(0)
    expect(page.locator("#strip-scale")).to_contain_text("II")


def test_a_second_lead_stands_under_the_first_and_moves_with_it(page: Page, ward: Program) -> None:
    page.set_viewport_size({"width": 1440, "height": 1200})  # where there is room they are there unasked
    open_desk(page, ward, "holter")
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


def test_a_short_standard_ecg_shows_all_its_leads_at_one_scale(page: Page, ward: Program) -> None:
    page.set_viewport_size({"width": 1440, "height": 1200})
    open_desk(page, ward, "twelve")
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
