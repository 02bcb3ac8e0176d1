"""On a window of any size no page scrolls sideways, and no control lies outside it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from running import Program, start, stop

import models

pytestmark = [pytest.mark.browser, pytest.mark.data]
SIZES = {
    "tablet": (820, 1180),
    "small": (1024, 768),
    "narrow": (1110, 800),
    "laptop": (1280, 800),
    "usual": (1440, 900),
    "large": (2560, 1440),
}
CANDIDATES = Path(models.__file__).parent / "candidates"
RHYTHM = "record=mitdb~202&model=cinc-conv7"
# Page, and what stands on it once it is there.
PAGES = {
    "/": "#worklist .ag-row",
    "/review?record=mitdb~208&at=8317&a=input_derivative&b=temporal_score": "#map-a[data-state=done]",
    "/compare?record=mitdb~208&at=8317": ".cell .js-plotly-plot",
    "/gallery?record=mitdb~208": ".tile.on",
    f"/rhythm?{RHYTHM}&at=421200": ".rhythm-plot .main-svg",
    f"/day?{RHYTHM}": "#day-plot .main-svg",
    "/model?record=mitdb~208&at=8317": "#model-limits",
    "/sessions": "#session-make",
    "/links": "h1",
}
# What of the controls lies outside the window or its column, and in nothing that scrolls.
OUTSIDE = """() => {
    const scrolls = (one) => {
        for (let at = one.parentElement; at && at !== document.body; at = at.parentElement) {
            if (/auto|scroll/.test(getComputedStyle(at).overflowX)) return true;
        }
        return false;
    };
    const main = document.querySelector('.main');
    const stands = main && getComputedStyle(main).display !== 'contents';
    const column = stands ? main.getBoundingClientRect().right : innerWidth;
    const edge = (one) => main && main.contains(one) ? column : innerWidth;
    return [...document.querySelectorAll('button, a, select, input')].filter((one) => {
        const {left, right, width, height} = one.getBoundingClientRect();
        const seen = width > 1 && height > 1 && one.checkVisibility({visibilityProperty: true});
        return seen && (right > edge(one) + 1 || left < -1) && !scrolls(one);
    }).map((one) => `${one.id || one.className}: ${one.textContent}`);
}"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, few_of_mitdb: Path) -> Iterator[Program]:
    """The program with MIT-BIH and a model of rhythms."""
    folder = tmp_path_factory.mktemp("sizes")
    running = start(folder, BEATLENS_RECORDINGS=str(few_of_mitdb), BEATLENS_MODEL_DIRS=str(CANDIDATES))
    yield running
    stop(running)


@pytest.mark.parametrize("address", PAGES)
def test_no_page_scrolls_sideways(page: Page, whole: Program, address: str) -> None:
    page.goto(whole.address + address)
    for size in SIZES.values():
        page.set_viewport_size({"width": size[0], "height": size[1]})
        expect(page.locator(PAGES[address]).first).to_be_visible(timeout=90_000)
        fits = f"() => document.documentElement.scrollWidth <= innerWidth + 1 && !({OUTSIDE})().length"
        page.wait_for_function(fits, timeout=20_000)


@pytest.mark.parametrize("address", ["/", f"/rhythm?{RHYTHM}&at=421200"])
def test_a_window_that_is_resized_while_its_page_comes_leaves_no_error(
    page: Page, whole: Program, address: str
) -> None:
    page.goto(whole.address + address, wait_until="commit")
    place = page.locator(PAGES[address]).first
    widths = (900, 1440, 1000, 1300)
    for turn in range(40):
        page.set_viewport_size({"width": widths[turn % 4], "height": 900})
        page.wait_for_timeout(130)  # longer than the page waits before it takes a size for the one that stays
        if place.is_visible():
            break
    expect(place).to_be_visible(timeout=90_000)
