"""Two readers and a lead, each in a browser of their own, through a whole blind session."""

import csv
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
import wfdb
from axe_playwright_python.sync_playwright import Axe
from patience import PATIENCE, until
from people import password
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, expect
from running import Program

pytestmark = pytest.mark.browser
PEOPLE = ("Lena", "Rita", "Sam")
BEATS = 3
EXPECTED = (  # what the browser says where this test cuts the line, and where two tabs act at the same moment
    "net::ERR_INTERNET_DISCONNECTED", "net::ERR_FAILED", "409 (Conflict)",
)  # fmt: skip


def person(browser: Browser, clinic: Program, name: str, errors: list[str]) -> Page:
    """A browser in which somebody has signed in."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    answer = context.request.post(
        f"{clinic.address}/api/sign-in",
        data={"name": name, "password": password(name)},
        headers={"Origin": clinic.address},
    )
    assert answer.ok, answer.text()

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and not any(words in message.text for words in EXPECTED):
            errors.append(f"{name}: {message.text}")

    context.on("console", heard)
    context.on("weberror", lambda error: errors.append(f"{name}: {error.error}"))
    context.set_default_timeout(1000 * PATIENCE)
    return context.new_page()


def open_session(page: Page, clinic: Program) -> str:
    """The lead fills in the form; id of the session."""
    page.goto(clinic.address)
    page.get_by_role("link", name="Blind read").click()
    page.get_by_label("Title").fill("Ectopy round")
    page.locator(".mantine-MultiSelect-input:has(#session-recordings)").click()
    page.get_by_role("option", name="pvc").click()
    page.keyboard.press("Escape")
    page.locator("#session-how").click()
    page.get_by_role("option", name="At random").click()
    page.locator("#session-count").fill(str(BEATS))
    page.locator(".mantine-MultiSelect-input:has(#session-readers)").click()
    for name in ("Rita", "Sam"):
        page.get_by_role("option", name=name).click()
    page.keyboard.press("Escape")
    expect(page.locator("#session-preview")).to_contain_text(f"{BEATS} beats of 1 recording")
    assert page.request.get(f"{clinic.address}/api/sessions").json()["sessions"] == []  # a look opens nothing
    page.get_by_role("button", name="Open the session").click()
    expect(page.get_by_role("cell", name="Ectopy round")).to_be_visible()
    assert blocks(page) == []
    return str(page.context.request.get(f"{clinic.address}/api/sessions").json()["sessions"][0]["id"])


def sealed(page: Page, answers: list[Response]) -> None:
    """Nothing that the page was told, and nothing that stands in it, tells of the model or of the reference."""
    found = {part: [r.json() for r in answers if part in r.url] for part in ("_blind?", "_strip?")}
    assert found["_blind?"]
    assert found["_strip?"]
    for told in found["_blind?"]:
        assert told["item"]["output"] is None
        assert told["item"]["reference"] is None
        assert not told["jobs"]
        assert not told["props"]["blind-model"]["children"]
    for told in found["_strip?"]:
        assert set(told["beats"]["symbol"]) == {None}
    assert not [r.url for r in answers if "/tasks/explanation" in r.url or "/windows" in r.url]
    assert page.locator("#blind-model").inner_html() == ""
    assert page.locator("#strip-plot text", has_text="V").count() == 0


def blocks(page: Page) -> list[str]:
    """What axe finds: rule and place."""
    rules = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
    found = Axe().run(page, options=rules).response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def at(page: Page, place: int, phase: str) -> None:
    expect(page.locator("#blind-count")).to_have_text(f"{place + 1} of {BEATS}")
    expect(page.locator("#blind")).to_have_attribute("data-phase", phase)


def saved(page: Page) -> None:
    expect(page.locator("#session-saved")).to_have_text("All changes saved")


def read(page: Page, place: int, key: str, sure: int) -> None:
    """Label and certainty by key, and commit."""
    at(page, place, "first")
    page.keyboard.press(key)
    page.keyboard.press(str(sure))
    expect(page.locator("#blind-sure [aria-pressed=true]")).to_have_text(str(sure))
    page.keyboard.press("Enter")


def steps(page: Page, clinic: Program, session: str, place: int) -> list[tuple[str, str | None]]:
    """What the server has of this reader's steps on a beat."""
    item = page.context.request.get(f"{clinic.address}/api/sessions/{session}/items/{place}").json()
    return [(entry["step"], entry["label"]) for entry in item["entries"]]


def under_each_other(page: Page) -> None:
    """The second lead is drawn where the first one is: at the same seconds, not beside the screen."""
    second = page.locator("#second-plot .main-svg").first
    expect(second).to_be_visible()
    frame = page.locator("#second").bounding_box()
    drawn = second.bounding_box()
    assert frame
    assert drawn
    assert drawn["x"] <= frame["x"] + 1
    assert drawn["x"] + drawn["width"] >= frame["x"] + frame["width"] - 1


def read_at_leisure(page: Page, clinic: Program, session: str) -> None:
    """The first beat with a region and second thoughts; what is sealed stays so until its time."""
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(f"{clinic.address}/sessions")
    page.get_by_role("link", name="Read", exact=True).click()
    at(page, 0, "first")
    expect(page.locator("#strip-plot .main-svg").first).to_be_visible()
    under_each_other(page)
    page.wait_for_load_state("networkidle")
    sealed(page, answers)
    assert blocks(page) == []
    layer = page.locator("#blind-region").bounding_box()
    assert layer
    page.mouse.move(layer["x"] + layer["width"] * 0.45, layer["y"] + 80)
    page.mouse.down()
    page.mouse.move(layer["x"] + layer["width"] * 0.6, layer["y"] + 90, steps=4)
    page.mouse.up()
    expect(page.locator("#blind-region-words")).to_contain_text("Your region:")
    page.keyboard.press("v")
    page.keyboard.press("n")
    page.keyboard.press("ControlOrMeta+z")
    expect(page.locator("#blind-labels [aria-pressed=true]")).to_have_attribute("data-label", "V")
    read(page, 0, "v", 4)
    at(page, 0, "final")
    expect(page.locator("#blind-model")).to_contain_text("Model output")
    expect(page.locator("#map-a")).to_have_attribute("data-state", "done")
    expect(page.locator("#blind-reference")).to_contain_text("shown after you decide")
    for slot in ("a", "b"):  # what is to be rated says how far it can be trusted, with the reader's own region over it
        expect(page.locator(f"#blind-region-{slot} i")).to_be_visible()
        expect(page.locator(f"#map-head-{slot} .tag")).to_be_visible()
    over, paper = (page.locator(place).bounding_box() for place in ("#blind-region-a i", "#graph-a .nsewdrag >> nth=0"))
    assert over
    assert paper
    assert paper["x"] < over["x"] < over["x"] + over["width"] < paper["x"] + paper["width"]
    assert blocks(page) == []
    page.keyboard.press("3")
    page.keyboard.press("Enter")
    at(page, 0, "done")
    expect(page.locator("#blind-reference")).not_to_contain_text("shown after you decide")
    saved(page)
    assert steps(page, clinic, session, 0) == [("first", "V"), ("reveal", None), ("final", "V")]


def read_offline(page: Page, clinic: Program, session: str) -> None:
    """The network drops: reading goes on, and everything arrives once."""
    page.keyboard.press("Enter")
    at(page, 1, "first")
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    read(page, 1, "n", 5)
    at(page, 1, "waiting")
    page.keyboard.press("Enter")
    read(page, 2, "v", 4)
    at(page, 2, "waiting")
    expect(page.locator("#session-saved")).to_have_text("4 steps waiting, offline")
    page.context.set_offline(False)
    saved(page)
    at(page, 2, "final")
    assert steps(page, clinic, session, 1) == [("first", "N"), ("reveal", None)]
    assert steps(page, clinic, session, 2) == [("first", "V"), ("reveal", None)]
    page.keyboard.press("Enter")
    at(page, 2, "done")
    page.keyboard.press("Enter")  # back to the beat that still waits
    at(page, 1, "final")


def read_in_two_tabs(page: Page, clinic: Program, session: str) -> None:
    """The same beat in two tabs: one act, one reading."""
    second = page.context.new_page()
    second.goto(page.url)
    at(second, 1, "final")
    for tab in (page, second):
        tab.evaluate("document.querySelector('#blind-keep').click()")
    for tab in (page, second):
        at(tab, 1, "done")
        saved(tab)
    read_once = [("first", "N"), ("reveal", None), ("final", "N")]
    assert steps(page, clinic, session, 1) == read_once
    second.close()
    for number, label in enumerate("AN", 1):  # nothing is edited: each correction is a step more
        page.locator("#blind-more summary").click()
        page.locator(f"#blind-others [data-label={label}]").click()
        expect(page.locator("#blind-log tr", has_text="Corrected to")).to_have_count(number)
        saved(page)
    assert steps(page, clinic, session, 1) == [*read_once, ("correction", "A"), ("correction", "N")]


def read_and_leave(page: Page, clinic: Program, session: str) -> None:
    """The tab closes before anything is sent: it goes out with the last breath of the page."""
    page.goto(f"{clinic.address}/blind?session={session}")
    at(page, 0, "first")
    page.route("**/api/account", lambda route: route.abort())
    read(page, 0, "n", 2)
    expect(page.locator("#session-saved")).to_contain_text("2 steps waiting")
    page.goto("about:blank")
    page.unroute("**/api/account")
    until(lambda: steps(page, clinic, session, 0))
    assert steps(page, clinic, session, 0) == [("first", "N"), ("reveal", None)]


def come_back_and_change(page: Page, clinic: Program, session: str) -> None:
    """Another day: nothing is asked twice; one reading is kept, one changed once the model is seen."""
    page.goto(f"{clinic.address}/blind?session={session}")
    at(page, 0, "final")
    page.locator("#blind-keep").click()
    for place, final in ((1, "n"), (2, "v")):
        at(page, place - 1, "done")
        page.locator("#blind-next").click()
        read(page, place, "n", 5)
        at(page, place, "final")
        page.keyboard.press(final)
    at(page, 2, "done")
    saved(page)
    assert steps(page, clinic, session, 0) == [("first", "N"), ("reveal", None), ("final", "N")]
    assert steps(page, clinic, session, 2) == [("first", "N"), ("reveal", None), ("final", "V")]
    page.locator("#blind-next").click()
    expect(page.locator("#blind-instead")).to_contain_text("You have read all beats")


def row(page: Page, table: str, name: str) -> list[str]:
    """The cells of a table's row after its name."""
    cells = page.locator(table).get_by_role("row", name=name).get_by_role("cell")
    expect(cells.first).to_be_visible()
    return cells.all_inner_texts()[1:]


def look_at_results(page: Page, clinic: Program, session: str) -> None:
    """The lead sees how far the readers agree, and decides what they do not agree on."""
    page.goto(f"{clinic.address}/results?session={session}")
    expect(page.locator("#results-adjudication")).to_contain_text("Adjudication: 1 open of 1")
    for name in ("Rita", "Sam"):
        assert row(page, "#results-progress", name)[0] == f"{BEATS} of {BEATS}"
    before, _, last, same = row(page, "#results-agreement", "Rita and Sam")
    assert before == "0.00 (no interval)"  # V N V and N N N: no interval where one label is all that a reader says
    assert last == "0.40 (−0.37 to 1.00)"  # V N V and N N V
    assert same == f"2 of {BEATS}"
    assert " to " in row(page, "#results-agreement", "Fleiss' κ")[2]
    told = [row(page, "#results-changes", f"Model output was {which} reference")[0] for which in ("the", "not the")]
    parts = [[int(number) for number in words.split(" of ")] for words in told]
    assert row(page, "#results-changes", "All readings")[0] == f"1 of {2 * BEATS}"
    assert [sum(column) for column in zip(*parts, strict=True)] == [1, 2 * BEATS]
    for method in ("Learned mask", "Occlusion"):  # a map that is still missing comes with a later look
        cells = page.locator("#results-regions").get_by_role("row", name=method).get_by_role("cell")
        expect(cells.nth(2)).to_have_text("0")
        expect(cells.nth(1)).to_have_text("1")
    assert blocks(page) == []
    decide_without_names(page)


def decide_without_names(page: Page) -> None:
    """The strip stands in the row; who says what, model and reference come with the decision, or if wished before."""
    queue = page.locator("#results-adjudication")
    queue.locator(".around").first.scroll_into_view_if_needed()  # drawn as it comes into sight
    expect(queue.locator(".around svg path").last).to_be_attached()
    expect(queue).not_to_contain_text("Rita")
    hide = page.get_by_label("Hide names, model and reference until decided")
    hide.evaluate("box => box.click()")
    expect(queue).to_contain_text("Rita")
    hide.evaluate("box => box.click()")
    expect(queue).not_to_contain_text("Rita")
    queue.get_by_role("button", name="Normal").first.click()
    expect(queue).to_contain_text("Adjudication: 0 open of 1")
    expect(queue).to_contain_text("Rita")


def a_reader_finds_nothing_that_is_a_leads(page: Page, clinic: Program, session: str) -> None:
    page.goto(f"{clinic.address}/results?session={session}")
    expect(page.locator("#results-own")).to_contain_text("Results are for leads")
    for name in ("Close the session", "CSV", "WFDB annotations"):
        expect(page.get_by_text(name)).to_have_count(0)


def close_and_open_again(lead: Page) -> None:
    """One click closes nothing: it is asked, and can be opened again."""
    close, asked, results = (
        lead.get_by_role("button", name="Close the session"),
        lead.locator("dialog.ask"),
        lead.locator("#results-content"),
    )
    close.click()
    expect(asked).to_contain_text("until it is re-opened")
    lead.keyboard.press("Escape")
    expect(asked).to_have_count(0)
    expect(results).not_to_contain_text("closed 20")
    close.click()
    asked.get_by_role("button", name="Close it").click()
    expect(results).to_contain_text("closed 20")
    lead.get_by_role("button", name="Re-open").click()
    asked.get_by_role("button", name="Re-open it").click()
    expect(close).to_be_visible()


def take_files(page: Page, folder: Path) -> None:
    """The exports: the annotation files read back identically, each step is a row, and it is said who and when."""
    for kind in ("wfdb", "csv", "json"):
        with page.expect_download() as coming:
            page.locator(f"#export-{kind}").click()
        coming.value.save_as(folder / kind)
    with zipfile.ZipFile(folder / "wfdb") as packed:
        packed.extractall(folder)
        about: dict[str, Any] = json.loads(packed.read("about.json"))
    (record,) = about["files"].values()
    held = wfdb.rdann(str(folder / record), "consensus")
    agreed = {item["at"]: item["consensus"] for item in about["items"]}
    assert dict(zip(held.sample, held.symbol, strict=True)) == agreed
    assert sorted(agreed.values()) == ["N", "N", "V"]
    finals = {
        (item["at"], entry["reader_id"]): entry["label"]
        for item in about["items"]
        for entry in item["entries"]
        if entry["step"] == "final"
    }
    for reader, annotator in about["annotators"].items():
        own = wfdb.rdann(str(folder / record), annotator)
        assert {(sample, reader): label for sample, label in zip(own.sample, own.symbol, strict=True)}.items() <= (
            finals.items()
        )
    told = json.loads((folder / "json").read_text())
    assert {reader["name"] for reader in told["readers"]} == {"Rita", "Sam"}
    assert told["maker"] == "Lena"
    assert len(told["weights_sha256"]) == 64
    assert told["versions"]["session"]["torch"]
    assert all(entry["at"] and entry["client_id"] for item in told["items"] for entry in item["entries"])
    rows = list(csv.DictReader((folder / "csv").read_text().splitlines()))
    assert [one["step"] for one in rows].count("final") == 2 * BEATS
    assert len(rows) == 2 * 3 * BEATS + len(["correction", "correction", "adjudication"])
    assert {one["reader"] for one in rows} == {"Rita", "Sam", "Lena"}


def test_two_readers_and_a_lead_through_a_blind_session(browser: Browser, clinic: Program, tmp_path: Path) -> None:
    errors: list[str] = []
    lead, rita, sam = (person(browser, clinic, name, errors) for name in PEOPLE)
    session = open_session(lead, clinic)

    read_at_leisure(rita, clinic, session)
    read_offline(rita, clinic, session)
    read_in_two_tabs(rita, clinic, session)

    read_and_leave(sam, clinic, session)
    come_back_and_change(sam, clinic, session)

    a_reader_finds_nothing_that_is_a_leads(sam, clinic, session)
    look_at_results(lead, clinic, session)
    take_files(lead, tmp_path)
    close_and_open_again(lead)
    for page in (lead, rita, sam):
        page.context.close()
    assert not errors, "\n".join(sorted(set(errors)))
