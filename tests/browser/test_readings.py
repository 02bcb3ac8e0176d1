"""Reading beats: by key, undone, through a reload, without a network, and in two tabs."""

import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect
from running import Program

pytestmark = pytest.mark.browser
RECORD = "demo~synthetic-pvc"
INSTANT = "&a=input_derivative&b=temporal_score"  # nothing waits for a worker


def beats(program: Program) -> dict[str, Any]:
    url = f"{program.address}/api/recordings/{RECORD}/windows"
    found: dict[str, Any] = httpx.get(url, params={"model": "mitbih-lstm"}, timeout=60).json()["windows"]
    return found


def readings(program: Program) -> dict[int, str]:
    answer = httpx.get(f"{program.address}/api/readings", params={"recording": RECORD}, timeout=60).json()
    return {row["at"]: row["label"] for row in answer["readings"] if row["label"]}


def open_beat(page: Page, program: Program, sample: int) -> None:
    page.goto(f"{program.address}/review?record={RECORD}&at={sample}{INSTANT}")
    expect(page.locator("#output-class")).not_to_be_empty()
    expect(page.locator("#position")).to_contain_text("beat")


def pressed(page: Page) -> Any:
    return page.locator("#reading [aria-pressed=true]")


def saved(page: Page) -> None:
    expect(page.locator("#saved")).to_have_text("All changes saved")


def test_one_key_one_label_with_undo_and_redo(page: Page, program: Program) -> None:
    columns = beats(program)
    first, second = columns["at"][10:12]
    open_beat(page, program, first)
    expect(page.locator("#reading-status")).to_have_text("not yet read")
    page.keyboard.press("p")
    expect(pressed(page)).to_have_attribute("data-label", "/")
    saved(page)
    assert readings(program)[first] == "/"

    page.keyboard.press("j")
    expect(page.locator("#reading-status")).to_have_text("not yet read")
    page.wait_for_function("sample => location.search.includes('at=' + sample)", arg=str(second))
    page.keyboard.press("Space")  # also before the model's output is there
    expect(pressed(page)).to_have_attribute("data-label", columns["prediction"][11])
    page.keyboard.press("x")
    expect(page.locator("#reading-status")).to_have_text("read as artefact")
    saved(page)
    assert readings(program)[second] == "artefact"

    page.keyboard.press("Control+z")
    expect(pressed(page)).to_have_attribute("data-label", columns["prediction"][11])
    page.keyboard.press("Control+z")
    expect(pressed(page)).to_have_count(0)
    saved(page)
    assert second not in readings(program)
    page.keyboard.press("Control+Shift+Z")
    expect(pressed(page)).to_have_attribute("data-label", columns["prediction"][11])
    saved(page)

    page.reload()
    expect(pressed(page)).to_have_attribute("data-label", columns["prediction"][11])
    page.wait_for_function("at => beatlens.strip.sees(at)", arg=second)
    page.keyboard.press("Backspace")
    expect(page.locator("#reading-status")).to_have_text("not yet read")
    saved(page)
    assert set(readings(program)) & {first, second} == {first}


def test_a_note_is_kept_with_its_beat(page: Page, program: Program) -> None:
    sample = beats(program)["at"][20]
    open_beat(page, program, sample)
    page.locator("#reading-note-open").click()
    page.keyboard.type("narrow, but the P wave is gone: v n l")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#reading-note-open")).to_have_text("Edit note")
    expect(pressed(page)).to_have_count(0)  # letters in a note are no labels
    saved(page)
    page.reload()
    page.locator("#reading-note-open").click()
    expect(page.locator("#reading-note")).to_have_value("narrow, but the P wave is gone: v n l")


def test_nothing_is_lost_without_a_network_or_with_a_closed_tab(
    context: BrowserContext, page_with_errors: Page, program: Program
) -> None:
    page, samples = page_with_errors, beats(program)["at"][30:33]
    open_beat(page, program, samples[0])
    for sample in samples[1:]:  # the neighbours come ahead
        page.wait_for_function("sample => beatlens.view.keeps(sample)", arg=sample)
    context.set_offline(True)
    for key, words, following in (("v", "read as PVC", samples[1]), ("u", "read as cannot say", samples[2])):
        page.keyboard.press(key)
        expect(page.locator("#reading-status")).to_have_text(words)
        page.keyboard.press("j")
        expect(page).to_have_url(re.compile(f"at={following}(&|$)"))
    expect(page.locator("#saved")).to_have_text(re.compile("2 changes waiting, offline"))
    page.close()
    assert not set(readings(program)) & set(samples)

    context.set_offline(False)
    later = context.new_page()
    open_beat(later, program, samples[0])
    saved(later)
    expect(pressed(later)).to_have_attribute("data-label", "V")
    assert [readings(program).get(sample) for sample in samples] == ["V", "cannot say", None]


def test_another_tab_sees_the_label_at_once(context: BrowserContext, page: Page, program: Program) -> None:
    sample = beats(program)["at"][40]
    open_beat(page, program, sample)
    other = context.new_page()
    open_beat(other, program, sample)
    page.keyboard.press("f")
    expect(pressed(other)).to_have_attribute("data-label", "F")
    saved(other)


def test_many_beats_are_one_act(page: Page, program: Program) -> None:
    samples = beats(program)["at"][50:60]
    open_beat(page, program, samples[0])
    page.evaluate("samples => beatlens.readings.label(samples, 'L')", samples)
    saved(page)
    assert [readings(program).get(sample) for sample in samples] == ["L"] * 10
    page.keyboard.press("Control+z")
    expect(pressed(page)).to_have_count(0)
    saved(page)
    assert not set(readings(program)) & set(samples)
