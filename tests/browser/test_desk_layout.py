"""What a bar above the page, a tall second lead, long names and a narrow window do to the layout."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from running import Program

pytestmark = [pytest.mark.browser, pytest.mark.data]
INSTANT = "&a=input_derivative&b=temporal_score"  # nothing waits for a worker
# Millimetres of the second lead's paper, px that are free above the queue, and whether its cards are folded.
SECOND = """() => {
    const row = document.getElementById('second-row'), plot = document.getElementById('second-plot');
    if (!row || row.hidden || !plot.firstChild) return null;
    const queue = document.getElementById('queue').getBoundingClientRect().top;
    return {
        tall: document.getElementById('second').getBoundingClientRect().height,
        free: queue - document.querySelector('.main.desk .maps').getBoundingClientRect().bottom,
        folded: document.documentElement.dataset.folded,
        warned: document.getElementById('second-warning').textContent,
    };
}"""


def open_desk(page: Page, program: Program, record: str, index: int, more: str = INSTANT) -> None:
    beat = program.api(f"/recordings/{record}/windows").json()["windows"]["at"][index]
    page.goto(f"{program.address}/review?record={record}&at={beat}{more}")
    expect(page.locator("#map-a[data-state=done]")).to_be_visible(timeout=90_000)


def test_a_bar_that_has_gone_leaves_the_layout_as_if_it_had_never_been(page: Page, mitdb_program: Program) -> None:
    open_desk(page, mitdb_program, "mitdb~208", 40)
    expect(page.locator("#second-plot .main-svg").first).to_be_attached()
    settled = f"() => {{ const s = ({SECOND})(); return s && s.free >= -1 && s.free < 12; }}"  # nothing is left empty
    page.wait_for_function(settled)
    without = page.evaluate(SECOND)
    health: dict[str, Any] = mitdb_program.api("/health").json()
    missing = health | {"status": "degraded", "parts": health["parts"] | {"workers": {"ok": False, "count": 0}}}
    told = [missing]

    def answer(route: Route) -> None:
        route.fulfill(content_type="application/json", body=json.dumps(told[0]))

    page.route("**/api/health", answer)
    page.evaluate("() => beatlens.checkHealth()")
    expect(page.locator("#health-bar")).to_be_visible()
    page.wait_for_function(
        f"(one) => {{ const s = ({SECOND})(); return s.tall !== one.tall || s.folded !== one.folded; }}", arg=without
    )
    told[0] = health | {"status": "ok"}
    page.evaluate("() => beatlens.checkHealth()")
    expect(page.locator("#health-bar")).to_be_hidden()
    page.wait_for_function(
        f"""(one) => {{ const s = ({SECOND})();
            return Math.abs(s.tall - one.tall) < 2 && s.folded === one.folded && Math.abs(s.free - one.free) < 2; }}""",
        arg=without,
    )


@pytest.mark.parametrize("record", ["mitdb~102", "mitdb~109", "mitdb~217", "mitdb~119"])
def test_a_tall_second_lead_takes_the_cards_room_before_it_is_cut(
    page: Page, mitdb_program: Program, record: str
) -> None:
    open_desk(page, mitdb_program, record, 100)
    expect(page.locator("#second-plot .main-svg").first).to_be_attached()
    page.wait_for_function(f"() => ({SECOND})()")
    page.wait_for_function(f"() => {{ const s = ({SECOND})(); return s.folded === 'folded' || !s.warned; }}")
    found = page.evaluate(SECOND)
    if found["warned"]:
        assert found["free"] < 30  # all there is, but what separates them
    assert found["free"] >= -1  # nothing lies under the queue


@pytest.mark.parametrize("width", [820, 1024, 1280, 1440, 2560])
def test_the_patient_is_never_cut(page: Page, mitdb_program: Program, width: int) -> None:
    """Remarks and how a map came give way to it and to each other, whole words or none."""
    page.set_viewport_size({"width": width, "height": 900})
    open_desk(page, mitdb_program, "mitdb~106", 20)
    patient = page.locator("#record-header .remarks span").first
    expect(patient).to_have_text("24 y · F")
    own, beside = patient.bounding_box(), page.locator("#record-header .remarks ~ *:visible").first.bounding_box()
    assert own
    assert beside
    assert own["x"] + own["width"] <= beside["x"] or own["y"] + own["height"] <= beside["y"]
    half = page.evaluate(
        """() => [60, 150, 400].map((px) => {
            const head = document.getElementById('map-head-a'), gives = head.querySelector('.gives');
            head.style.cssText = `width: ${px}px; min-width: 0`;
            const room = gives.getBoundingClientRect(), words = gives.firstChild.getBoundingClientRect();
            return words.top >= room.bottom || words.right <= room.right + 1;
        }).every(Boolean)"""
    )
    assert half


# How many buttons, groups of buttons and menus each line of the header has.
LINES = """() => {
    const all = [...document.querySelectorAll('#record-header :is(button, input)')];
    const found = all.filter((one) => one.getClientRects().length);
    const tools = [...new Set(found.map((one) => one.closest('.seg, .mantine-Select-root') || one))];
    const boxes = tools.map((one) => one.getBoundingClientRect());
    const middles = boxes.map(({top, height}) => top + height / 2).sort((a, b) => a - b);
    return middles.reduce((lines, y, i) => {
        if (i === 0 || y - middles[i - 1] > 15) lines.push(0);
        lines[lines.length - 1] += 1;
        return lines;
    }, []);
}"""


def test_no_button_of_the_header_stands_alone_in_a_line(page: Page, mitdb_program: Program) -> None:
    open_desk(page, mitdb_program, "demo~synthetic-noise", 20)
    for width in (820, 900, 960, 1024, 1100, 1180, 1280, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        lines = page.evaluate(LINES)
        assert min(lines) > 1, (width, lines)
    page.set_viewport_size({"width": 1024, "height": 768})
    assert len(page.evaluate(LINES)) == 1


@pytest.mark.parametrize("width", [1280, 1440])
def test_no_name_of_a_chosen_method_is_cut(page: Page, mitdb_program: Program, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    cut: list[str] = []
    for pair in ("a=temporal_score&b=input_derivative", "a=hidden_states&b=temporal_score"):
        open_desk(page, mitdb_program, "mitdb~100", 40, f"&{pair}")
        menus = page.locator("#method-a, #method-b")
        expect(menus).to_have_count(2)
        cut += page.evaluate(
            """() => ['a', 'b'].map((slot) => document.getElementById('method-' + slot))
                .filter((menu) => menu.scrollWidth > menu.clientWidth).map((menu) => menu.value)"""
        )
        line = page.locator(".map-tools").bounding_box()
        assert line
        assert line["height"] < 40  # in one line
    assert cut == []


@pytest.mark.parametrize("width", [820, 1024, 1440])
def test_the_worklist_shows_every_column_that_it_has_whole(page: Page, mitdb_program: Program, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 1000})
    page.goto(mitdb_program.address)
    expect(page.locator("#worklist .ag-row").first).to_be_visible()
    page.wait_for_function(
        """() => { const view = document.querySelector('#worklist .ag-center-cols-viewport');
            return view.scrollWidth <= view.clientWidth; }"""
    )
    cut = """() => [...document.querySelectorAll('#worklist .ag-row .ag-cell')].filter((cell) =>
        ['leads', 'patient', 'length', 'disagree', 'uncertain'].includes(cell.getAttribute('col-id')) &&
        cell.scrollWidth > cell.clientWidth).map((cell) => cell.textContent)"""
    page.wait_for_function(f"() => !({cut})().length")
    for name in ("Record", "Disagree", "Reviewed"):
        header = page.locator("#worklist .ag-header-cell").filter(has_text=name).bounding_box()
        assert header
        assert header["x"] + header["width"] <= width
