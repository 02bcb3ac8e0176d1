"""What a reader waits for, in Debian's Chromium: from the key or the pointer to the painted picture."""

import shutil
from collections.abc import Callable, Iterator

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.house import CROWDED, House, house
from benchmarks.timing import Line, marks

STEPS, OPENINGS, DRAGS = 25, 7, 40
AHEAD = 1500  # ms in which the next beat is fetched ahead
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]

WHAT = {
    "worklist": "address to the first row",
    "open_half_hour": "address to painted strip, two leads, 30 minutes",
    "key_to_beat": "J to the painted beat with both maps, fetched ahead",
    "pan": "a turn of the wheel to the frame after the next; a frame is 16.7 ms",
    "cover": "a moved edge to the frame after the next, with the new probabilities",
}

# ms from `act` until both maps have been drawn again and a frame is on the screen
DRAWN = """async (key) => {
  const plots = ["graph-a", "graph-b"].map((id) => document.querySelector(`#${id} .js-plotly-plot`));
  const drawn = plots.map((plot) => new Promise((done) => plot.once("plotly_afterplot", done)));
  const began = performance.now();
  document.body.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
  await Promise.all(drawn);
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return performance.now() - began;
}"""

# ms from a turn of the wheel over the strip until the frame after it
PANNED = """async (pixels) => {
  const strip = document.querySelector("#strip"), began = performance.now();
  strip.dispatchEvent(new WheelEvent("wheel", {deltaX: pixels, deltaY: 0, bubbles: true, cancelable: true}));
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return performance.now() - began;
}"""

# ms from covering a span until the frame after it
COVERED = """async ([start, end]) => {
  const began = performance.now();
  beatlens.cover.span(start, end);
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return performance.now() - began;
}"""


def lines() -> Iterator[Line]:
    """Stepping, opening half an hour, panning, covering: p50 and p95 in ms; then in a crowded house."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        with house() as served:
            ordinary = measure(chromium, served)
        with house(CROWDED, recordings=500) as served:
            crowded = measure(chromium, served)
        chromium.close()
    for name, milliseconds in ordinary.items():
        for mark, value in marks(milliseconds).items():
            yield Line(f"{name}_{mark}", round(value, 1), "ms", WHAT[name], None)
    for name, milliseconds in crowded.items():
        value, before = marks(milliseconds)["p50"], marks(ordinary[name])["p50"]
        against = "the same with 2,300 beats and one recording"
        yield Line(f"{name}_crowded_p50", round(value, 1), "ms", against, round(before / value, 2))


def measure(chromium: Browser, served: House) -> dict[str, list[float]]:
    """Milliseconds of every turn of each action."""
    page = chromium.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(60_000)
    beats = served.beats()[20 : 20 + STEPS + OPENINGS + 5]
    served.explain(beats)
    listed = [_worklist(page, served) for _ in range(OPENINGS)]
    opened = [_open(page, served, beat) for beat in beats[:OPENINGS]]
    page.wait_for_timeout(3 * AHEAD)
    stepped = [_after(page, AHEAD, lambda: page.evaluate(DRAWN, "j")) for _ in range(STEPS)]
    panned = [page.evaluate(PANNED, 60) for _ in range(DRAGS)]
    page.wait_for_timeout(3 * AHEAD)  # the beat that came into sight is chosen, its maps come
    page.wait_for_function("() => beatlens.cover.state().table")
    page.evaluate("() => beatlens.cover.span(60, 90)")
    covered = [page.evaluate(COVERED, [60 + 2 * (i % 20), 100 + 2 * (i % 20)]) for i in range(DRAGS)]
    page.close()
    return {"worklist": listed, "open_half_hour": opened, "key_to_beat": stepped, "pan": panned, "cover": covered}


def _worklist(page: Page, served: House) -> float:
    """Milliseconds from going to the worklist until its first row stands there."""
    page.goto("about:blank")
    page.goto(served.address, wait_until="commit")
    page.wait_for_function("() => document.querySelector('#worklist .ag-row')", polling="raf")
    elapsed: float = page.evaluate("() => performance.now()")
    return elapsed


def _open(page: Page, served: House, beat: int) -> float:
    """Milliseconds from going to a beat's address until the strip is painted."""
    page.goto("about:blank")
    page.goto(f"{served.address}/review?record={served.record}&at={beat}", wait_until="commit")
    page.wait_for_function("() => document.querySelector('#strip-plot .scatterlayer .trace path')", polling="raf")
    elapsed: float = page.evaluate("() => performance.now()")
    page.wait_for_selector("#map-a[data-state=done]")
    page.wait_for_selector("#map-b[data-state=done]")
    return elapsed


def _after(page: Page, wait: float, measure: Callable[[], float]) -> float:
    page.wait_for_timeout(wait)
    return measure()
