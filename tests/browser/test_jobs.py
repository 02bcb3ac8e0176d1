"""Jobs as a reader meets them: seen running, cancelled, changed, survived; and what is left without a queue."""

import re
from collections.abc import Iterator

import pytest
from gates import Gate
from patience import until
from playwright.sync_api import Page, Request, expect
from running import Program, start, stop

pytestmark = pytest.mark.browser
RECORDING = "demo~208-excerpt"
RUNNING = re.compile(r"of 1000 steps")


def beat(program: Program, index: int) -> int:
    samples: list[int] = program.api(f"/recordings/{RECORDING}/windows").json()["windows"]["at"]
    return samples[index]


def open_desk(page: Page, program: Program, index: int, **slots: str) -> None:
    chosen = "".join(f"&{slot}={method}" for slot, method in slots.items())
    page.goto(f"{program.address}/review?record={RECORDING}&at={beat(program, index)}{chosen}")


def test_a_running_job_shows_its_loss_and_can_be_cancelled(page: Page, stub_program: Program, gate: Gate) -> None:
    open_desk(page, stub_program, 40, a=gate.method, b="input_derivative")
    expect(page.locator("#job")).to_contain_text(RUNNING)
    expect(page.locator('#job svg path[stroke="var(--rel)"]')).to_have_attribute("d", re.compile(r"M.+L.+"))  # the loss
    page.locator("#job-cancel").click()
    expect(page.locator("#map-a")).to_contain_text(re.compile("cancelled", re.IGNORECASE))
    expect(page.locator("#map-b[data-state=done]")).to_be_visible()


def test_a_button_keeps_its_focus_while_the_job_goes_on(page: Page, stub_program: Program, gate: Gate) -> None:
    open_desk(page, stub_program, 43, a=gate.method, b="input_derivative")
    job = page.locator(".job", has_text=re.compile("^Stub held"))
    expect(job).to_contain_text(RUNNING)
    page.locator("#job-cancel").focus()
    before = job.inner_text()
    page.wait_for_function("before => document.querySelector('.job').innerText !== before", arg=before)
    expect(page.locator("#job-cancel")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#map-a")).to_contain_text(re.compile("cancelled", re.IGNORECASE))


def test_a_reload_while_a_job_runs_finds_the_same_job(page: Page, stub_program: Program, gate: Gate) -> None:
    open_desk(page, stub_program, 41, a=gate.method, b="input_derivative")
    expect(page.locator("#job")).to_contain_text(RUNNING)
    page.reload()
    expect(page.locator("#job")).to_contain_text(RUNNING)
    gate.open()
    expect(page.locator("#map-a[data-state=done]")).to_be_visible()


def test_a_tab_follows_all_its_jobs_on_one_connection_and_polls_none(
    page: Page, stub_program: Program, gate: Gate
) -> None:
    asked: list[Request] = []
    ended: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    page.on("requestfinished", lambda request: ended.append(request))
    page.on("requestfailed", lambda request: ended.append(request))
    open_desk(page, stub_program, 44, a=gate.method, b="input_derivative")
    expect(page.locator("#job")).to_contain_text(RUNNING)
    body = {"recording": RECORDING, "explainer": gate.explainer, "which": "all"}
    page.evaluate("body => beatlens.bulk.start(body, 'every-beat', 'Every beat')", body)
    running = page.locator("#job .job:not(.done)")
    expect(running.filter(has_text="Every beat")).to_have_count(1)

    def streams() -> list[Request]:
        return [one for one in asked if "/api/events?" in one.url and one not in ended]

    until(lambda: [one.url.count("job=") for one in streams()] == [running.count()])
    assert running.count() > 1
    gate.open()
    expect(page.locator("#map-a[data-state=done]")).to_be_visible()
    expect(running).to_have_count(0)
    until(lambda: page.title() and not streams())
    followed = {id for one in asked if "/api/events?" in one.url for id in re.findall("[0-9a-f]{32}", one.url)}
    polled = re.compile(r"/api/(?:tasks/\w+|bulk)/([0-9a-f]{32})(?:/events)?$")
    found = [polled.search(one.url) for one in asked if one.method == "GET"]
    assert not [one[0] for one in found if one and one[1] in followed]


def test_parameters_come_from_the_schema_and_change_the_map(page: Page, program: Program) -> None:
    open_desk(page, program, 42, a="occlusion", b="input_derivative")
    expect(page.locator("#map-a[data-state=done]")).to_be_visible()
    page.get_by_role("button", name="Parameters of A").click()
    page.get_by_label("Width").first.fill("5")
    page.get_by_role("button", name="Explain again").click()
    page.wait_for_url(re.compile(r"width(=|%3D)5"))
    expect(page.locator("#map-a[data-state=done]")).to_be_visible()


@pytest.fixture(scope="module")
def without_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    running = start(
        tmp_path_factory.mktemp("no-redis"), BEATLENS_REDIS_URL="redis://127.0.0.1:1/0", BEATLENS_WORKERS="0"
    )
    yield running
    stop(running)


def test_without_redis_the_page_says_so_and_still_shows_signal_output_and_instant_methods(
    page_with_errors: Page, without_redis: Program
) -> None:
    page = page_with_errors
    health = without_redis.api("/health").json()
    assert health["status"] == "degraded"
    assert not health["parts"]["redis"]["ok"]
    open_desk(page, without_redis, 30, a="learned_mask", b="input_derivative")
    expect(page.locator("#health-bar")).to_contain_text("queue")
    expect(page.locator("#output-probability")).to_have_text(re.compile(r"[01]\.\d\d"))
    expect(page.locator("#map-b[data-state=done]")).to_be_visible()
    expect(page.locator("#map-a")).to_contain_text("Redis")
