"""Takes the pictures in docs/pictures from the running program. Run by `make screenshots`.

Uses MIT-BIH where BEATLENS_RECORDINGS names it, else the demo set alone.
"""

import os
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.support.running import Program, start, stop

PICTURES = Path(__file__).parent / "pictures"


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    repository = {name: os.environ[name] for name in ("BEATLENS_RECORDINGS",) if name in os.environ}
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        program = start(Path(data), **repository)
        try:
            chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            _take(chromium.new_page(viewport={"width": 1440, "height": 900}), program)
        finally:
            stop(program)


def _beat(program: Program, recording: str) -> int:
    """A beat to show: the first PVC after 20 s that the model names otherwise, else the one in the middle."""
    beats = program.api(f"/recordings/{recording}/windows?model=mitbih-lstm").json()["windows"]
    rows = zip(beats["at"], beats["time"], beats["label"], beats["prediction"], strict=True)
    other = [sample for sample, time, symbol, named in rows if symbol == "V" and named != "V" and time > 20]
    return int(other[0] if other else beats["at"][len(beats["at"]) // 2])


def _take(page: Page, program: Program) -> None:
    page.goto(program.address)
    page.wait_for_selector("#worklist-work:has-text('counted in all')", timeout=300_000)
    page.wait_for_timeout(2000)
    page.screenshot(path=PICTURES / "worklist.png")
    ids = [r["id"] for r in program.api("/recordings").json()["recordings"]]
    recording = next((i for i in ids if i.endswith("~208")), "demo~208-excerpt")
    address = f"record={recording}&at={_beat(program, recording)}"
    for theme in ("light", "dark"):
        page.goto(f"{program.address}/review?{address}")
        page.evaluate("theme => localStorage.setItem('theme', JSON.stringify(theme))", theme)
        page.reload()
        page.wait_for_selector("#map-a[data-state=done]", timeout=60_000)
        page.wait_for_selector("#map-b[data-state=done]", timeout=60_000)
        page.wait_for_selector("#trust-verdict .tag", timeout=120_000)
        page.wait_for_selector("#job-section", state="hidden", timeout=120_000)
        page.screenshot(path=PICTURES / f"desk-{theme}.png")
        if theme == "light":
            page.locator("#trust").screenshot(path=PICTURES / "trust.png")
    page.evaluate("localStorage.setItem('theme', JSON.stringify('light'))")
    page.goto(f"{program.address}/compare?{address}")
    page.wait_for_selector(".ranking", timeout=120_000)
    page.wait_for_selector("#trust-waiting", state="detached", timeout=180_000)
    page.wait_for_selector("#job-section", state="hidden", timeout=60_000)
    page.screenshot(path=PICTURES / "compare.png")
    page.goto(f"{program.address}/gallery?{address}")
    page.locator("#gallery-compute").click()
    page.wait_for_selector("#gallery-words:has-text('The mean of')", timeout=300_000)
    page.wait_for_selector("#gallery-job:empty", state="attached", timeout=180_000)
    page.screenshot(path=PICTURES / "gallery.png")
    page.goto(f"{program.address}/review?{address}")
    page.wait_for_selector("#map-b[data-state=done]", timeout=60_000)
    page.locator("#share").click()
    page.get_by_role("button", name="Create link").click()
    link = page.locator("#share-url").input_value()
    page.set_viewport_size({"width": 1000, "height": 1268})
    page.goto(link)
    page.wait_for_timeout(3000)
    page.screenshot(path=PICTURES / "link.png")


if __name__ == "__main__":
    main()
