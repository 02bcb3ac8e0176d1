"""What a reader of rhythms waits for: a minute painted with its map, the next window, half an hour as a day."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import numpy as np
import wfdb
from playwright.sync_api import Browser, Page, sync_playwright

import models
from benchmarks.browsing import QUIET
from benchmarks.timing import Line, marks, seconds
from models.evaluation.af_burden import SECONDS as WINDOW
from models.records.synthesis import Recipe, sinus, synthesise
from models.tasks.day import outputs, starts
from models.zoo import store
from tests.browser.support.running import Program, start, stop

CANDIDATES = Path(models.__file__).parent / "candidates"
MODEL = "cinc-conv7"
MINUTES, STEPS = 12, 20  # recordings of a minute, each opened once; steps through half an hour
LOOKED = 1000  # ms that a reader looks at a window before the next step
FS = 300  # Hz, as CinC 2017
HALF_HOUR = 1800.0  # s
WHAT = {
    "rhythm_minute": "click in the worklist to 60 s in rows with their class activation map; limit p95 1,500 ms",
    "rhythm_next": "J to the next 30 s painted, fetched ahead, a second after the step before; limit p95 150 ms",
}
ROW = "() => document.querySelector('.rhythm-plot .heatmaplayer .hm')"

# ms from the key to the first frame on the screen in which the next window's rows stand, as the browser measures it
PAINTED = """() => {
  let stood = Infinity;
  document.addEventListener("beatlens:rows", () => { stood = performance.now(); }, {once: true});
  window.painted = new Promise((done) => new PerformanceObserver((list, observer) => {
    const key = list.getEntries().find((entry) => entry.name === "keydown");
    if (!key) return;
    observer.disconnect();
    done(stood < key.startTime + key.duration ? key.duration : Infinity);
  }).observe({type: "event", durationThreshold: 16}));
}"""
CLICKED = "() => addEventListener('click', () => { window.clicked = performance.now(); }, {capture: true})"
NEXT_IS_THERE = """() => {
  const {nav} = beatlens, at = nav ? nav.sample.indexOf(Number(beatlens.read().at)) : -1;
  return at >= 0 && at + 1 < nav.sample.length && beatlens.view.keeps(nav.sample[at + 1]);
}"""


def lines() -> Iterator[Line]:
    """Painting and stepping in ms, the largest view in kB, and the day of half an hour in s of one core."""
    with sync_playwright() as playwright, minutes() as program:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        painted = paint(chromium, program)
        stepped, largest = step(chromium, program)
        chromium.close()
    for name, milliseconds in (("rhythm_minute", painted), ("rhythm_next", stepped)):
        for mark, value in marks(milliseconds).items():
            yield Line(f"{name}_{mark}", round(value, 1), "ms", WHAT[name], None)
    said = "largest of the views stepped through, not compressed; limit 400 kB"
    yield Line("rhythm_view", round(largest / 1000, 1), "kB", said, None)
    yield day()


@contextmanager
def minutes() -> Iterator[Program]:
    """The program with recordings of a minute at 300 Hz and one of half an hour, read by the rhythm model."""
    with tempfile.TemporaryDirectory() as folder:
        repository, data = Path(folder) / "shelf", Path(folder) / "data"
        repository.mkdir()
        data.mkdir()
        for i in range(MINUTES):
            write(repository, f"minute-{i:02d}", 60.0, seed=i)
        write(repository, "half-hour", HALF_HOUR, seed=99)
        program = start(data, BEATLENS_RECORDINGS=str(repository), BEATLENS_MODEL_DIRS=str(CANDIDATES))
        try:
            yield program
        finally:
            stop(program)


def write(folder: Path, name: str, length: float, seed: int) -> None:
    """One lead of sinus rhythm at 300 Hz as WFDB files."""
    signal, _ = synthesise(Recipe(name, "For the bench", sinus(70 + seed % 20), seed=seed, seconds=length))
    own = signal[0].astype(float)
    times = np.arange(round(length * FS)) / FS
    resampled = np.interp(times, np.arange(len(own)) * length / len(own), own)
    wfdb.wrsamp(name, FS, ["mV"], ["ECG"], resampled[:, None], fmt=["16"], write_dir=str(folder))


def paint(chromium: Browser, program: Program) -> list[float]:
    """Ms from the click on each minute's row until its map stands behind the trace; every one is opened first then."""
    page = chromium.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(120_000)
    found = []
    for i in range(MINUTES):
        page.goto(f"{program.address}/?model={MODEL}")
        row = page.locator("#worklist .ag-row").filter(has_text=f"minute-{i:02d}")
        row.wait_for()
        page.evaluate(CLICKED)
        row.click()
        page.wait_for_function(ROW, polling="raf")
        found.append(float(page.evaluate("() => performance.now() - window.clicked")))
    page.close()
    return found[1:]  # the first loads code


def step(chromium: Browser, program: Program) -> tuple[list[float], float]:
    """Ms of each step through half an hour once the next window is there, and the bytes of the largest view."""
    page = chromium.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(120_000)
    asked: list[str] = []
    record = next(one["id"] for one in program.api("/recordings").json()["recordings"] if one["name"] == "half-hour")
    page.on("request", lambda request: asked.append(request.url) if "/_view?" in request.url else None)
    page.goto(f"{program.address}/rhythm?record={record}&model={MODEL}&at=0")
    page.wait_for_function(ROW)
    found = [_stepped(page) for _ in range(STEPS)]
    page.close()
    views = [httpx.get(url, timeout=60, trust_env=False).content for url in asked[: STEPS // 4]]
    return found, float(max(map(len, views)))


def _stepped(page: Page) -> float:
    page.wait_for_function(NEXT_IS_THERE)
    page.wait_for_timeout(LOOKED)
    page.evaluate(PAINTED)
    page.keyboard.press("j")
    taken: float = page.evaluate("() => window.painted")
    return taken


def day() -> Line:
    """Half an hour in windows of 30 s, one after the other, by the network of seven layers on one core."""
    model = store.read(CANDIDATES / MODEL)
    fs = model.card.input.fs
    signal = np.random.default_rng(0).standard_normal((1, round(HALF_HOUR * fs))).astype(np.float32)
    length = round(WINDOW * fs)
    first = starts(signal.shape[1], length, length)
    taken = seconds(lambda: outputs(model, signal, first, length, lambda _: None))
    return Line("rhythm_day", round(taken, 3), "s", "30 minutes in windows of 30 s, one core; limit 60 s", None)
