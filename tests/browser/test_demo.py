"""What a newcomer meets: the real excerpt on top, the synthesised last, a legend, and a class that an address names."""

import pytest
from patience import PATIENCE
from playwright.sync_api import Browser, Page, expect
from running import Program

pytestmark = pytest.mark.browser
EXCERPT = "demo~208-excerpt"


def rows(page: Page) -> list[str]:
    """Ids of the recordings from the top."""
    found = page.locator("#worklist .ag-row[row-id]")
    expect(found.first).to_be_visible()
    return [str(name) for name in found.evaluate_all("rows => rows.map(row => row.getAttribute('row-id'))")]


def test_the_real_excerpt_stands_on_top_in_every_order(page: Page, program: Program) -> None:
    page.goto(program.address)
    expect(page.locator("#worklist-work")).to_contain_text("Model output counted")
    assert rows(page)[0] == EXCERPT
    expect(page.locator(f"#worklist [row-id='{EXCERPT}'] .start")).to_have_text("START HERE")
    page.locator("#worklist .ag-header-cell").filter(has_text="Uncertain").click()
    page.wait_for_function(
        "() => dash_ag_grid.getApi('worklist').getColumnState().some((one) => one.colId === 'unsure' && one.sort)"
    )
    assert rows(page)[0] == EXCERPT
    assert all("synthetic" in name for name in rows(page)[1:])


def test_bars_have_a_legend_and_a_models_own_numbers_say_so(page: Page, program: Program) -> None:
    page.goto(program.address)
    expect(page.locator(".class-legend")).to_contain_text("referencemodel")
    expect(page.locator("#worklist-work")).to_contain_text("Model output counted")
    cell = page.locator(f"#worklist [row-id='{EXCERPT}'] [col-id=classes]")
    expect(cell).to_contain_text("model")
    expect(cell.locator(".chip.hollow").first).to_be_visible()
    called = page.locator("#worklist [row-id='demo~synthetic-pvc'] [col-id=classes]")
    expect(called.locator(".chip").first).to_be_visible()
    expect(called.locator(".chip.hollow")).to_have_count(0)
    boxes = page.locator("#worklist .class-count, #worklist .share, #worklist [col-id=disagree] b")
    assert boxes.evaluate_all(
        """all => { const rects = all.map((one) => one.getBoundingClientRect()).filter((one) => one.width);
            const beside = (one, other) => one.right <= other.left || other.right <= one.left;
            const above = (one, other) => one.bottom <= other.top || other.bottom <= one.top;
            const apart = (one, other) => one === other || beside(one, other) || above(one, other);
            return rects.every((one) => rects.every((other) => apart(one, other)));
        }"""
    )


def test_the_class_that_an_address_names_stands_in_its_menu(page: Page, program: Program) -> None:
    page.goto(f"{program.address}/?class=V")
    menu = page.get_by_role("textbox", name="Only recordings with beats of this class")
    expect(menu).to_have_value("V PVC")
    expect(page.locator("#worklist [row-id='demo~synthetic-rbbb']")).to_have_count(0)
    page.goto(f"{program.address}/?class=R")
    expect(menu).to_have_value("R RBBB")
    page.reload()
    expect(menu).to_have_value("R RBBB")


def test_nothing_turns_while_the_list_is_awaited(page: Page, program: Program) -> None:
    page.route(
        "**/_dash-update-component",
        lambda route: None if "worklist-state" in (route.request.post_data or "") else route.continue_(),
    )
    page.goto(program.address)
    expect(page.locator("#worklist .ag-header-cell").first).to_be_visible()
    expect(page.get_by_text("Loading...")).to_have_count(0)
    page.unroute_all(behavior="ignoreErrors")


def test_a_path_without_a_page_says_so(page: Page, program: Program) -> None:
    page.goto(f"{program.address}/nowhere")
    expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()
    page.get_by_role("link", name="Worklist").last.click()
    expect(page.locator("#worklist .ag-row").first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_first_visit_follows_the_systems_colours(browser: Browser, program: Program, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    context.set_default_timeout(1000 * PATIENCE)
    page = context.new_page()
    page.goto(program.address)
    expect(page.locator("#worklist .ag-row").first).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-theme", scheme)
    context.close()
