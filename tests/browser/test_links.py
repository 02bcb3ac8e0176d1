"""A finding is shared from the desk; Redis is stopped; a browser that has never signed in opens what was shared."""

import json
import os
import re
import signal
import sqlite3
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import pytest
from patience import PATIENCE
from playwright.sync_api import Browser, BrowserContext, Page, expect
from running import Program, start

from workers.launch import redis_server

pytestmark = [pytest.mark.browser, pytest.mark.data]
PASSWORD = "correct horse battery"
RECORD, BEAT, PATIENT = "mitdb~208", 8317, re.compile("23 y")
TITLE, NOTE = "Wide beat between two normal ones", "Is the downslope all it looked at?"
MM = 96 / 25.4  # px
SHEET = 680  # px: between the margins of a sheet

# What can be measured on the desk and on a sheet alike: pixels per second and per mV, and each map's numbers.
SCALE = """where => {
    const {xaxis: x, yaxis: y} = document.querySelector(`${where} .js-plotly-plot`)._fullLayout;
    return [x._length / (x.range[1] - x.range[0]), y._length / (y.range[1] - y.range[0])];
}"""
MAPS = """where => [...document.querySelectorAll(where)].slice(0, 2).map(map => {
    const traces = map.querySelector('.js-plotly-plot').data;
    return {
        title: map.querySelector('b + b')?.innerText,
        relevance: [...traces.find(trace => trace.type === 'heatmap').z[0]],
        beat: traces.filter(trace => trace.type !== 'heatmap').map(trace => [...trace.y]).flat().slice(0, 400),
    };
})"""


@dataclass(frozen=True)
class Shared:
    """What was shared, with which words, and what its maker saw."""

    program: Program
    folder: Path
    maker: Page  # still signed in
    url: str
    closed: str  # of the link that needs sign-in, ends after a week and shows the patient's facts
    probabilities: list[str]
    scale: list[float]
    maps: list[dict[str, Any]]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, few_of_mitdb: Path, browser: Browser) -> Iterator[Shared]:
    """Two links that an annotator made on the desk; since then Redis is gone."""
    folder = tmp_path_factory.mktemp("links")
    env = {**os.environ, "BEATLENS_DATA_DIR": str(folder)}
    add = [sys.executable, "-m", "beatlens", "account", "add", "Ann", "--role", "annotator"]
    subprocess.run(add, env=env, input=PASSWORD, text=True, check=True, capture_output=True)
    with ExitStack() as redis, ExitStack() as rest:
        server = redis.enter_context(redis_server(None, folder))
        given = {
            "BEATLENS_ACCOUNTS": "true",
            "BEATLENS_RECORDINGS": str(few_of_mitdb),
            "BEATLENS_REDIS_URL": server.url,
        }
        program = start(folder, **given)
        rest.callback(ended, program)
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.set_default_timeout(1000 * PATIENCE)
        rest.callback(context.close)
        maker = context.new_page()
        maker.goto(f"{program.address}/review?record={RECORD}&at={BEAT}&a=learned_mask&b=occlusion")
        sign_in(maker)
        for which in "ab":
            expect(maker.locator(f"#map-{which}[data-state=done]")).to_be_visible()
        found = {
            "probabilities": maker.locator("#output .bar-row").all_inner_texts(),
            "scale": maker.evaluate(SCALE, "#strip"),
            "maps": maker.evaluate(MAPS, "#map-a, #map-b"),
        }
        url = share(maker)
        closed = share(maker, ends="After a week", ticked=("sign in as well", "patient's facts"))
        redis.close()
        assert program.api("/health").json()["parts"]["redis"]["ok"] is False
        yield Shared(program, folder, maker, url, closed, **found)


def ended(program: Program) -> None:
    """Its worker is still waiting for Redis to come back, and is given the time to notice."""
    program.process.send_signal(signal.SIGTERM)
    program.process.wait(60)


def sign_in(page: Page) -> None:
    page.locator("#sign-in-name").fill("Ann")
    page.locator("#sign-in-password").fill(PASSWORD)
    page.keyboard.press("Enter")


def share(page: Page, ends: str = "Never", ticked: tuple[str, ...] = ()) -> str:
    """The address that the dialog gives for the beat on the desk."""
    page.locator("#share").click()
    expect(page.locator("#share-title")).to_have_value(re.compile("Record 208"))
    page.locator("#share-title").fill(TITLE)
    page.locator("#share-note").fill(NOTE)
    page.locator("#share-days").click()
    page.get_by_role("option", name=ends).click()
    for words in ticked:
        page.get_by_label(words).check()
    page.get_by_role("button", name="Create link").click()
    expect(page.locator("#share-url")).to_have_value(re.compile(r"/s/[\w-]{22,}"))
    url = page.locator("#share-url").input_value()
    page.keyboard.press("Escape")
    expect(page.locator("#share-url")).to_be_hidden()
    return url


@pytest.fixture
def stranger(context: BrowserContext) -> Iterator[Page]:
    """A page that has never signed in; whatever it asks for has to be answered well."""
    page, failed = context.new_page(), []
    page.on("response", lambda answer: failed.append(f"{answer.status} {answer.url}") if answer.status > 399 else None)
    page.on("requestfailed", lambda request: failed.append(f"{request.failure} {request.url}"))
    page.on("console", lambda message: failed.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: failed.append(str(error)))
    yield page
    assert not failed, failed


def opened(page: Page, url: str) -> None:
    page.goto(url)
    drawn(page)


def drawn(page: Page) -> None:
    """The sheet is there with its strip and its maps."""
    for place in (".sheet-strip", ".sheet-maps .map"):
        expect(page.locator(f"{place} .main-svg").first).to_be_visible()
    expect(page.locator(".sheet .dash-graph--pending")).to_have_count(0)


def test_a_stranger_sees_what_its_maker_saw(stranger: Page, shared: Shared) -> None:
    opened(stranger, shared.url)
    assert stranger.locator(".sheet .bar-row").all_inner_texts() == shared.probabilities
    # plots are whole pixels high: half of one in a strip of 30 mm is four thousandths, less than a hair on paper
    assert stranger.evaluate(SCALE, ".sheet-strip") == pytest.approx(shared.scale, rel=4e-3)
    assert shared.scale == pytest.approx([25 * MM, 10 * MM], rel=5e-3)
    maps = stranger.evaluate(MAPS, ".sheet-maps .map")
    assert [one["title"] for one in maps] == ["Learned mask", "Occlusion"]
    for mine, theirs in zip(maps, shared.maps, strict=True):
        assert len(mine["relevance"]) == 216
        assert max(map(abs, mine["relevance"])) > 0
        assert mine["relevance"] == pytest.approx(theirs["relevance"])
        assert mine["beat"] == pytest.approx(theirs["beat"], nan_ok=True)
    sheet = stranger.locator(".sheet")
    for words in (TITLE, NOTE, "Research use only", "Method A", "Weights SHA-256"):
        expect(sheet).to_contain_text(words)
    expect(sheet).not_to_contain_text(PATIENT)


def test_the_page_can_only_be_read(stranger: Page, shared: Shared) -> None:
    opened(stranger, shared.url)
    expect(stranger.get_by_text("Read only, frozen")).to_be_visible()
    assert stranger.locator("input:visible, textarea:visible, select:visible, [contenteditable=true]").count() == 0
    assert stranger.get_by_role("button").count() == 0
    before = stranger.locator(".sheet").inner_text()
    for key in ("v", "c", "Space", "j", "1"):
        stranger.keyboard.press(key)
    assert stranger.locator(".sheet").inner_text() == before
    assert stranger.url == shared.url


def test_other_programs_announce_it_by_a_picture_without_the_patient(shared: Shared) -> None:
    page = httpx.get(shared.url, timeout=PATIENCE, trust_env=False).text
    told = "".join(re.findall(r"<(?:meta|title)[^>]*>[^<]*", page)).replace(shared.url, "")
    assert not [words for words in ("208", "23 y", "MLII", TITLE, NOTE) if words in told]
    image = re.search(r'property="og:image" content="([^"]+)"', page)
    assert image
    picture = httpx.get(image[1], timeout=PATIENCE, trust_env=False)
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
    assert struct.unpack(">II", picture.content[16:24]) == (1200, 630)
    assert b"208" not in b"".join(re.findall(rb"[it]EXt[^\x00]*\x00[ -~]*", picture.content))


def test_it_can_be_taken_away(stranger: Page, shared: Shared) -> None:
    opened(stranger, shared.url)
    files = {}
    for form, name in (("pdf", "PDF"), ("png", "PNG"), ("svg", "SVG"), ("json", "Provenance")):
        with stranger.expect_download() as waiting:
            stranger.get_by_role("link", name=name, exact=True).click()
        assert waiting.value.suggested_filename.endswith(f".{form}")
        files[form] = waiting.value.path().read_bytes()
    is_one_page_of_a4_at_true_scale(files["pdf"])
    assert struct.unpack(">II", files["png"][16:24]) == pytest.approx((210 / 25.4 * 192, 297 / 25.4 * 192), abs=2)
    assert b'height="842.25pt"' in files["svg"][:2000]
    frozen = json.loads(files["json"])
    assert (frozen["title"], frozen["note"], frozen["patient"]) == (TITLE, NOTE, None)
    assert frozen["record"]["at"] == BEAT
    assert frozen["explanations"][0]["parameters"]["steps"] == 500


def is_one_page_of_a4_at_true_scale(pdf: bytes) -> None:
    """One page of 210 × 297 mm, the boxes of whose ECG paper are 1 mm wide and high."""
    assert len(re.findall(rb"/Type /Page\b", pdf)) == 1
    (box,) = re.findall(rb"/MediaBox \[ ?([\d. ]+) ?\]", pdf)
    assert [float(part) for part in box.split()] == pytest.approx([0, 0, 210 / 25.4 * 72, 297 / 25.4 * 72], abs=0.5)
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    drawn = max((unpacked(stream) for stream in streams), key=lambda text: text.count(b" l\n"))
    lines = [tuple(map(float, line)) for line in re.findall(rb"([\d.]+) ([\d.]+) m\n([\d.]+) ([\d.]+) l\n", drawn)]
    millimetre = 72 / 25.4
    upright = sorted({x for x, y, a, b in lines if x == a and abs(b - y) == pytest.approx(43 * millimetre, abs=0.5)})
    level = sorted({y for x, y, a, b in lines if y == b and abs(a - x) == pytest.approx(SHEET * 72 / 96, abs=0.5)})
    for at in (upright, level):
        assert len(at) > 40
        assert median(b - a for a, b in pairwise(at)) == pytest.approx(millimetre, rel=5e-3)


def unpacked(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


def test_one_that_needs_sign_in_asks_for_it(stranger: Page, shared: Shared) -> None:
    stranger.goto(shared.closed)
    expect(stranger.get_by_role("heading", name="Sign in to read this link")).to_be_visible()
    assert stranger.locator(".sheet").count() == 0
    stranger.get_by_role("link", name="Sign in").click()
    sign_in(stranger)
    drawn(stranger)
    assert stranger.url == shared.closed
    expect(stranger.locator(".sheet-head")).to_contain_text(PATIENT)  # its maker asked for it
    expect(stranger.locator(".shared-top")).to_contain_text("until 20")


def test_its_maker_sees_how_often_it_was_opened_and_withdraws_it(stranger: Page, shared: Shared) -> None:
    rows = listed(shared)
    expect(rows).to_have_count(2)
    ours = rows.last  # the latest is the first
    expect(ours).to_contain_text(TITLE)
    before = int(ours.locator("td.r").inner_text())
    opened(stranger, shared.url)
    ours = listed(shared).last
    expect(ours.locator("td.r")).to_have_text(str(before + 1))
    ours.get_by_role("button", name=re.compile("Withdraw")).click()
    expect(ours.page.locator("dialog.ask")).to_contain_text(f"It was opened {before + 1} times")
    ours.page.locator("dialog.ask .pri").click()
    expect(ours).to_contain_text("withdrawn 20")
    stranger.goto(shared.url)
    expect(stranger.get_by_role("heading", name="This link can no longer be read")).to_be_visible()
    expect(stranger.locator("#page")).to_contain_text("withdrawn by its maker on 20")
    assert stranger.locator(".sheet").count() == 0
    assert httpx.get(f"{shared.url}/sheet.pdf", timeout=PATIENCE, trust_env=False).status_code == 410


def listed(shared: Shared) -> Any:
    """The rows of the maker's list, as it is now."""
    shared.maker.goto(f"{shared.program.address}/links")
    expect(shared.maker.locator("#links-list tbody tr").first).to_be_visible()
    return shared.maker.locator("#links-list tbody tr")


def test_after_its_last_day_the_page_says_so(stranger: Page, shared: Shared) -> None:
    with sqlite3.connect(shared.folder / "beatlens.db") as database:  # time passes
        database.execute("UPDATE links SET expires = '2026-01-31 12:00:00' WHERE expires IS NOT NULL")
    stranger.goto(shared.closed)
    expect(stranger.get_by_role("heading", name="This link can no longer be read")).to_be_visible()
    expect(stranger.locator("#page")).to_contain_text("ended on 2026-01-31")
    assert stranger.locator(".sheet").count() == 0
