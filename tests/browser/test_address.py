"""The address is the state: back and forward work, stepping replaces, and what cannot be shown is said once."""

import re

import pytest
from playwright.sync_api import Page, expect
from running import Program
from waiting import at_rest

pytestmark = pytest.mark.browser
RECORDING = "demo~208-excerpt"


def beat(program: Program, index: int) -> int:
    samples: list[int] = program.api(f"/recordings/{RECORDING}/windows").json()["windows"]["at"]
    return samples[index]


def desk(program: Program, index: int, more: str = "&a=input_derivative&b=temporal_score") -> str:
    return f"{program.address}/review?record={RECORDING}&at={beat(program, index)}{more}"


def said(page: Page) -> str:
    return str(page.locator("#output-probability").inner_text())


def test_stepping_replaces_and_back_returns_to_the_page_before(page: Page, program: Program) -> None:
    page.goto(program.address)
    expect(page.locator("#worklist .ag-row").first).to_be_visible()
    page.evaluate("record => dash_clientside.worklist.go(record)", RECORDING)
    expect(page.locator("#output-class")).not_to_be_empty()
    first = page.url
    page.keyboard.press("j")
    expect(page).not_to_have_url(first)
    page.keyboard.press("j")
    page.go_back()
    expect(page.locator("#worklist .ag-row").first).to_be_visible()
    page.go_forward()
    expect(page).to_have_url(re.compile(f"/review.*[?&]at={beat(program, 0)}|/review.*[?&]at="))
    expect(page.locator("#output-class")).not_to_be_empty()


def test_an_address_opens_what_it_names(page: Page, program: Program) -> None:
    page.goto(desk(program, 20, "&a=occlusion,width=31&b=input_derivative&target=V"))
    expect(page.locator("#map-a[data-state=done]")).to_be_visible()
    shown = page.evaluate("() => beatlens.view.current")
    assert (shown["at"], shown["a"], shown["target"]) == (str(beat(program, 20)), "occlusion,width=31", "V")
    expect(page.get_by_role("textbox", name="Method A")).to_have_value("Occlusion")
    expect(page.get_by_role("textbox", name="Class explained")).to_have_value(re.compile("PVC"))


def test_an_old_address_opens_and_is_written_anew(page: Page, program: Program) -> None:
    page.goto(desk(program, 20).replace("&at=", "&beat=") + "#here")
    expect(page.locator("#map-a[data-state=done]")).to_be_visible()
    assert page.evaluate("() => beatlens.view.current.at") == str(beat(program, 20))
    assert page.url == desk(program, 20) + "#here"


def test_the_address_holds_no_patient_data(page: Page, program: Program) -> None:
    page.goto(desk(program, 20))
    expect(page.locator("#map-a[data-state=done]")).to_be_visible()
    known = page.evaluate("() => [...new URLSearchParams(location.search).keys()]")
    assert set(known) <= {"record", "at", "lead", "model", "target", "score", "a", "b", "by", "q"}


@pytest.mark.parametrize(
    ("search", "words", "offer"),
    [
        ("record=nowhere~1", "Unknown recording 'nowhere~1'", None),
        (f"record={RECORDING}&lead=XX&at={{beat}}", "Unknown lead 'XX'", "Use MLII"),
        (f"record={RECORDING}&model=none", "Unknown model 'none'", None),
        (f"record={RECORDING}&at=1", "No beat at sample 1", "Use "),
        (f"record={RECORDING}&at={{beat}}&target=X", "Unknown class 'X'", "Use V"),
    ],
)
def test_a_broken_address_says_its_error_once(
    page_with_errors: Page, program: Program, search: str, words: str, offer: str | None
) -> None:
    page = page_with_errors
    page.goto(f"{program.address}/review?{search.format(beat=beat(program, 20))}")
    seen = page.get_by_text(words).locator("visible=true")
    expect(seen).to_have_count(1)
    at_rest(page)
    expect(seen).to_have_count(1)
    if offer:
        page.get_by_role("button", name=re.compile(f"^{offer}")).first.click()
        expect(seen).to_have_count(0)
        expect(page.locator("#output-class")).not_to_be_empty()


@pytest.mark.parametrize("path", ["/review", "/compare"])
def test_a_page_without_a_recording_sends_to_the_worklist(page: Page, program: Program, path: str) -> None:
    page.goto(program.address + path)
    expect(page.get_by_text("No recording chosen")).to_be_visible()
    page.get_by_role("button", name="Worklist").click()
    expect(page.locator("#worklist .ag-row").first).to_be_visible()


def test_compare_follows_the_address(page: Page, program: Program) -> None:
    page.goto(desk(program, 20).replace("/review", "/compare"))
    expect(page.locator("#cell-input_derivative[data-state=done]")).to_be_visible()
    expect(page.locator("#cell-occlusion[data-state=done]")).to_be_visible()
    page.get_by_role("button", name="Probability").click()
    expect(page).to_have_url(re.compile("score=probability"))
    expect(page.locator("#cell-occlusion[data-state=done]")).to_be_visible()
    before = page.locator("#compare-head").inner_text()
    page.keyboard.press("j")
    expect(page.locator("#compare-head")).not_to_have_text(before)


def test_while_the_server_is_away_the_page_says_so_and_comes_back(page_with_errors: Page, program: Program) -> None:
    page = page_with_errors
    page.goto(desk(program, 30))
    expect(page.locator("#map-a[data-state=done]")).to_be_visible()
    page.context.set_offline(True)
    expect(page.locator("#health-bar")).to_contain_text("Offline for")
    page.evaluate("beat => beatlens.go({at: beat})", beat(program, 5))
    expect(page.get_by_text("The server does not answer. It is asked again").first).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("#health-bar")).to_be_hidden()
    expect(page.locator("#output-class")).not_to_be_empty()
    assert re.fullmatch(r"[01]\.\d\d", said(page))
