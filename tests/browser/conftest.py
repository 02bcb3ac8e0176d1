"""The whole program as a newcomer starts it, and Debian's Chromium to drive it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from drawn import write_recordings
from patience import PATIENCE
from people import add_administrator, add_people
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright
from running import Program, start, stop

FEW = ("100", "102", "106", "107", "109", "114", "119", "202", "203", "208", "213", "217", "231")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The program with nothing but its demo set."""
    running = start(tmp_path_factory.mktemp("demo"))
    yield running
    stop(running)


@pytest.fixture(autouse=True, scope="session")
def patient() -> None:
    """Every expectation waits as long as a busy machine takes."""
    expect.set_options(timeout=1000 * PATIENCE)


@pytest.fixture(scope="session")
def few_of_mitdb(tmp_path_factory: pytest.TempPathFactory, mitdb: Path) -> Path:
    """The records of MIT-BIH that these tests look at: the outputs of all 48 take minutes to count."""
    folder = tmp_path_factory.mktemp("few") / "mitdb"
    folder.mkdir()
    for name in FEW:
        for kind in ("hea", "dat", "atr"):
            shutil.copy(mitdb / f"{name}.{kind}", folder)
    return folder


@pytest.fixture(scope="session")
def mitdb_program(tmp_path_factory: pytest.TempPathFactory, few_of_mitdb: Path) -> Iterator[Program]:
    """The program with them beside the demo set."""
    running = start(tmp_path_factory.mktemp("mitdb"), BEATLENS_RECORDINGS=str(few_of_mitdb))
    yield running
    stop(running)


@pytest.fixture(scope="session")
def drawn_program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The program with the recordings of drawn.py beside the demo set."""
    folder = write_recordings(tmp_path_factory.mktemp("drawn"))
    running = start(tmp_path_factory.mktemp("drawn-data"), BEATLENS_RECORDINGS=str(folder))
    yield running
    stop(running)


@pytest.fixture(scope="session")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The program with accounts: Ada, who is the administrator, and the people of people.py."""
    folder = tmp_path_factory.mktemp("clinic")
    add_administrator(folder)
    running = start(folder, BEATLENS_ACCOUNTS="true")
    add_people(running)
    yield running
    stop(running)


@pytest.fixture(scope="module")  # its event loop must not outlast the browser tests
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium")
    assert path, "Debian's Chromium is missing: make chromium"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1440, "height": 900})
    made.set_default_timeout(1000 * PATIENCE)
    yield made
    made.close()


@pytest.fixture
def page_with_errors(context: BrowserContext) -> Page:
    """A page on which the browser may log a failed request."""
    return context.new_page()


def console_error(message: ConsoleMessage) -> str:
    """What an error on the console says, and of which address."""
    return f"{message.text} {message.location.get('url', '')}"


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that fails its test when the browser's console shows an error."""
    made = context.new_page()
    errors: list[str] = []
    made.on("console", lambda message: errors.append(console_error(message)) if message.type == "error" else None)
    made.on("pageerror", lambda error: errors.append(str(error.stack or error)))
    yield made
    assert not errors, errors
