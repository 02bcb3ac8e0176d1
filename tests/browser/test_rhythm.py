"""Rhythm: worklist → a record in AF, its map → one beat on the desk → back; a day; a rhythm read and exported."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import wfdb
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from running import Program, frozen_workers, start, stop
from scipy.signal import resample_poly

import models

pytestmark = [pytest.mark.browser, pytest.mark.data]
CANDIDATES = Path(models.__file__).parent / "candidates"
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
PX_PER_SECOND = 25 * 96 / 25.4
AF_FROM = 20 * 60 + 30  # s of record 202: half a minute that its rhythm marks call AF


@pytest.fixture(scope="module")
def rhythm_program(tmp_path_factory: pytest.TempPathFactory, mitdb: Path) -> Iterator[Program]:
    """The program with record 202, half a minute of it as a recording of one lead with a label, and a rhythm model."""
    folder = tmp_path_factory.mktemp("rhythm")
    for part in ("hea", "dat", "atr"):
        shutil.copy(mitdb / f"202.{part}", folder)
    signal = wfdb.rdrecord(str(mitdb / "202"), sampfrom=AF_FROM * 360, sampto=(AF_FROM + 30) * 360).p_signal[:, :1]
    short = resample_poly(signal, 5, 6, axis=0)
    wfdb.wrsamp("A90001", fs=300, units=["mV"], sig_name=["ECG"], p_signal=short, fmt=["16"], write_dir=str(folder))
    (folder / "REFERENCE-v3.csv").write_text("A90001,A\n")
    running = start(
        tmp_path_factory.mktemp("rhythm-data"),
        BEATLENS_RECORDINGS=str(folder),
        BEATLENS_MODEL_DIRS=str(CANDIDATES),
    )
    yield running
    stop(running)


def of(page: Page, key: str) -> str:
    return parse_qs(urlsplit(page.url).query).get(key, [""])[0]


def open_202(page: Page, program: Program, at: int) -> None:
    name = next(one["id"] for one in program.api("/recordings").json()["recordings"] if one["name"] == "202")
    page.goto(f"{program.address}/rhythm?record={name}&model=cinc-conv7&at={at}")
    expect(page.locator(".rhythm-row")).to_have_count(3)


def test_from_the_worklist_to_a_beat_of_a_record_in_af_and_back(page: Page, rhythm_program: Program) -> None:
    page.goto(rhythm_program.address)
    row = page.locator("#worklist .ag-row").filter(has_text="A90001")
    row.click()
    page.wait_for_url("**/rhythm?**")  # what the model reads decides
    assert of(page, "model") == "cinc-conv7"
    expect(page.locator("#output-class")).to_have_text("Atrial fibrillation")
    expect(page.locator("#reference-words")).to_have_text("Atrial fibrillation")
    expect(page.locator("#agreement")).to_have_text("agrees")
    expect(page.locator(".rhythm-row")).to_have_count(3)
    expect(page.locator(".rhythm-plot").first.locator(".heatmaplayer .hm")).to_have_count(1)
    expect(page.locator("#decision-plot .scatterlayer .trace")).to_have_count(4)

    marks = page.locator(".rhythm-over .rhythm-mark")
    expect(marks).to_have_count(5)
    page.keyboard.press("]")
    expect(page.locator(".rhythm-over .rhythm-mark.on")).to_have_text("2")
    window = page.url
    page.keyboard.press("Enter")
    page.wait_for_url("**/review?**")
    expect(page.locator("#output-class")).not_to_be_empty()
    assert of(page, "model") != "cinc-conv7"  # a beat is read by a model of beats
    page.go_back()
    page.wait_for_url(window)
    expect(page.locator(".rhythm-row")).to_have_count(3)
    expect(page.locator("#output-class")).to_have_text("Atrial fibrillation")


def test_rows_are_at_true_scale_and_steps_go_by_windows(page: Page, rhythm_program: Program) -> None:
    open_202(page, rhythm_program, 39 * 30 * 360)
    axis = "plot => { const {_length, range} = plot._fullLayout.xaxis; return _length / (range[1] - range[0]); }"
    for row in page.locator(".rhythm-plot").all():
        assert row.evaluate(axis) == pytest.approx(PX_PER_SECOND, rel=1e-3)
    expect(page.locator("#reference-words")).to_have_text(re.compile(r"N 6\.\d s · AFIB 23\.\d s"))
    page.wait_for_function("() => beatlens.nav && beatlens.nav.sample.length > 40")
    page.keyboard.press("j")
    page.wait_for_url(f"**at={40 * 30 * 360}**")
    page.keyboard.press("k")
    page.keyboard.press("k")
    page.wait_for_url(f"**at={38 * 30 * 360}**")


def test_a_shift_mask_runs_with_progress_and_shows_what_it_moved(page: Page, rhythm_program: Program) -> None:
    open_202(page, rhythm_program, 39 * 30 * 360)
    expect(page.locator(".method-row.on")).to_be_visible()
    with frozen_workers(rhythm_program):  # so that it is seen before it ends
        page.locator(".method-row").filter(has_text="Shift mask").click()
        expect(page.locator("#job")).to_contain_text("Waiting for a worker")
    expect(page.locator("#plausible")).to_be_visible()
    expect(page.locator("#plausible-facts")).to_contain_text("Largest displacement")
    expect(page.locator(".rhythm-rr").first).to_have_text("Shift ms")


def test_the_day_of_half_an_hour(page: Page, rhythm_program: Program) -> None:
    open_202(page, rhythm_program, 0)
    page.keyboard.press("d")
    page.wait_for_url("**/day?**")
    expect(page.locator("#day-windows")).to_have_text(re.compile(r"\d+ of 60 windows"))
    burden = int((page.locator("#day-burden").text_content() or "").rstrip("%"))
    expect(page.locator("#day-reference")).to_contain_text("AFIB 32%")
    assert burden == pytest.approx(32, abs=8)
    expect(page.locator("#day-plot .barlayer .trace")).not_to_have_count(0)
    page.locator("#day-queue .day-entry").first.click()
    chosen = page.locator("#day-window b").first.text_content() or ""
    page.keyboard.press("Enter")
    page.wait_for_url("**/rhythm?**at=*")
    minutes, seconds = map(int, chosen.split(" to ")[0].split(":"))
    assert int(of(page, "at")) == (60 * minutes + seconds) * 360
    page.go_back()
    page.wait_for_url("**/day?**")
    expect(page.locator("#day-windows")).to_contain_text("of 60 windows")  # kept: nothing is computed again


def test_a_rhythm_is_labelled_undone_and_exported(page: Page, rhythm_program: Program, tmp_path: Path) -> None:
    open_202(page, rhythm_program, 40 * 30 * 360)
    expect(page.locator("#reading [data-label=O]")).to_be_enabled()  # the windows are known, and in which words
    record = of(page, "record")
    page.keyboard.press("o")
    expect(page.locator("#reading-status")).to_have_text("read as Other")
    page.keyboard.press("Control+z")
    expect(page.locator("#reading-status")).to_have_text("not yet read")
    page.keyboard.press("a")
    expect(page.locator("#reading-status")).to_have_text("read as AF")
    expect(page.locator("#saved")).to_have_text("All changes saved")
    answer = page.request.get(f"{rhythm_program.address}/api/readings/rhythms", params={"recording": record})
    assert answer.ok
    (tmp_path / "202.rhythm").write_bytes(answer.body())
    found = wfdb.rdann(str(tmp_path / "202"), "rhythm")
    first = 40 * 30 * 360
    assert found.sample.tolist() == [first, first + 30 * 360]
    assert found.symbol == ["+", "+"]
    assert [note.rstrip("\x00") for note in found.aux_note] == ["(AFIB", "(UNREAD"]


def drag_stretch(page: Page) -> None:
    """From 2 to 5 s of the second row."""
    box = page.locator(".rhythm-over").nth(1).bounding_box()
    assert box
    left = box["x"] + 10 * 96 / 25.4  # where the row's signal begins
    page.mouse.move(left + 2 * PX_PER_SECOND, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(left + 5 * PX_PER_SECOND, box["y"] + 60, steps=5)
    page.mouse.up()


def test_a_rhythm_has_ends_of_its_own(page: Page, rhythm_program: Program, tmp_path: Path) -> None:
    open_202(page, rhythm_program, 44 * 30 * 360)
    expect(page.locator("#reading [data-label=O]")).to_be_enabled()
    record = of(page, "record")
    drag_stretch(page)
    assert "/rhythm?" in page.url  # a drag opens no beat
    page.keyboard.press("a")
    entries = page.locator("#stretch-list .stretch-entry").filter(has_text=re.compile(r"22:1"))
    expect(entries).to_have_text(re.compile(r"22:12\.0 to 22:15\.0, 3\.0 s"))
    expect(page.locator(".stretch-line")).to_have_count(1)

    page.locator("[data-stretch-end=end]").focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(entries).to_have_text(re.compile(r"22:12\.0 to 22:16\.0, 4\.0 s"))
    page.keyboard.press("Control+z")
    expect(entries).to_have_text(re.compile(r"22:12\.0 to 22:15\.0, 3\.0 s"))
    expect(page.locator("#saved")).to_have_text("All changes saved")
    answer = page.request.get(f"{rhythm_program.address}/api/readings/rhythms", params={"recording": record})
    (tmp_path / "202.rhythm").write_bytes(answer.body())
    found = wfdb.rdann(str(tmp_path / "202"), "rhythm")
    named = dict(zip(found.sample.tolist(), [note.rstrip("\x00") for note in found.aux_note], strict=True))
    first, last = (min(named, key=lambda at, time=time: abs(at - time * 360)) for time in (1332, 1335))
    assert (first / 360, last / 360) == (pytest.approx(1332, abs=0.05), pytest.approx(1335, abs=0.05))
    assert (named[first], named[last]) == ("(AFIB", "(UNREAD")
    page.keyboard.press("Control+z")
    expect(entries).to_have_count(0)


def test_a_label_goes_to_no_stretch_that_is_out_of_sight(page: Page, rhythm_program: Program) -> None:
    open_202(page, rhythm_program, 46 * 30 * 360)
    expect(page.locator("#reading [data-label=O]")).to_be_enabled()
    drag_stretch(page)
    expect(page.locator("#stretch-chosen")).to_contain_text("23:12.0 to 23:15.0")
    page.keyboard.press("j")
    expect(page).to_have_url(re.compile(f"at={47 * 30 * 360}"))
    expect(page.locator(".stretch-area")).to_have_count(0)
    expect(page.locator("#reading-status")).to_have_text("not yet read")
    page.keyboard.press("a")
    entries = page.locator("#stretch-list .stretch-entry").filter(has_text=re.compile("23:"))
    expect(entries).to_have_text(re.compile(r"23:30\.0 to 24:00\.0, 30\.0 s"))
    page.keyboard.press("Control+z")
    expect(entries).to_have_count(0)


def test_rows_have_the_desks_scales_and_calipers(page: Page, rhythm_program: Program) -> None:
    open_202(page, rhythm_program, 39 * 30 * 360)
    page.keyboard.press("m")
    expect(page.locator(".rhythm-row").first.locator(".caliper-read")).to_have_text(re.compile(r"\d+ ms · \d+ bpm"))
    page.keyboard.press("m")
    expect(page.locator(".caliper")).to_have_count(0)
    page.locator('.seg [data-speed="12.5"]').click()
    page.locator('.seg [data-gain="20"]').click()
    expect(page.locator(".rhythm-row")).to_have_count(2)
    expect(page.locator(".rhythm-plot").last).to_contain_text("12.5 mm/s · 20 mm/mV")
    axis = (
        "(plot, name) => { const {_length, range} = plot._fullLayout[name]; return _length / (range[1] - range[0]); }"
    )
    for row in page.locator(".rhythm-plot").all():
        assert row.evaluate(axis, "xaxis") == pytest.approx(PX_PER_SECOND / 2, rel=1e-3)
        assert row.evaluate(axis, "yaxis") == pytest.approx(20 * 96 / 25.4, rel=4e-3)  # whole pixels high


def test_compare_asks_for_what_takes_a_worker_only_by_a_click(page: Page, rhythm_program: Program) -> None:
    name = next(one["id"] for one in rhythm_program.api("/recordings").json()["recordings"] if one["name"] == "202")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/api/events" in request.url else None)
    page.goto(
        f"{rhythm_program.address}/compare?record={name}&model=cinc-conv7&at={45 * 30 * 360}&open=perturbation,network"
    )
    shift = page.locator("#cell-shift_mask")
    expect(shift).to_have_attribute("data-state", "not asked")
    expect(page.locator("#cell-class_activation")).to_have_attribute("data-state", "done")
    expect(page.locator("#cell-learned_mask")).to_have_attribute("data-state", "not asked")
    assert not [url for url in asked if "explanation" in url]  # no map is followed: none was begun
    shift.get_by_role("button", name="Compute").click()
    expect(shift).to_have_attribute("data-state", "done", timeout=120_000)
    expect(page.locator("#cell-learned_mask")).to_have_attribute("data-state", "not asked")


def test_a_window_is_read_blind_in_rows(page: Page, rhythm_program: Program) -> None:
    name = next(one["id"] for one in rhythm_program.api("/recordings").json()["recordings"] if one["name"] == "202")
    body = {
        "title": "Rhythms", "recordings": [name], "lead": "MLII", "model": "cinc-conv7", "blind": True,
        "readers": ["local"], "methods": [{"method": "class_activation"}],
        "choice": {"how": "named", "at": [50 * 30 * 360]},
    }  # fmt: skip
    answer = page.request.post(f"{rhythm_program.address}/api/sessions", data=body)
    assert answer.ok, answer.text()
    views: list[str] = []
    page.on("request", lambda request: views.append(request.url) if "/tasks/explanation" in request.url else None)
    page.goto(f"{rhythm_program.address}/blind?session={answer.json()['id']}")
    expect(page.locator("#blind-title")).to_have_text("What is this window?")
    expect(page.locator("#rhythm-rows .rhythm-row")).to_have_count(3)
    rows = page.locator("#rhythm-rows .rhythm-plot")
    expect(rows.first.locator(".scatterlayer .trace").first).to_be_visible()
    for sealed in (".heatmaplayer .hm", ".barlayer .trace"):  # neither map nor output
        expect(rows.locator(sealed)).to_have_count(0)
    expect(rows.first).not_to_contain_text("reference")
    assert not views

    page.keyboard.press("a")
    page.keyboard.press("4")
    page.keyboard.press("Enter")
    expect(rows.first.locator(".heatmaplayer .hm")).to_have_count(1)
    expect(rows.first).not_to_contain_text("reference")
    expect(page.locator("#blind-model")).to_contain_text("You, committed")
    expect(page.locator("#blind-model .blind-name").first).to_have_text("AAF")  # its chip and its name
    page.keyboard.press("Enter")
    expect(rows.first).to_contain_text("reference AFIB")


def test_a_window_is_shared_in_rows_with_its_map(page: Page, rhythm_program: Program) -> None:
    open_202(page, rhythm_program, 39 * 30 * 360)
    expect(page.locator("#decision-plot .scatterlayer .trace")).to_have_count(4)
    page.locator("#share").click()
    page.locator("#share-create").click()
    url = page.locator("#share-url").input_value()
    page.goto(url)
    expect(page.locator(".sheet-strip .js-plotly-plot")).to_have_count(5)  # 30 s on the width of a sheet
    expect(page.locator(".sheet-strip .heatmaplayer .hm")).to_have_count(5)
    expect(page.locator(".sheet")).to_contain_text("AFIB 79%")
    sheet = page.request.get(f"{url}/sheet.pdf")
    assert sheet.ok
    assert sheet.body().startswith(b"%PDF")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(page: Page, rhythm_program: Program, theme: str) -> None:
    page.add_init_script(f"localStorage.setItem('theme', JSON.stringify('{theme}'))")
    open_202(page, rhythm_program, 39 * 30 * 360)
    expect(page.locator("#decision-plot .scatterlayer .trace")).to_have_count(4)
    assert [found["id"] for found in Axe().run(page, options=RULES).response["violations"]] == []
    page.keyboard.press("d")
    expect(page.locator("#day-windows")).to_be_visible()
    assert [found["id"] for found in Axe().run(page, options=RULES).response["violations"]] == []
