"""The worklist on real recordings: what its numbers are, and how it is sorted, filtered, searched and walked."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from patience import until
from playwright.sync_api import Page, expect
from running import Program

pytestmark = [pytest.mark.browser, pytest.mark.data]
INSTANT = "&a=input_derivative&b=temporal_score"  # nothing waits for a worker


def listing(program: Program) -> dict[str, Any]:
    found: dict[str, Any] = httpx.get(f"{program.address}/api/recordings", timeout=120).json()
    return found


def open_worklist(page: Page, program: Program) -> None:
    page.goto(program.address)
    expect(page.locator("#worklist .ag-row").first).to_be_visible()
    expect(page.locator("#worklist-work")).to_contain_text("Model output counted")


def rows(page: Page) -> list[str]:
    """Ids of the recordings in sight, from the top."""
    return page.locator("#worklist .ag-row[row-id]").evaluate_all("rows => rows.map(row => row.getAttribute('row-id'))")


def test_the_numbers_are_those_of_the_beats(page: Page, mitdb_program: Program) -> None:
    calls: list[str] = []
    page.on("request", lambda request: calls.append(request.url) if "/api/recordings/" in request.url else None)
    open_worklist(page, mitdb_program)
    assert calls == []  # no call for each row
    said = {row["id"]: row for row in listing(mitdb_program)["recordings"]}
    for name in ("208", "231"):
        row = said[f"mitdb~{name}"]
        url = f"{mitdb_program.address}/api/recordings/mitdb~{name}/windows"
        answer = httpx.get(url, params={"model": "mitbih-lstm"}, timeout=120).json()
        beats, classes = answer["windows"], {kind["symbol"] for kind in answer["classes"]}
        pairs = list(zip(beats["label"], beats["prediction"], beats["margin"], strict=True))
        known = [(label, output) for label, output, _ in pairs if label in classes and output is not None]
        differ = sum(label != output for label, output in known)
        assert (row["output"]["disagreements"], row["output"]["compared"]) == (differ, len(known))
        margins = [margin for *_, margin in pairs if margin is not None]  # rounded to four digits
        least, most = (sum(margin < bound for margin in margins) for bound in (0.2499, 0.2502))
        assert least <= row["output"]["uncertain"] <= most
        shown = page.locator(f"#worklist [row-id='mitdb~{name}'] [col-id=disagree]")
        expect(shown).to_contain_text(f"{differ:,}")


def test_sorted_filtered_searched_and_walked_by_keyboard(page: Page, mitdb_program: Program) -> None:
    open_worklist(page, mitdb_program)

    def most_disagreements_first() -> bool:
        found = page.locator("#worklist [row-id^='mitdb~'] [col-id=disagree] b").all_inner_texts()  # synthetic last
        numbers = [int(text.replace(",", "")) for text in found]
        return len(numbers) > 4 and numbers == sorted(numbers, reverse=True)

    until(most_disagreements_first)
    page.locator("#worklist .ag-header-cell").filter(has_text="Record").click()

    def sorted_by_name() -> bool:
        names = [id for id in rows(page) if id.startswith("mitdb~")]
        return len(names) > 4 and names == sorted(names)

    until(sorted_by_name)

    unseen = [r for r in listing(mitdb_program)["recordings"] if r["output"]["seen"] == "test"]
    button = page.get_by_role("button", name="Patient not seen")
    expect(button).to_contain_text(str(len(unseen)))
    button.click()
    expect(page.locator("#worklist .record-name")).to_have_count(len(unseen))
    page.reload()  # what was filtered stays so while the tab is open
    expect(page.locator("#worklist .record-name")).to_have_count(len(unseen))
    page.locator("[data-show=all]").click()

    page.keyboard.press("/")
    page.keyboard.type("231")
    expect(page.locator("#worklist [row-id='mitdb~100']")).to_have_count(0)
    expect(page.locator("#worklist [row-id='mitdb~231']")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("#search").fill("")
    page.locator("#search").blur()
    expect(page.locator("#worklist [row-id='mitdb~100']")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = rows(page)[1]
    page.keyboard.press("Enter")
    page.wait_for_url("**/review?**record=*")
    assert f"record={second}" in page.url


def test_a_reading_of_a_disagreement_is_progress(page: Page, mitdb_program: Program) -> None:
    url = f"{mitdb_program.address}/api/recordings/mitdb~217/windows"
    answer = httpx.get(url, params={"model": "mitbih-lstm"}, timeout=120).json()
    beats, classes = answer["windows"], {kind["symbol"] for kind in answer["classes"]}
    columns = zip(beats["at"], beats["label"], beats["prediction"], strict=True)
    sample = next(s for s, label, output in columns if label in classes and output not in (None, label))
    page.goto(f"{mitdb_program.address}/review?record=mitdb~217&at={sample}{INSTANT}")
    expect(page.locator("#output-class")).not_to_be_empty()
    page.keyboard.press("Space")
    expect(page.locator("#saved")).to_have_text("All changes saved")
    expect(page.locator("#reading [aria-pressed=true]")).to_have_count(1)
    page.get_by_role("link", name="Worklist").first.click()
    expect(page.locator("#worklist [row-id='mitdb~217'] [col-id=progress]")).to_contain_text("1 of ")


def test_the_table_as_csv_holds_what_is_in_sight(page: Page, mitdb_program: Program) -> None:
    open_worklist(page, mitdb_program)
    page.locator("#search").fill("208")
    expect(page.locator("#worklist .record-name")).to_have_count(2)  # and the excerpt
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    lines = Path(download.value.path()).read_text("utf-8-sig").splitlines()  # with a mark, for spreadsheets
    assert len(lines) == 3
    assert lines[0].startswith("Record,Patient,Leads,Length,Beats by reference class,")
    assert any(line.startswith("208,23 y · F,") for line in lines)
