"""Where one goes on the desk: to a beat or a time, on after a label, to the uncertain, to what was open last."""

import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from running import Program

pytestmark = pytest.mark.browser
EXCERPT = "demo~208-excerpt"
INSTANT = "&a=input_derivative&b=temporal_score"  # nothing waits for a worker
UNCERTAIN = 0.25


def columns(program: Program, record: str = EXCERPT) -> dict[str, Any]:
    model = program.api("/models").json()["models"][0]["id"]
    found: dict[str, Any] = program.api(f"/recordings/{record}/windows?model={model}").json()["windows"]
    return found


def open_desk(page: Page, program: Program, where: str) -> None:
    page.goto(f"{program.address}/review?{where}{INSTANT}")
    page.wait_for_function("() => beatlens.nav && beatlens.nav.prediction")


def at(beat: int) -> re.Pattern[str]:
    return re.compile(rf"[?&]at={beat}(&|$)")


def test_without_a_reference_the_first_uncertain_beat_is_shown(page: Page, program: Program) -> None:
    known = columns(program)
    first = next(i for i, margin in enumerate(known["margin"]) if margin is not None and margin < UNCERTAIN)
    open_desk(page, program, f"record={EXCERPT}")
    expect(page).to_have_url(at(known["at"][first]))
    called = columns(program, "demo~synthetic-pvc")
    open_desk(page, program, "record=demo~synthetic-pvc")
    expect(page).to_have_url(at(next(a for a, time in zip(called["at"], called["time"], strict=True) if time >= 1)))


def test_one_goes_to_a_beats_number_or_a_time(page: Page, program: Program) -> None:
    known = columns(program)
    open_desk(page, program, f"record={EXCERPT}&at={known['at'][20]}")
    nearest = min(known["at"], key=lambda sample: abs(sample / 360 - 150))
    for typed, beat in (("128", known["at"][127]), ("2:30", nearest), ("0:02:30.0", nearest), ("150 s", nearest)):
        page.keyboard.press("Shift+G")
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
        expect(page).to_have_url(at(beat))
        expect(page.locator("#go-to")).to_have_count(0)
        page.keyboard.press("j")
        expect(page).not_to_have_url(at(beat))
    page.keyboard.press("End")
    expect(page).to_have_url(at(known["at"][-1]))
    page.keyboard.press("Home")
    expect(page).to_have_url(at(known["at"][0]))
    page.locator("#position").click()
    for wrong in ("0", "9999", "59:00", "late"):
        page.locator("#go-to").fill(wrong)
        page.keyboard.press("Enter")
        expect(page.locator("#go-to")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#said")).to_contain_text("“late” is no beat's number")
    page.keyboard.press("Escape")
    expect(page).to_have_url(at(known["at"][0]))


def test_no_beat_is_numbered_where_none_is_chosen(page_with_errors: Page, program: Program) -> None:
    known = columns(program)
    open_desk(page_with_errors, program, f"record={EXCERPT}&at={known['at'][20] + 1}")
    expect(page_with_errors.locator("#position")).to_have_text(f"no\u00a0beat of\u00a0{len(known['at'])}")


def test_what_is_no_number_names_no_beat(page: Page, program: Program) -> None:
    open_desk(page, program, "record=demo~synthetic-pvc&at=late")
    expect(page).to_have_url(re.compile(r"[?&]at=\d+"))
    expect(page.locator("#output-class")).not_to_be_empty()


def test_after_a_label_the_next_of_the_queue_is_shown_where_one_has_chosen_so(page: Page, program: Program) -> None:
    known = columns(program)
    queue = [a for a, margin in zip(known["at"], known["margin"], strict=True) if margin and margin < UNCERTAIN]
    open_desk(page, program, f"record={EXCERPT}&at={queue[3]}")
    page.locator("[data-queue=uncertain]").click()
    page.keyboard.press("x")
    expect(page.locator("#reading-status")).to_have_text("read as artefact")
    expect(page).to_have_url(at(queue[3]))  # it stays, as long as nobody has chosen otherwise
    page.keyboard.press("Control+z")
    switch = page.locator("#reading-go-on")
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "true")
    switch.blur()
    page.keyboard.press("x")
    expect(page).to_have_url(at(queue[4]))
    page.keyboard.press("Control+z")
    expect(page).to_have_url(at(queue[3]))  # undone, and in sight
    expect(page.locator("#reading-status")).to_have_text("not yet read")
    page.reload()
    expect(switch).to_have_attribute("aria-checked", "true")
    page.locator("[data-queue=all]").click()
    beside = next(a for i, a in enumerate(known["at"]) if i > 60 and a not in queue)
    open_desk(page, program, f"record={EXCERPT}&at={beside}")
    page.locator("[data-queue=uncertain]").click()
    page.keyboard.press("x")
    expect(page).to_have_url(at(known["at"][known["at"].index(beside) + 1]))  # it stands in no queue: the next beat
    page.keyboard.press("Control+z")
    expect(page.locator("#saved")).to_have_text("All changes saved")


def test_a_desk_without_a_recording_opens_what_was_open_last(context: BrowserContext, program: Program) -> None:
    known, first = columns(program), context.new_page()
    open_desk(first, program, f"record={EXCERPT}&at={known['at'][33]}")
    another = context.new_page()
    another.goto(f"{program.address}/review")
    expect(another).to_have_url(at(known["at"][33]))
    expect(another.locator("#output-class")).not_to_be_empty()


def test_a_double_click_on_a_row_chooses_no_word_on_the_desk(page: Page, program: Program) -> None:
    page.goto(program.address)
    row = page.locator(f"#worklist [row-id='{EXCERPT}'] .record-name")
    expect(row).to_be_visible()
    row.dblclick()
    expect(page.locator("#strip-plot .main-svg").first).to_be_attached()
    assert page.evaluate("() => String(getSelection())") == ""
