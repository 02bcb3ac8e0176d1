"""The strip: true to scale, moved without asking, its gaps shown; filter, calipers, ruler and overview."""

import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect
from running import Program
from waiting import at_rest

pytestmark = pytest.mark.browser
MM = 96 / 25.4  # px
FS = 360
INSTANT = "&a=input_derivative&b=temporal_score"  # nothing waits for a worker


def id_of(program: Program) -> str:
    return next(row["id"] for row in program.api("/recordings").json()["recordings"] if row["name"] == "gap")


def nth(program: Program, record: str, index: int) -> int:
    return int(program.api(f"/recordings/{record}/windows").json()["windows"]["at"][index])


def open_strip(page: Page, program: Program, record: str, where: str = "") -> None:
    page.goto(f"{program.address}/review?record={record}{where}{INSTANT}")
    expect(page.locator("#strip-plot .main-svg").first).to_be_attached()
    page.wait_for_function("() => beatlens.nav && beatlens.nav.prediction && beatlens.read().at")
    page.wait_for_function("() => new URLSearchParams(beatlens.strip.asked).get('predicted')")


def drawn(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate("() => beatlens.strip.drawn")
    return found


def box(place: Locator) -> dict[str, float]:
    found = place.bounding_box()
    assert found
    return dict(found)


def drag(page: Page, x: float, y: float, by: float, down: float = 0) -> None:
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by, y + down, steps=8)
    page.mouse.up()


def scale(page: Page) -> dict[str, float]:
    """Pixels of a second, a millivolt and the pulse, measured on what is drawn."""
    found: dict[str, float] = page.evaluate(
        """() => {
            const {xaxis: x, yaxis: y} = document.getElementById('strip-plot')._fullLayout;
            const pulse = document.querySelector('#strip-head .shapelayer path').getBBox();
            return {second: x._length / (x.range[1] - x.range[0]), millivolt: y._length / (y.range[1] - y.range[0]),
                pulse: pulse.height, head: document.getElementById('strip-head').clientWidth};
        }"""
    )
    return found


def true_to(page: Page, speed: float, gain: float, mm: float = MM) -> None:
    page.wait_for_function(
        "words => document.getElementById('strip-scale').textContent.startsWith(words)",
        arg=f"{speed:g} mm/s · {gain:g} mm/mV",
    )
    found = scale(page)
    assert found["second"] == pytest.approx(speed * mm, rel=0.002)
    assert found["millivolt"] == pytest.approx(gain * mm, rel=0.002)
    assert found["pulse"] == pytest.approx(gain * mm, abs=0.6)
    assert found["head"] == pytest.approx(10 * mm, abs=1)


@pytest.mark.data
def test_every_preset_is_true_to_scale_before_and_after_a_resize(page: Page, mitdb_program: Program) -> None:
    open_strip(page, mitdb_program, "mitdb~208")
    true_to(page, 25, 10)
    for speed, gain in ((12.5, 20.0), (50.0, 5.0), (25.0, 10.0)):
        page.locator(f'[data-speed="{speed:g}"]').click()
        page.locator(f'[data-gain="{gain:g}"]').click()
        true_to(page, speed, gain)
    before = drawn(page)["screen"]
    page.set_viewport_size({"width": 1640, "height": 900})
    page.wait_for_function("before => beatlens.strip.drawn.screen > before", arg=before)
    true_to(page, 25, 10)
    assert drawn(page)["screen"] - before == pytest.approx(200 / (25 * MM), rel=0.01)  # more seconds, the same scale
    expect(page.locator("#strip-scale.warned")).to_have_count(0)
    page.keyboard.press("+")
    true_to(page, 50, 10)
    page.keyboard.press("+")
    expect(page.locator("#strip-scale.warned")).to_contain_text("100 mm/s · 10 mm/mV approx., not standard")


@pytest.mark.data
def test_stepping_and_panning_ask_for_nothing(page: Page, mitdb_program: Program) -> None:
    first_beat = nth(mitdb_program, "mitdb~100", 24)
    open_strip(page, mitdb_program, "mitdb~100", f"&at={first_beat}")
    at_rest(page)  # what lies beside has been fetched
    page.route("**/_strip?*", lambda route: None)  # from here on no stretch is answered
    first = drawn(page)
    last_beat = nth(mitdb_program, "mitdb~100", 27)
    for index in (25, 26, 27):
        page.keyboard.press("j")
        expect(page).to_have_url(re.compile(f"at={nth(mitdb_program, 'mitdb~100', index)}(&|$)"))
    moved = drawn(page)
    assert moved["begin"] - first["begin"] == pytest.approx((last_beat - first_beat) / FS, abs=0.01)
    band = box(page.locator(".strip-band"))
    assert band["width"] == pytest.approx(0.6 * 25 * MM, abs=0.5)  # what the model reads
    middle = box(page.locator("#strip"))
    assert band["x"] + 0.2 * 25 * MM == pytest.approx(middle["x"] + (middle["width"] + 10 * MM) / 2, abs=6)
    drag(page, middle["x"] + 600, middle["y"] + 150, -240)
    assert drawn(page)["begin"] - moved["begin"] == pytest.approx(240 / (25 * MM), abs=0.02)
    page.keyboard.press("Shift+ArrowLeft")
    assert drawn(page)["begin"] - moved["begin"] == pytest.approx(240 / (25 * MM) - moved["screen"] / 4, abs=0.02)
    page.mouse.wheel(0, 94.488)
    page.wait_for_function("begin => beatlens.strip.drawn.begin > begin + 0.9", arg=drawn(page)["begin"] - 1)
    assert f"at={last_beat}" in page.url


@pytest.mark.data
def test_panning_far_fetches_what_is_not_held(page: Page, mitdb_program: Program) -> None:
    open_strip(page, mitdb_program, "mitdb~100")
    page.evaluate("() => beatlens.strip.centre(1500)")
    page.wait_for_function(
        "() => { const d = beatlens.strip.drawn; return d.start <= d.begin && d.begin > 1490 && d.start > 1400; }"
    )
    assert (
        box(page.locator("#strip-plot"))["x"] < box(page.locator("#strip"))["x"]
    )  # the stretch reaches beyond the paper
    assert page.locator("#strip-time").inner_text().startswith("00:24:5")


@pytest.mark.data
def test_a_filter_is_stated_and_kept_and_not_in_the_address(page: Page, mitdb_program: Program) -> None:
    open_strip(page, mitdb_program, "mitdb~208")
    address = page.url
    raw = page.evaluate("() => document.getElementById('strip-plot').data[0].y.slice(0, 50)")
    page.keyboard.press("w")
    expect(page.locator("#strip-scale")).to_contain_text("MLII · filter 0.5–40 Hz, zero phase · 360 Hz")
    assert page.evaluate("() => document.getElementById('strip-plot').data[0].y.slice(0, 50)") != raw
    assert page.url == address
    page.reload()
    expect(page.locator("#strip-scale")).to_contain_text("filter 0.5–40 Hz")
    page.keyboard.press("w")
    expect(page.locator("#strip-scale")).to_contain_text("raw, no filter")


@pytest.mark.data
def test_leads_bear_the_names_of_the_source(page: Page, mitdb_program: Program) -> None:
    open_strip(page, mitdb_program, "mitdb~114")
    expect(page.locator("#strip-scale")).to_contain_text("V5")  # its channels are swapped
    page.locator("#lead").click()
    page.get_by_role("option", name=re.compile("MLII")).click()
    expect(page.locator("#strip-scale")).to_contain_text("MLII")
    assert "lead=MLII" in page.url


def test_a_gap_is_shown_and_never_bridged(page: Page, drawn_program: Program) -> None:
    for filter in ("raw", "0.5-40"):
        page.add_init_script(f"localStorage.setItem('beatlens-strip', '{{\"filter\": \"{filter}\"}}')")
        open_strip(page, drawn_program, id_of(drawn_program))
        page.evaluate("() => beatlens.strip.centre(13.25)")
        expect(page.locator("#strip-plot").get_by_text("no signal").first).to_be_visible()
        inside = page.evaluate(
            """() => {
                const lines = [...document.querySelectorAll('#strip-plot .subplot.xy path.js-line')];
                const {start, second} = beatlens.strip.drawn;
                const [from, to] = [12.05, 14.45].map(time => (time - start) * second);
                const all = lines.map(line => line.getAttribute('d')).join('');
                const parts = all.split('M').slice(1).map(part => part.split('L').map(parseFloat));
                return {parts: parts.length, crossing: parts.some(part => part.some(x => x > from && x < to))};
            }"""
        )
        assert inside == {"parts": 2, "crossing": False}
        words = "raw, no filter" if filter == "raw" else "filter 0.5–40 Hz"
        expect(page.locator("#strip-scale")).to_contain_text(words)


@pytest.mark.data
def test_calipers_tell_ms_bpm_and_mv_and_march(page: Page, mitdb_program: Program) -> None:
    open_strip(page, mitdb_program, "mitdb~100", f"&at={nth(mitdb_program, 'mitdb~100', 24)}")
    page.keyboard.press("m")
    rr = int(page.locator(".strip-rr").inner_text())
    read = page.locator(".caliper-read")
    expect(read).to_contain_text(f"{rr} ms · {round(60_000 / rr)} bpm")
    second = page.locator('.caliper-leg[data-leg="1"]')
    leg = box(second)
    drag(page, leg["x"] + 6, leg["y"] + 60, 94.488)
    expect(read).to_contain_text(f"{rr + 1000} ms")
    second.focus()
    page.keyboard.press("ArrowLeft")
    assert int(read.inner_text().split()[0]) == pytest.approx(rr + 1000 - 1000 / (25 * MM), abs=1)
    place = box(page.locator("#strip"))
    drag(page, place["x"] + 200, place["y"] + 100, 10 * MM, 10 * MM)
    expect(read).to_contain_text(re.compile(r"^(399|400|401) ms · 150 bpm · −1\.00 mV"))
    page.keyboard.press("Shift+M")
    marks = np.array([box(mark)["x"] for mark in page.locator(".caliper-mark").all()[:4]])
    steps = (marks - marks.min()) / (10 * MM)  # to both sides of the legs, each a whole interval from the others
    assert steps == pytest.approx(np.round(steps), abs=0.02)
    assert len(set(np.round(steps))) == 4
    page.keyboard.press("Escape")
    expect(page.locator(".caliper")).to_have_count(0)


def test_a_measured_screen_changes_the_paper_and_is_remembered(page: Page, drawn_program: Program) -> None:
    open_strip(page, drawn_program, id_of(drawn_program))
    expect(page.locator("#strip-scale")).to_contain_text("approx.")
    page.locator("#ruler-open").click()
    expect(page.locator("#ruler-card")).to_be_visible()
    page.locator("[role=dialog] [role=slider]").focus()
    for _ in range(40):
        page.keyboard.press("ArrowRight")  # 0.005 px in a mm each
    expect(page.locator("#ruler-words")).to_contain_text("3.98")
    card = box(page.locator("#ruler-card"))["width"]
    page.locator("#ruler-save").click()
    expect(page.locator("#strip-scale")).not_to_contain_text("approx.")
    true_to(page, 25, 10, card / 85.6)
    page.reload()
    expect(page.locator("#strip-scale")).to_contain_text("25 mm/s")
    true_to(page, 25, 10, card / 85.6)
    page.locator("#ruler-open").click()
    page.locator("#ruler-forget").click()
    expect(page.locator("#strip-scale")).to_contain_text("approx.")
    true_to(page, 25, 10)


@pytest.mark.data
def test_the_overview_is_dragged_and_clicked(page: Page, mitdb_program: Program) -> None:
    open_strip(page, mitdb_program, "mitdb~208")
    whole, address = box(page.locator("#overview-words")), page.url
    drag(page, whole["x"] + 300, whole["y"] + 20, 200)
    time = drawn(page)["begin"] + drawn(page)["screen"] / 2
    assert time == pytest.approx(500 / whole["width"] * drawn(page)["length"], abs=2)
    expect(page).not_to_have_url(address)  # at rest the beat in the middle is chosen
    address = page.url
    assert int(re.findall(r"at=(\d+)", address)[0]) / FS == pytest.approx(time, abs=3)
    mark = box(page.locator("#overview-window"))
    assert mark["x"] + mark["width"] / 2 == pytest.approx(whole["x"] + 500, abs=4)
    page.mouse.click(whole["x"] + 700, whole["y"] + 20)
    expect(page).not_to_have_url(address)
    beat = int(re.findall(r"at=(\d+)", page.url)[0])
    assert beat / FS == pytest.approx(700 / whole["width"] * 1805.6, abs=3)


@pytest.mark.data
def test_a_reading_stands_in_its_row_and_what_is_hidden_is_hidden(page: Page, mitdb_program: Program) -> None:
    open_strip(page, mitdb_program, "mitdb~208", "&at=8317")
    page.keyboard.press("v")
    chip = page.locator(".strip-reading")
    expect(chip).to_have_text("V")
    assert box(chip)["y"] - box(page.locator("#strip"))["y"] == pytest.approx(43, abs=1)
    page.keyboard.press("h")
    expect(page.locator(".strip-hidden")).to_be_visible()
    expect(page.locator("#strip-plot")).to_have_attribute(
        "aria-label", re.compile(r"^Rhythm strip of lead MLII from [\d:.]+\.$")
    )
    page.keyboard.press("h")
    expect(page.locator(".strip-hidden")).to_be_hidden()
    page.keyboard.press("Control+z")
    expect(chip).to_have_count(0)
    expect(page.locator("#saved")).to_have_text("All changes saved")
