"""What another package adds is seen on the pages: each model with its own names, maps, a task's result, a column."""

import re

import pytest
from playwright.sync_api import Page, expect
from running import Program
from stub_data import CARDS, CLASSES

pytestmark = pytest.mark.browser
SHOWN = {
    "Sinus",
    "AF",
    "Something else",
    "Noise",
}  # of the rhythm network: its own names, or its vocabulary's short ones


def desk(page: Page, program: Program, record: str, beat: int, model: str | None = None) -> None:
    """The desk of a window, with the added method's map drawn."""
    chosen = f"&model={model}" if model else ""
    page.goto(f"{program.address}/review?record=ward~{record}&at={beat}{chosen}&a=stub_segments&b=input_derivative")
    for slot in ("a", "b"):
        expect(page.locator(f"#map-{slot}[data-state=done]")).to_be_visible()
        expect(page.locator(f"#graph-{slot} .heatmaplayer .hm")).not_to_have_count(0)


def test_a_rhythm_network_shows_its_own_classes_and_its_map(page: Page, stub_program: Program) -> None:
    desk(page, stub_program, "single", 0, "stub-rhythm")
    names = page.locator("#output-decision .bar-name").all_text_contents()
    assert set(names) == SHOWN
    assert page.locator("#output-class").text_content() in names
    expect(page.locator("#saw")).to_have_text("It saw 12.5 s of II, 3–45 Hz.")
    expect(page.locator("#graph-a")).to_contain_text("the model's input, 12.5 s")
    expect(page.locator(".strip-row .gutter-last")).to_be_hidden()  # RR is known of beats alone
    expect(page.locator("#map-words-a")).to_have_attribute("aria-label", re.compile("Stub pieces: strongest .* at "))
    expect(page.locator("#output-details")).to_contain_text("This window")
    expect(page.locator("#stub-channels")).to_have_text("Reads II")


def test_twelve_leads_stand_in_the_networks_order_each_with_its_name(page: Page, stub_program: Program) -> None:
    desk(page, stub_program, "twelve", 2940, "stub-twelve")
    notes = page.locator("#graph-a .annotation-text").all_text_contents()
    read = [channel["name"] for channel in CARDS["stub-twelve"]["input"]["channels"]]
    assert [note for note in notes if note in read] == read
    expect(page.locator("#saw")).to_contain_text("of V6, V5, V4, V3, V2, V1, aVF, aVL, aVR, III, II and I")
    map_, below = (page.locator(part).bounding_box() for part in ("#graph-a", ".temporal"))
    assert map_
    assert below
    assert map_["height"] > 12 * 30
    assert map_["y"] + map_["height"] <= below["y"]  # the page makes room for all of them


def test_a_record_that_lacks_a_lead_says_which(page: Page, stub_program: Program) -> None:
    page.goto(f"{stub_program.address}/review?record=ward~eleven&at=2940&model=stub-twelve")
    expect(page.locator("#output-class")).to_have_text("No output")
    expect(page.locator("#output-decision")).to_contain_text("this recording has no V3")


def test_labels_that_hold_at_once_stand_beside_their_thresholds(page: Page, stub_program: Program) -> None:
    desk(page, stub_program, "single", 1500, "stub-findings")
    expect(page.locator("#output-class")).to_have_text("Normal, Infarction")
    expect(page.locator("#output-decision .bar-row.on")).to_have_count(2)
    expect(page.locator("#output-decision .margin")).to_contain_text("to the nearest threshold")
    expect(page.locator("#output-decision .threshold")).to_have_count(1)  # those of the others are 0


def test_one_output_is_shown_by_itself(page: Page, stub_program: Program) -> None:
    desk(page, stub_program, "single", 1500, "stub-one")
    expect(page.locator("#output-decision .bar-row")).to_have_count(1)
    expect(page.locator("#output-class")).to_have_text("AF")
    expect(page.locator("#agreement")).to_have_text("agrees")


def test_a_series_has_its_units_its_own_model_and_no_strip(page: Page, stub_program: Program) -> None:
    desk(page, stub_program, "stay", 0)
    expect(page.locator("#strip")).to_be_hidden()
    notes = page.locator("#graph-a .annotation-text").all_text_contents()
    assert {"HR, /min", "Temp, °C", "GCS, points"} <= set(notes)
    assert "the model's input, 40 h" in notes
    assert not [note for note in notes if "mV" in note or "RR" in note]
    expect(page.locator("#saw")).to_have_text("It saw 40 h of HR, Temp and GCS.")
    expect(page.locator("#map-scale")).to_have_text("each in its own unit")
    assert set(page.locator("#output-decision .bar-name").all_text_contents()) <= {*CLASSES["outcome"].values(), "Died"}
    page.locator("#model").click()
    expect(page.locator("[role=option]:visible")).to_have_text(["Stub icu"])  # no ECG model is offered


def test_the_worklist_leads_a_series_to_its_own_model(page: Page, stub_program: Program) -> None:
    page.goto(f"{stub_program.address}/?model=stub-rhythm")
    row = page.locator(".ag-row").filter(has_text="stay")
    expect(row.locator("[col-id=stub_kind]")).to_have_text("series")
    row.locator("[col-id=name]").click()
    expect(page.locator("#output-class")).to_have_text(re.compile("Died|Went home"))
    assert "model=" not in page.url


def test_a_page_shows_what_a_worker_found_of_a_model(page: Page, stub_program: Program) -> None:
    desk(page, stub_program, "single", 1500, "stub-one")
    page.get_by_role("link", name="Weights").click()
    expect(page.locator("#stub-norms")).to_contain_text("convolution.weight")
    expect(page.locator("#stub-norms .facts tr")).to_have_count(4)


def test_a_window_is_read_in_its_models_words(page: Page, stub_program: Program) -> None:
    page.goto(f"{stub_program.address}/review?record=ward~single&at=0&model=stub-rhythm")
    choices = page.locator("#reading .reading-key")
    expect(choices).to_have_count(4)
    with page.expect_response(lambda answer: "/api/readings" in answer.url and answer.request.method == "POST") as kept:
        page.get_by_role("button", name="Read as Atrial fibrillation").click()
    expect(page.locator("#reading-status")).to_have_text("read as AF")
    [entry] = kept.value.json()["readings"]
    assert (entry["vocabulary"], entry["label"], entry["start"], entry["end"]) == ("cinc2017", "A", 0, 3750)
    page.locator("#model").click()
    page.locator("[role=option]:visible").first.click()
    expect(choices).to_have_count(8)  # beats again


def test_a_key_that_no_beat_has_reads_a_window_of_another_vocabulary(page: Page, stub_program: Program) -> None:
    page.goto(f"{stub_program.address}/review?record=ward~single&at=0&model=stub-findings")
    expect(page.locator("#reading .reading-key")).to_have_count(3)
    page.locator("body").press("m")
    expect(page.locator("#reading-status")).to_have_text("read as Infarction")
    page.locator("body").press("Backspace")
    expect(page.locator("#reading-status")).to_have_text("not yet read")


def test_what_stands_beside_a_map_is_drawn_below_it_on_its_axis(page: Page, stub_program: Program) -> None:
    desk(page, stub_program, "single", 1500, "stub-findings")
    track = page.locator("#tracks-a .track")
    expect(track).to_have_count(1)
    expect(track.locator(".track-head")).to_have_text("marksshare, 0 to 1")
    expect(track.locator("div[role=img]")).to_have_attribute("aria-label", re.compile("^marks, share, 0 to 1: largest"))
    left = "drawn => drawn._fullLayout.xaxis._offset"  # the marks' axis is no time: only its left edge is the map's
    above = page.locator("#graph-a .js-plotly-plot").evaluate(left)
    assert track.locator(".js-plotly-plot").evaluate(left) == above
    heights = "drawn => Array.from(drawn.querySelectorAll('.bars .point path'), (bar) => bar.getBBox().height)"
    assert len(track.locator(".js-plotly-plot").evaluate(heights)) > 1
    page.locator("#map-head-a .track-toggle").click()
    expect(track).to_be_hidden()
    page.reload()
    expect(page.locator("#map-a[data-state=done]")).to_be_visible()
    expect(page.locator("#tracks-a .track")).to_be_hidden()  # as the reader left it
    page.locator("#map-head-a .track-toggle").click()
    expect(page.locator("#tracks-a .track")).to_be_visible()


def test_the_gallery_labels_windows_in_their_own_words(page: Page, stub_program: Program) -> None:
    page.goto(f"{stub_program.address}/gallery?record=ward~twelve&model=stub-findings")
    expect(page.locator(".tile.on")).to_be_visible()
    expect(page.locator("#bulk-count")).to_have_text("4 windows selected")
    expect(page.locator("#gallery-words")).to_contain_text("All 4 windows have the output")
    expect(page.locator(".gallery-poincare")).to_be_hidden()  # RR is known of beats alone
    expect(page.locator("#tachogram-about")).to_contain_text("Margin over time")
    assert "beat" not in page.locator("#gallery").inner_text()
    expect(page.locator("#bulk-chips .pick")).to_have_text(["N", "MI", "S"])
    page.get_by_role("button", name="Label Infarction").click()
    expect(page.locator("#bulk-label")).to_contain_text("Label 4 windows as MI")
    with page.expect_response(lambda answer: "/api/readings" in answer.url and answer.request.method == "POST") as kept:
        page.locator("#bulk-label").click()
    entries = kept.value.json()["readings"]
    said = [(entry["vocabulary"], entry["label"], entry["start"], entry["end"]) for entry in entries]
    assert sorted(said) == [("stub_findings", "MI", start, start + 1500) for start in range(0, 6000, 1500)]
    page.locator('[data-by="reader"]').click()
    expect(page.locator(".tile")).to_contain_text("Read as Infarction")
    page.keyboard.press("Control+z")
    expect(page.get_by_text("No window of this recording has been read yet")).to_be_visible()


def test_compare_shows_windows_in_their_own_words(page: Page, stub_program: Program) -> None:
    where = "record=ward~single&at=1500&model=stub-findings"
    windows = stub_program.api("/recordings/ward~single/windows?model=stub-findings").json()
    said = windows["windows"]["prediction"][windows["windows"]["at"].index(1500)]
    other = next(one["symbol"] for one in windows["classes"] if one["symbol"] != said)  # whose map nobody has asked for
    page.goto(f"{stub_program.address}/compare?{where}&target={other}&open=other")
    cell = page.locator("#cell-stub_segments")
    expect(cell).to_have_attribute("data-state", "not asked")  # on a long window nothing slow is computed unasked
    cell.get_by_role("button", name="Compute").click()
    expect(page).to_have_url(re.compile("ask=stub_segments"))
    expect(page.locator("#cell-stub_segments[data-state=done]")).to_be_visible()
    expect(page.locator("#compare-head")).to_contain_text("window at 00:00:05.000")
    expect(page.locator("#compare-head .chip")).to_have_attribute("title", "Normal ECG")
    expect(page.locator("#compare-side")).to_contain_text("Which map held up on this window")
    expect(page.locator("#tracks-stub_segments .track")).to_be_visible()


def test_windows_that_begin_at_one_sample_are_read_apart(page: Page, stub_program: Program) -> None:
    def open_window(model: str, classes: int) -> None:
        page.goto(f"{stub_program.address}/review?record=ward~single&at=0&model={model}")
        expect(page.locator("#reading .reading-key")).to_have_count(classes)
        expect(page.locator("#output-class")).not_to_be_empty()  # it stands above the keys, and moves them as it comes

    pressed = page.locator("#reading .reading-key[aria-pressed=true]")
    open_window("stub-findings", 3)
    page.get_by_role("button", name="Read as Myocardial infarction").click()
    expect(pressed).to_have_attribute("data-label", "MI")
    expect(page.locator("#saved")).to_have_text("All changes saved")
    open_window("stub-rhythm", 4)
    expect(page.locator("#reading-status")).not_to_contain_text("MI")
    page.get_by_role("button", name="Read as Other rhythm").click()
    expect(pressed).to_have_attribute("data-label", "O")
    expect(page.locator("#saved")).to_have_text("All changes saved")
    open_window("stub-findings", 3)
    expect(pressed).to_have_attribute("data-label", "MI")
    page.keyboard.press("Backspace")
    expect(pressed).to_have_count(0)
    expect(page.locator("#saved")).to_have_text("All changes saved")
    open_window("stub-rhythm", 4)
    expect(pressed).to_have_attribute("data-label", "O")
