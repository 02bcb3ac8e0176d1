"""What stands on the desk is the chosen beat's, in every painted frame; and a key reads only a beat that is seen."""

import json
import re
from typing import Any

import httpx
import pytest
from patience import until
from playwright.sync_api import Page, expect
from running import Program

pytestmark = [pytest.mark.browser, pytest.mark.data]
RECORD = "mitdb~208"
INSTANT = "&a=input_derivative&b=temporal_score"  # nothing waits for a worker
STEPS = 8  # beats that must have been passed, and frames in which only the table knew the output
SAMPLER = """() => {
    const seen = (id, inside) => {
        const place = document.getElementById(id), part = inside ? place && place.firstElementChild : place;
        return part && part.getClientRects().length && getComputedStyle(part).visibility === 'visible' ? place : null;
    };
    const text = (id, inside) => { const place = seen(id, inside); return place && place.textContent; };
    window.frames_ = [];
    const look = () => {
        if (!window.frames_) return;
        const {begin, screen} = beatlens.strip.drawn, map = seen('map-words-a');
        window.frames_.push({
            beat: Number(beatlens.read().at),
            middle: begin + screen / 2,
            position: document.getElementById('position').textContent,
            chosen: document.querySelectorAll('.strip-band').length,
            output: text('output-class'),
            probability: text('output-probability'),
            map: map && map.getAttribute('aria-label'),
            waves: text('facts', true),
            table: text('output-table'),
            tableBeat: Number(document.getElementById('output-table').dataset.beat),
        });
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}"""
PASSED = """steps => {
    const beats = new Set(window.frames_.map((frame) => frame.beat));
    return beats.size > 2 * steps && window.frames_.filter((frame) => frame.output === null).length > steps;
}"""
TAKE = "() => { const all = window.frames_; window.frames_ = null; return all; }"


def windows(program: Program) -> dict[str, Any]:
    found: dict[str, Any] = program.api(f"/recordings/{RECORD}/windows?model={model(program)}").json()["windows"]
    return found


def model(program: Program) -> str:
    return str(program.api("/models").json()["models"][0]["id"])


def open_beat(page: Page, program: Program, beat: int) -> None:
    page.goto(f"{program.address}/review?record={RECORD}&at={beat}{INSTANT}")
    expect(page.locator("#map-a[data-state=done]")).to_be_visible()
    page.wait_for_function("() => beatlens.nav && beatlens.nav.prediction")
    page.wait_for_function("() => new URLSearchParams(beatlens.strip.asked).get('predicted')")


def answers(asked: str, beats: set[int]) -> dict[str, dict[int, str]]:
    """What the server says of each beat, asked as the page has asked: the words of map A, and the table by wave."""
    told: dict[str, dict[int, str]] = {"map": {}, "waves": {}}
    for beat in beats:
        address = re.sub(r"([?&]at=)\d+", rf"\g<1>{beat}", asked)
        for line in httpx.get(address, timeout=60, trust_env=False).text.splitlines():
            props = json.loads(line)["props"]
            if "map-words-a" in props:
                told["map"][beat] = props["map-words-a"]["aria-label"]
            if "facts" in props:
                told["waves"][beat] = words(props["facts"]["children"])
    return told


def words(component: Any) -> str:
    """All text of a component tree."""
    if isinstance(component, list):
        return "".join(words(one) for one in component)
    if isinstance(component, dict):
        return words(component["props"].get("children"))
    return "" if component is None else str(component)


def test_no_painted_frame_shows_another_beats_numbers_while_a_key_is_held(page: Page, mitdb_program: Program) -> None:
    known, asked = windows(mitdb_program), list[str]()
    page.on("request", lambda request: asked.append(request.url) if "/_view?" in request.url else None)
    open_beat(page, mitdb_program, known["at"][20])
    page.evaluate(SAMPLER)

    def passed() -> bool:
        page.keyboard.down("j")  # once more: a held key repeats
        return bool(page.evaluate(PASSED, STEPS))

    until(passed)
    page.keyboard.up("j")
    expect(page.locator("#output")).not_to_have_attribute("aria-busy", "true")
    expect(page.locator("#facts")).not_to_have_attribute("aria-busy", "true")
    frames: list[dict[str, Any]] = page.evaluate(TAKE)
    beats = {frame["beat"] for frame in frames}
    told = answers(asked[0], beats)
    for frame in frames:
        i = known["at"].index(frame["beat"])
        best = f"{max(known['probabilities'][i]):.2f}"
        assert frame["middle"] == pytest.approx(known["time"][i], abs=0.05)
        assert frame["position"].startswith(f"beat\u00a0{i + 1:,} of")
        assert frame["chosen"] == 1
        assert frame["probability"] in (None, best)
        assert frame["map"] is None or frame["map"] == told["map"][frame["beat"]]
        assert frame["waves"] is None or frame["waves"] == told["waves"][frame["beat"]]
        if frame["output"] is None:
            assert frame["tableBeat"] == frame["beat"]
            assert f"{best}Margin {known['margin'][i]:.2f}" in frame["table"]
            assert f"Reference{known['label'][i]}" in frame["table"]


def test_repeats_that_a_busy_page_hears_late_are_one_step(page: Page, mitdb_program: Program) -> None:
    known = windows(mitdb_program)
    open_beat(page, mitdb_program, known["at"][20])
    page.evaluate(
        """() => {
            const about = {key: 'j', bubbles: true, cancelable: true};
            const key = (kind, repeat) => document.body.dispatchEvent(new KeyboardEvent(kind, {...about, repeat}));
            const busy = until => { while (performance.now() < until); };
            key('keydown', false);
            for (let i = 0; i < 6; i++) { busy(performance.now() + 130); key('keydown', true); }
            key('keyup', false);
        }"""
    )
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    expect(page).to_have_url(re.compile(f"at={known['at'][21]}&"))


def labels(page: Page, program: Program) -> dict[int, str]:
    expect(page.locator("#saved")).to_have_text("All changes saved")
    found = program.api(f"/readings?recording={RECORD}").json()["readings"]
    return {entry["at"]: entry["label"] for entry in found if entry["label"]}


def inside(page: Page, beat: int) -> bool:
    return bool(page.evaluate("beat => beatlens.strip.sees(beat)", beat))


def test_a_label_key_reads_no_beat_that_is_out_of_sight(page: Page, mitdb_program: Program) -> None:
    known = windows(mitdb_program)
    first = known["at"][6]
    open_beat(page, mitdb_program, first)
    before = labels(page, mitdb_program)
    whole = page.locator("#overview-words").bounding_box()
    assert whole
    y = whole["y"] + 20
    page.mouse.move(whole["x"] + 2, y)
    page.mouse.down()
    page.mouse.move(whole["x"] + 300, y, steps=8)
    page.mouse.up()
    page.wait_for_function("first => !location.search.includes('at=' + first)", arg=first)
    chosen = int(re.findall(r"at=(\d+)", page.url)[0])
    assert inside(page, chosen)
    assert not inside(page, first)
    stands = page.evaluate("() => beatlens.strip.drawn.begin")
    page.keyboard.press("v")
    expect(page.locator("#reading-status")).to_have_text("read as PVC")
    assert page.evaluate("() => beatlens.strip.drawn.begin") == pytest.approx(
        stands
    )  # what was dragged stays where it is
    now = labels(page, mitdb_program)
    assert {beat for beat in now if now[beat] != before.get(beat)} == {chosen}
    page.keyboard.press("j")
    expect(page).to_have_url(re.compile(f"at={known['at'][known['at'].index(chosen) + 1]}&"))
    page.keyboard.press("Control+z")
    until(lambda: labels(page, mitdb_program) == before)


def test_a_key_first_brings_its_beat_into_view(page: Page, mitdb_program: Program) -> None:
    known = windows(mitdb_program)
    beat = known["at"][6]
    open_beat(page, mitdb_program, beat)
    before = labels(page, mitdb_program)
    page.evaluate(
        """() => {
            beatlens.strip.centre(900);
            document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'v', bubbles: true, cancelable: true}));
        }"""
    )
    expect(page.locator("#said")).to_contain_text("was out of sight")
    assert inside(page, beat)
    assert labels(page, mitdb_program) == before
