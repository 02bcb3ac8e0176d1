"""Every action has a key, shown and remappable; stepping needs no round trip for what was fetched ahead; undo."""

import re

import pytest
from playwright.sync_api import Page, Request, expect
from running import Program

pytestmark = pytest.mark.browser
RECORDING = "demo~208-excerpt"
INSTANT = "&a=input_derivative&b=temporal_score"  # nothing waits for a worker


def samples(program: Program) -> list[int]:
    found: list[int] = program.api(f"/recordings/{RECORDING}/windows").json()["windows"]["at"]
    return found


def open_beat(page: Page, program: Program, index: int, more: str = INSTANT) -> None:
    page.goto(f"{program.address}/review?record={RECORDING}&at={samples(program)[index]}{more}")
    expect(page.locator("#map-a[data-state=done]")).to_be_visible()


def test_stepping_to_what_was_fetched_ahead_asks_nothing(page: Page, program: Program) -> None:
    beats = samples(program)
    open_beat(page, program, 20)
    page.wait_for_function("beat => beatlens.view.keeps(beat)", arg=beats[21])
    asked: list[str] = []

    def note(request: Request) -> None:
        if "_view" in request.url and f"at={beats[21]}" in request.url:
            asked.append(request.url)

    page.on("request", note)
    before = page.locator("#map-words-a").get_attribute("aria-label")
    page.keyboard.press("j")
    expect(page).to_have_url(re.compile(f"at={beats[21]}"))
    expect(page.locator("#map-words-a")).not_to_have_attribute("aria-label", str(before))
    assert not asked


def test_all_keys_are_listed_and_can_be_chosen_anew(page: Page, program: Program) -> None:
    beats = samples(program)
    open_beat(page, program, 20)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    for words in ("next beat", "cover a span", "calipers", "hide model, reference and readers", "undo"):
        expect(dialog.get_by_text(words).first).to_be_visible()
    dialog.get_by_role("button", name=re.compile("^next beat: J")).click()
    page.keyboard.press("y")
    expect(dialog.get_by_role("button", name=re.compile("^next beat: Y"))).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".foot .kbd").first).to_have_text("Y")
    page.reload()
    expect(page.locator("#map-a[data-state=done]")).to_be_visible()
    page.keyboard.press("y")
    expect(page).to_have_url(re.compile(f"at={beats[21]}"))


def test_two_actions_on_one_key_are_warned_of(page: Page, program: Program) -> None:
    open_beat(page, program, 20)
    page.locator("#keys-open").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name=re.compile("^calipers:")).click()
    page.keyboard.press("h")
    expect(dialog.get_by_text("also: hide model, reference and readers")).to_be_visible()
    dialog.get_by_role("button", name="Reset all keys").click()
    expect(dialog.get_by_text("also:")).to_have_count(0)


def test_digits_choose_methods_and_t_the_class(page: Page, program: Program) -> None:
    known = program.api("/explainers?model=mitbih-lstm").json()["explainers"]
    first = sorted(known, key=lambda entry: not entry["default_slot"])  # where nobody chose, these stand there
    methods = [entry["method"] for entry in first if not entry["not_offered"]]
    symbols = [entry["symbol"] for entry in program.api("/models").json()["models"][0]["classes"]]
    open_beat(page, program, 20)
    wanted = methods.index("input_derivative") + 1
    page.keyboard.press(str(wanted))
    expect(page).to_have_url(re.compile("b=input_derivative"))
    page.keyboard.press(f"Shift+Digit{methods.index('temporal_score') + 1}")
    expect(page).to_have_url(re.compile("a=temporal_score"))
    page.keyboard.press("t")
    expect(page).to_have_url(re.compile(f"target={symbols[0]}"))
    expect(page.locator("#said")).to_contain_text("Explained:")


def test_h_hides_model_reference_and_readers(page: Page, program: Program) -> None:
    open_beat(page, program, 20)
    page.keyboard.press("h")
    expect(page.locator("#output-probability")).to_be_hidden()
    expect(page.locator("#queue")).to_be_hidden()
    expect(page.locator("#reading")).to_be_visible()  # reading goes on
    page.reload()
    expect(page.locator("#strip-plot .main-svg").first).to_be_attached()
    expect(page.locator("#output-probability")).to_be_hidden()
    page.keyboard.press("h")
    expect(page.locator("#output-probability")).to_be_visible()


def test_undo_and_redo_follow_what_was_done(page: Page, program: Program) -> None:
    open_beat(page, program, 20)
    page.evaluate("""() => {
        window.done = 1;
        beatlens.pushUndo({words: "one", undo() { window.done = 0; }, redo() { window.done = 1; }});
    }""")
    page.keyboard.press("Control+z")
    expect(page.locator("#said")).to_contain_text("Undone: one")
    assert page.evaluate("window.done") == 0
    page.keyboard.press("Control+Shift+z")
    expect(page.locator("#said")).to_contain_text("Done again: one")
    assert page.evaluate("window.done") == 1
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    expect(page.locator("#said")).to_contain_text("Nothing to undo")


def test_keys_do_nothing_while_somebody_types(page: Page, program: Program) -> None:
    page.goto(program.address)
    expect(page.locator("#worklist .ag-row").first).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("jk?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("#search")).to_have_value("jk?")
