"""A long recording: desk, gallery and worklist say what is under way and how far, go on saying it, and then fill."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import stub_data
import wfdb
from playwright.sync_api import BrowserContext, Locator, Page, expect
from running import Program, start, stop

pytestmark = pytest.mark.browser
FS, RR, BEATS = 100, 50, 4000  # Hz, samples, beats
CHUNK = 1800  # windows of 240 bytes that a worker reads at once
MODEL, RECORDING = "stub-waiting", "ward~long"
WAITS = "Only as fast as the test lets it: see tests/stubs/beatlens_stubs/waiting.py"


@dataclass
class Gate:
    """The folder that lets large batches pass, one for each file in it."""

    folder: Path
    passed: int = 0

    def open(self, batches: int) -> None:
        for _ in range(batches):
            self.passed += 1
            (self.folder / f"{self.passed:04d}").touch()


def write_model(folder: Path, gate: Path) -> None:
    network = {"leads": 1, "classes": 2, "maps": 4, "kernel": 5, "gate": str(gate)}
    window = {"kind": "beat", "before": 20, "after": 40}
    about = {"architecture": "stub_waiting", "network": network, "input": {"fs": FS, "window": window}}
    stub_data.write_model(folder / MODEL, 0, about | {"classes": stub_data.CLASSES["beats"], "summary": WAITS})


def write_recording(folder: Path) -> None:
    """Sharp beats twice a second, every tenth called V."""
    beats = np.arange(2 * RR, 2 * RR + BEATS * RR, RR)
    signal = np.random.default_rng(0).normal(0, 0.01, int(beats[-1]) + 2 * RR)
    for shift, height in zip(range(-3, 4), np.hanning(9)[1:-1], strict=True):
        signal[beats + shift] += height
    folder.mkdir()
    about = {"fs": FS, "units": ["mV"], "sig_name": ["II"], "fmt": ["16"], "write_dir": str(folder)}
    wfdb.wrsamp("long", p_signal=signal[:, None], **about)
    symbols = ["V" if i % 10 == 9 else "N" for i in range(BEATS)]
    wfdb.wrann("long", "atr", beats, symbol=symbols, write_dir=str(folder))


@pytest.fixture
def gate(tmp_path: Path) -> Gate:
    folder = tmp_path / "gate"
    folder.mkdir()
    return Gate(folder)


@pytest.fixture
def slow_program(tmp_path: Path, gate: Gate) -> Iterator[Program]:
    """The program with a recording that counts as long, and a model that waits."""
    write_model(tmp_path / "models", gate.folder)
    write_recording(tmp_path / "ward")
    (tmp_path / "data").mkdir()
    running = start(
        tmp_path / "data",
        PYTHONPATH=os.pathsep.join(map(str, stub_data.install(tmp_path / "site"))),
        BEATLENS_MODEL_DIRS=str(tmp_path / "models"),
        BEATLENS_RECORDINGS=str(tmp_path / "ward"),
        BEATLENS_WORKERS="1",
        BEATLENS_LONG_VALUES="1000",
        BEATLENS_LONG_WINDOWS="1000",
    )
    yield running
    gate.open(100)  # whoever still waits goes on
    stop(running)


@pytest.fixture
def pages(context: BrowserContext) -> Iterator[dict[str, Page]]:
    """Three tabs, which fail the test when the console of one shows an error."""
    errors: list[str] = []
    made = {name: context.new_page() for name in ("desk", "gallery", "worklist")}
    for name, page in made.items():
        page.on("console", lambda said: errors.append(f"{said.text} {said.location}") if said.type == "error" else None)
        page.on("pageerror", lambda error, name=name: errors.append(f"{name}: {error}"))
    yield made
    assert not errors, errors


def open_pages(pages: dict[str, Page], program: Program) -> dict[str, Locator]:
    """The three, and where each says what is under way."""
    about = f"record={RECORDING}&model={MODEL}"
    pages["worklist"].goto(f"{program.address}/?model={MODEL}")
    expect(pages["worklist"].locator(f'[row-id="{RECORDING}"]').first).to_be_visible()
    pages["desk"].goto(f"{program.address}/review?{about}&a=stub_segments&b=input_derivative")
    pages["gallery"].goto(f"{program.address}/gallery?{about}")
    return {
        "desk": pages["desk"].locator("#queue-run"),
        "gallery": pages["gallery"].locator("#gallery-head .under-way"),
        "worklist": pages["worklist"].locator(f'[row-id="{RECORDING}"] [role=status]'),
    }


def test_every_page_says_how_far_the_outputs_are_and_fills_once_they_are_there(
    pages: dict[str, Page], slow_program: Program, gate: Gate
) -> None:
    told = open_pages(pages, slow_program)
    for done in (0, CHUNK):
        for place in told.values():
            expect(place).to_contain_text(f"{done:,} of {BEATS:,}")
        for page in pages.values():
            expect(page.locator("body")).not_to_contain_text("does not answer")
        gate.open(1)
    desk, gallery, worklist = pages["desk"], pages["gallery"], pages["worklist"]
    expect(desk.locator("#queue-run [data-beat]").first).to_be_visible()
    expect(desk.locator("#output-decision .verdict")).to_be_visible()
    expect(desk.locator("#position")).to_contain_text(f"of\u00a0{BEATS:,}")
    expect(gallery.locator(".tile").first).to_be_visible()
    assert sum(int(words.replace(",", "")) for words in gallery.locator(".tile-head b").all_text_contents()) == BEATS
    expect(told["worklist"]).to_have_count(0)
    expect(worklist.locator(f'[row-id="{RECORDING}"] .class-bar.thin i').first).to_be_visible()
