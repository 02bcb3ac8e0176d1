"""Signing in, what a role sees, and signing out, in a browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from people import password
from playwright.sync_api import BrowserContext, Page, expect
from running import Program

pytestmark = pytest.mark.browser
DESK = "/review?record=demo~synthetic-normal&a=input_derivative&b=temporal_score"


def blocks(page: Page) -> list[str]:
    """What axe finds: rule and place."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def sign_in(page: Page, name: str, said: str = "") -> None:
    page.locator("#sign-in-name").fill(name)
    page.locator("#sign-in-password").fill(said or password(name))
    page.keyboard.press("Enter")


def test_one_signs_in_on_the_way_to_a_beat_and_out_again(clinic: Program, page_with_errors: Page) -> None:
    page = page_with_errors
    page.goto(clinic.address + DESK)
    sign_in(page, "Ada", "not the password")
    expect(page.locator(".answer")).to_have_text("Name and password do not fit together.")
    assert blocks(page) == []
    sign_in(page, "Ada")
    expect(page.locator("#output-class")).to_be_visible()
    assert "/review" in page.url
    page.locator("#account-menu").click()
    page.locator("#sign-out").click()
    expect(page.locator("#sign-in-name")).to_be_visible()
    assert page.context.cookies() == []


def test_an_administrator_adds_somebody_and_sees_the_log(clinic: Program, page_with_errors: Page) -> None:
    page = page_with_errors
    page.goto(clinic.address + "/people")
    sign_in(page, "Ada")
    form = page.locator('form[data-ask="POST /users"]')
    form.locator("[name=name]").fill("Ann")
    form.locator("[name=password]").fill(password("Ann"))
    form.get_by_text("Add account").click()
    role = page.get_by_label("Role of Ann")
    expect(role).to_have_value("reader")
    role.select_option("annotator")
    expect(page.locator("#audit-list")).to_contain_text("signed in")
    page.reload()
    expect(role).to_have_value("annotator")
    expect(page.locator("#audit-list tbody tr", has_text="signed in").first).to_contain_text("Ada")
    assert blocks(page) == []


def test_a_token_is_shown_once(clinic: Program, page_with_errors: Page) -> None:
    page = page_with_errors
    page.goto(clinic.address + "/account")
    sign_in(page, "Rea")
    page.locator("[name=title]").fill("nightly")
    page.get_by_text("Make token").click()
    expect(page.locator(".answer code")).to_contain_text("beatlens_")
    expect(page.locator("#account-lists")).to_contain_text("nightly")
    assert blocks(page) == []
    page.reload()
    expect(page.locator("#account-lists")).to_contain_text("nightly")
    assert page.locator(".answer code").count() == 0
    page.get_by_label("Revoke nightly").click()
    page.keyboard.press("Escape")
    expect(page.locator("dialog.ask")).to_have_count(0)
    expect(page.locator("#account-lists")).to_contain_text("nightly")
    page.get_by_label("Revoke nightly").click()
    page.locator("dialog.ask").get_by_role("button", name="Revoke it").click()
    expect(page.locator("#account-lists")).not_to_contain_text("nightly")


def test_a_reader_has_no_labels_and_another_person_not_the_first_ones_answers(
    clinic: Program, page_with_errors: Page
) -> None:
    page = page_with_errors
    page.goto(clinic.address + DESK)
    sign_in(page, "Rea")
    expect(page.locator("#output-class")).to_be_visible()
    expect(page.locator("#reading")).to_contain_text("Your role reads along")  # why there are no labels
    expect(page.locator("#reading button:visible")).to_have_count(0)
    page.goto(clinic.address + "/people")
    expect(page.locator("#page")).to_contain_text("This page is for administrators")


def test_a_sign_in_that_was_ended_leads_to_the_next(clinic: Program, context: BrowserContext) -> None:
    page, other = context.new_page(), context.new_page()
    page.goto(clinic.address + "/account")
    sign_in(page, "Rea")
    expect(page.locator("#account-lists")).to_contain_text("This browser")
    other.goto(clinic.address + "/account")
    for tab in (other, page):  # the second finds out as it asks
        tab.get_by_role("button", name="Sign out everywhere").click()
        expect(tab.locator("dialog.ask")).to_contain_text("signed out")
        tab.locator("dialog.ask").get_by_role("button", name="Sign out everywhere").click()
        expect(tab.locator("#sign-in-name")).to_be_visible()


def test_without_accounts_the_page_says_so(program: Program, page: Page) -> None:
    page.goto(program.address)
    expect(page.locator("#account")).to_contain_text("Local reader, no sign-in")


def test_whoever_may_not_label_is_offered_no_label(clinic: Program, page_with_errors: Page) -> None:
    page, sent = page_with_errors, list[str]()
    page.goto(clinic.address + DESK)
    sign_in(page, "Rea")
    expect(page.locator("#output-class")).to_be_visible()
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    expect(page.locator("html")).to_have_attribute("data-role", "reader")
    expect(page.locator("#reading-role")).to_be_visible()
    for place in (".reading-keys", "#reading-go-on", "#reading-note-open", "#reading-status"):
        expect(page.locator(place)).to_be_hidden()
    for key in ("v", "x", "Space", "Backspace"):
        page.keyboard.press(key)
    expect(page.locator("#said")).not_to_contain_text("ead as")
    page.keyboard.press("?")
    expect(page.locator("#keys-list")).to_contain_text("next beat")
    expect(page.locator("#keys-list")).not_to_contain_text("agree with the model output")
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    expect(page.locator("#gallery-tiles button, #gallery-tiles [tabindex]").first).to_be_visible()
    expect(page.locator("#bulk-label")).to_be_hidden()
    assert not [url for url in sent if url.endswith("/readings")]


def test_where_one_signs_in_nothing_leads_elsewhere(clinic: Program, page_with_errors: Page) -> None:
    page = page_with_errors
    page.goto(clinic.address + "/")
    expect(page.locator("#sign-in-name")).to_be_visible()
    assert page.locator(".top nav a").locator("visible=true").count() == 0
