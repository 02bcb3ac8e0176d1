"""Cover this: a span of the beat is replaced and the output moves at once, by pointer, finger and key."""

import json
from typing import Any

import pytest
from patience import PATIENCE
from playwright.sync_api import Browser, Page, Request, expect
from running import Program

pytestmark = pytest.mark.browser
NORMAL = "demo~synthetic-normal"


def api(page: Page, program: Program, path: str, body: dict[str, Any] | None = None) -> Any:
    url = f"{program.address}/api{path}"
    return (page.request.post(url, data=body) if body else page.request.get(url)).json()


def open_beat(page: Page, program: Program, record: str, nth: int = 40) -> dict[str, Any]:
    """Open a beat on the desk and wait for its maps' paper and its table; what the service is asked about it."""
    beat = api(page, program, f"/recordings/{record}/windows")["windows"]["at"][nth]
    page.goto(f"{program.address}/review?record={record}&at={beat}&a=input_derivative")
    expect(page.locator("#output-class")).not_to_be_empty()
    page.wait_for_function("() => beatlens.cover.state().table")
    expect(page.locator("#graph-a .js-plotly-plot .scatterlayer .trace").first).to_be_attached()
    return {"recording": record, "at": beat}


def state(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate("() => beatlens.cover.state()")
    return found


def shown(page: Page) -> list[float]:
    """Probability of each class as the covered bars print it."""
    return [float(words) for words in page.locator("#cover-output .now").all_inner_texts()]


def settled(page: Page) -> None:
    expect(page.locator("#cover-output[data-exact=yes]")).to_be_visible()


def confirmed(page: Page, program: Program, ask: dict[str, Any], **more: Any) -> list[float]:
    span = {name: state(page)["span"][name] for name in ("start", "end")}
    answer = api(page, program, "/predictions", ask | {"covers": [span]} | more)
    return [round(value, 2) for value in answer["probabilities"]]


def test_while_one_covers_no_curve_of_trust_is_cut_in_two(page: Page, program: Program) -> None:
    """Where the window is low the verdict and its numbers stay above what was covered."""
    open_beat(page, program, NORMAL)
    page.keyboard.press("c")
    expect(page.locator("#cover-section")).to_be_visible()
    for height, whole in ((900, False), (1200, True)):
        page.set_viewport_size({"width": 1440, "height": height})
        page.wait_for_function(
            """whole => { const curves = document.querySelector('.trust-curves').getBoundingClientRect();
                const foot = document.getElementById('cover-section').getBoundingClientRect().top;
                return whole ? curves.height > 90 && curves.bottom <= foot : curves.height === 0; }""",
            arg=whole,
        )


@pytest.mark.data
def test_a_wave_is_taken_by_its_key_and_from_the_table(page: Page, mitdb_program: Program) -> None:
    open_beat(page, mitdb_program, "mitdb~208", nth=38)
    readings = page.locator("#reading").inner_text()
    page.keyboard.press("c")
    page.keyboard.press("q")  # while covering Q is the QRS, and no reading
    settled(page)
    expect(page.locator("#cover-span")).to_contain_text("QRS")
    qrs = state(page)["span"]
    assert qrs["start"] < 72 < qrs["end"]
    page.locator("[data-region=before]").click()
    page.wait_for_function("end => beatlens.cover.state().span.end === end", arg=qrs["start"])
    settled(page)
    assert state(page)["span"]["start"] == 0
    assert page.locator("#reading").inner_text() == readings


@pytest.mark.data
@pytest.mark.parametrize("name", ["106", "208", "217"])
def test_a_drag_reads_from_the_table_and_rests_on_the_exact_answer(
    page: Page, mitdb_program: Program, name: str
) -> None:
    ask = open_beat(page, mitdb_program, f"mitdb~{name}")
    before = page.locator("#output-probability").inner_text()
    asked: list[str] = []

    def note(request: Request) -> None:
        if "/api/predictions" in request.url:
            asked.append(request.url)

    page.on("request", note)
    box = page.locator("#graph-a .js-plotly-plot").bounding_box()
    assert box
    x, y = box["x"] + 150, box["y"] + 100
    page.mouse.move(x, y)
    page.mouse.down()
    seen = []
    for step in range(1, 26):
        page.mouse.move(x + 3 * step, y)
        seen.append(tuple(shown(page)))
    assert len(set(seen)) > 3  # it moves with the drag
    assert not any(sum(values) > 0 and abs(sum(values) - 1) > 0.03 for values in seen)
    span = state(page)["span"]
    table = api(page, mitdb_program, "/predictions/table", ask)
    near = [min(table["edges"], key=lambda edge: abs(edge - span[end])) for end in ("start", "end")]
    on_grid = api(page, mitdb_program, "/predictions", ask | {"covers": [{"start": near[0], "end": near[1]}]})
    assert seen[-1] == pytest.approx(on_grid["probabilities"], abs=0.011)
    page.mouse.up()
    settled(page)
    assert shown(page) == pytest.approx(confirmed(page, mitdb_program, ask), abs=0.011)
    assert not [url for url in asked if url.endswith("/table")]  # it was there before the drag
    expect(page.locator("#cover-output")).to_contain_text(f"{before} before covering")
    expect(page.locator("#cover-section")).to_contain_text("One of many ways to cover")
    expect(page.locator("#cover-reach")).to_have_text("Each edge ±11 ms")
    expect(page.locator("#decision")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator("#cover-output")).to_be_hidden()
    expect(page.locator("#output-probability")).to_have_text(before)


def test_the_keyboard_covers_moves_and_uncovers(page: Page, program: Program) -> None:
    ask = open_beat(page, program, NORMAL, nth=20)
    page.keyboard.press("c")
    expect(page.locator("#cover-section")).to_be_visible()
    expect(page.locator("#cover-output")).to_be_hidden()  # nothing is covered yet
    page.keyboard.press("ArrowRight")
    first = state(page)["span"]
    assert first["start"] == 72  # R
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    assert state(page)["span"] == {"start": 72, "end": first["end"] + 5}
    page.locator("#cover-a .cover-edge[data-edge=start]").focus()
    page.keyboard.press("ArrowLeft")
    assert state(page)["span"]["start"] == 71
    expect(page.locator("#cover-a .cover-edge[data-edge=start]")).to_have_attribute("aria-valuetext", "3 ms before R")
    settled(page)
    assert shown(page) == pytest.approx(confirmed(page, program, ask), abs=0.011)
    here = page.url
    page.keyboard.press("j")  # another beat: nothing stays covered
    page.wait_for_function("here => location.href !== here", arg=here)
    page.wait_for_function("() => !beatlens.cover.state().on")
    expect(page.locator("#cover-section")).to_be_hidden()


def test_what_the_model_saw_stays_covered_in_other_colours(page: Page, program: Program) -> None:
    open_beat(page, program, NORMAL, nth=20)
    page.locator("#saw-graph").scroll_into_view_if_needed()
    seen = "Array.from(document.querySelector('#saw-graph .js-plotly-plot').data[0].y)"
    whole = page.evaluate(seen)
    page.evaluate("() => beatlens.cover.span(60, 100)")
    settled(page)
    covered = [0.0 if 60 <= i < 100 else value for i, value in enumerate(whole)]
    page.wait_for_function(f"covered => {seen}.every((value, i) => Math.abs(value - covered[i]) < 1e-3)", arg=covered)
    colour = "document.querySelector('#saw-graph .js-plotly-plot').data[0].line.color"
    light = page.evaluate(colour)
    page.get_by_role("button", name="Light or dark").click()
    page.wait_for_function(f"light => {colour} !== light", arg=light)
    page.wait_for_function(f"covered => {seen}.every((value, i) => Math.abs(value - covered[i]) < 1e-3)", arg=covered)
    page.keyboard.press("Escape")
    page.wait_for_function(f"whole => {seen}.every((value, i) => Math.abs(value - whole[i]) < 1e-3)", arg=whole)


def test_what_stands_in_can_be_chosen(page: Page, program: Program) -> None:
    ask = open_beat(page, program, NORMAL, nth=20)
    page.evaluate("() => beatlens.cover.span(60, 100)")
    settled(page)
    zero = page.locator("#cover-a .cover-filling").get_attribute("d")
    for label, value in (("the window's mean", "mean"), ("a straight line", "line")):
        page.locator("#cover-value").click()
        page.get_by_role("option", name=label).click()
        page.wait_for_function("value => beatlens.cover.state().value === value", arg=value)
        settled(page)
        assert shown(page) == pytest.approx(confirmed(page, program, ask, value=value), abs=0.011)
    assert page.locator("#cover-a .cover-filling").get_attribute("d") != zero


def test_a_finger_covers_and_takes_hold_of_an_edge(browser: Browser, program: Program) -> None:
    context = browser.new_context(viewport={"width": 1024, "height": 1100}, has_touch=True)
    context.set_default_timeout(1000 * PATIENCE)
    page = context.new_page()
    open_beat(page, program, NORMAL, nth=20)
    graph = page.locator("#graph-b .js-plotly-plot")
    graph.scroll_into_view_if_needed()
    box = graph.bounding_box()
    assert box
    touch = context.new_cdp_session(page)

    def finger(kind: str, x: float, y: float) -> None:
        points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def drag(x: float, y: float, by: float) -> None:
        finger("touchStart", x, y)
        for step in range(1, 9):
            finger("touchMove", x + by * step / 8, y)
        finger("touchEnd", x + by, y)

    drag(box["x"] + 160, box["y"] + 100, 60)
    settled(page)
    span = state(page)["span"]
    assert 20 < span["end"] - span["start"] < 70
    edge = page.locator("#cover-b [data-edge=end] .cover-grip").bounding_box()
    assert edge
    drag(edge["x"] + 3, edge["y"] + 10, 30)
    moved = state(page)["span"]
    assert moved["start"] == span["start"]
    assert moved["end"] > span["end"] + 8
    page.locator("#cover-off").click()
    expect(page.locator("#cover-output")).to_be_hidden()
    context.close()


def test_the_table_in_the_browser_is_the_service_s(page: Page, program: Program) -> None:
    ask = open_beat(page, program, NORMAL, nth=20)
    table = api(page, program, "/predictions/table", ask)
    look = "([table, start, end]) => beatlens.coverTable.read(table, start, end)"
    for start, end in ((0, 4), (0, 216), (84, 104), (212, 216)):
        exact = api(page, program, "/predictions", ask | {"covers": [{"start": start, "end": end}]})["probabilities"]
        assert page.evaluate(look, [table, start, end]) == pytest.approx(exact, abs=1e-3)
    between = page.evaluate(look, [table, 85, 103])
    assert between == page.evaluate(look, [table, 84, 104])
    around = page.evaluate("([table]) => beatlens.coverTable.range(table, 84, 104, 360)", [table])
    assert (round(around["ms"]), len(around["answers"])) == (11, 9)
    assert json.dumps(between) in [json.dumps(answer) for answer in around["answers"]]


def test_a_beat_that_the_model_cannot_read_cannot_be_covered(page: Page, program: Program) -> None:
    beats = api(page, program, "/recordings/demo~synthetic-noise/windows?model=mitbih-lstm")["windows"]
    lost = next(s for s, note in zip(beats["at"], beats["note"], strict=True) if note)
    page.goto(f"{program.address}/review?record=demo~synthetic-noise&at={lost}")
    expect(page.locator("#output-class")).to_have_text("No output")
    page.keyboard.press("c")
    assert state(page)["on"] is False
    expect(page.locator("#cover-section")).to_be_hidden()
