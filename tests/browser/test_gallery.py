"""The gallery and the queue on real recordings: groups, their mean maps, dots, lasso, labels, cards."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from patience import until
from playwright.sync_api import Locator, Page, expect
from running import Program

from frontend.vocabulary import label

pytestmark = [pytest.mark.browser, pytest.mark.data]
INSTANT = "&a=input_derivative&b=temporal_score"  # nothing waits for a worker
OCCLUSION = "b=occlusion,width=41"


def open_gallery(page: Page, program: Program, name: str, more: str = "") -> list[dict]:
    """The gallery of a recording, with its dots drawn; the groups that the service tells."""
    page.goto(f"{program.address}/gallery?record=mitdb~{name}{more}")
    expect(page.locator(".tile.on")).to_be_visible()
    by = parse_qs(more.lstrip("&")).get("by", ["reference_and_model"])[0]
    return list(program.api(f"/recordings/mitdb~{name}/groups?by={by}").json()["groups"])


def beat_of(page: Page) -> int:
    return int(parse_qs(urlsplit(page.url).query)["at"][0])


def dark(page: Page, name: str) -> int:
    """Pixels of a plot that are nearly opaque: the chosen dots."""
    script = """name => {
        const canvas = document.getElementById(name + '-dots');
        const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
        let n = 0;
        for (let i = 3; i < data.length; i += 4) n += data[i] > 180;
        return n;
    }"""
    return int(page.evaluate(script, name))


def place(page: Page, name: str, x: float, y: float) -> tuple[float, float]:
    """Where in the window the point (x, y) of a plot lies."""
    script = """([name, x, y]) => {
        const plot = document.querySelector('#' + name + ' .js-plotly-plot'), box = plot.getBoundingClientRect();
        const {xaxis: h, yaxis: v} = plot._fullLayout;
        return [box.left + h._offset + (x - h.range[0]) / (h.range[1] - h.range[0]) * h._length,
                box.top + v._offset + (1 - (y - v.range[0]) / (v.range[1] - v.range[0])) * v._length];
    }"""
    left, top = page.evaluate(script, [name, x, y])
    return float(left), float(top)


@pytest.mark.parametrize("name", ["208", "106", "231"])
def test_every_group_has_its_tile_and_its_dots(page: Page, mitdb_program: Program, name: str) -> None:
    groups = open_gallery(page, mitdb_program, name)
    tiles = page.locator(".tile")
    expect(tiles).to_have_count(len(groups))
    for i in (0, len(groups) - 1):
        expect(tiles.nth(i)).to_contain_text(f"{groups[i]['count']:,}")
        expect(tiles.nth(i).locator(".chip")).to_have_text([groups[i]["reference"], groups[i]["output"]])
    expect(page.locator("#bulk-count")).to_have_text(f"{groups[0]['count']:,} beats selected")
    large, small = dark(page, "poincare"), len(groups) - 1
    page.keyboard.press("ArrowLeft")
    for _ in range(small):
        page.keyboard.press("ArrowRight")
    expect(tiles.nth(small)).to_have_class(re.compile(r"\bon\b"))
    assert dark(page, "poincare") < large  # the last group is the smallest
    last = f"with the reference {label(groups[-1]['reference']).short} "
    expect(page.locator("#gallery-words")).to_contain_text(re.compile(f"{re.escape(last)}ha(s|ve) the output"))


def test_the_mean_map_is_computed_when_asked_for_and_is_there_at_once_the_next_time(
    page: Page, mitdb_program: Program
) -> None:
    groups = open_gallery(page, mitdb_program, "231", "&" + OCCLUSION)
    job, words = page.locator("#gallery-job"), page.locator("#gallery-words")
    page.locator("#gallery-compute").click()  # nothing is begun unasked
    expect(words).to_contain_text(re.compile(r"The mean of occlusion over 32 beats is largest \d+ ms"))
    expect(job).to_have_text("")
    page.wait_for_function("localStorage.getItem('beatlens-bulk') === null")  # the job's end was heard
    drawn = "document.querySelector('.tile .js-plotly-plot').data[0]"
    assert page.evaluate(f"{drawn}.z[0].length") == 216
    body = {
        "explainer": {"method": "occlusion", "width": 41},
        "groups": [group["mapped"] for group in groups],
    }
    answer = page.request.post(f"{mitdb_program.address}/api/recordings/mitdb~231/maps", data=body).json()
    assert [entry["n"] for entry in answer["maps"]] == [len(group["mapped"]) for group in groups]
    assert page.evaluate(f"Array.from({drawn}.z[0])") == pytest.approx(answer["maps"][0]["relevance"][0], abs=1e-6)

    asked: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url) if sent.method == "POST" and "/bulk" in sent.url else None)
    page.reload()
    expect(words).to_contain_text("The mean of occlusion over 32 beats")
    assert not asked


def test_a_dot_opens_its_beat_and_the_open_beat_is_marked(page: Page, mitdb_program: Program) -> None:
    open_gallery(page, mitdb_program, "106")
    beats = mitdb_program.api("/recordings/mitdb~106/queues").json()["beats"]
    alone = max(range(len(beats["rr"]) - 1), key=lambda i: beats["rr"][i] or 0)  # at the axis' edge: nobody is near
    low, high = page.evaluate("document.querySelector('#tachogram .js-plotly-plot')._fullLayout.yaxis.range")
    x, y = place(page, "tachogram", beats["time"][alone], min(high, max(low, beats["rr"][alone])))
    page.mouse.move(x, y)
    expect(page.locator("#gallery-tip")).to_contain_text(f"RR {beats['rr'][alone]:.0f},")
    page.mouse.click(x, y)
    page.wait_for_url("**/review?**")
    assert beat_of(page) == beats["at"][alone]
    page.keyboard.press("g")
    page.wait_for_url("**/gallery?**")
    expect(page.locator(".tile.on")).to_be_visible()
    assert beat_of(page) == beats["at"][alone]


def test_a_lasso_holds_the_beats_inside_it(page: Page, mitdb_program: Program) -> None:
    open_gallery(page, mitdb_program, "208")
    beats = mitdb_program.api("/recordings/mitdb~208/queues").json()["beats"]
    low, high, under, over = 420.3, 560.7, 700.2, 900.4  # ms: between two samples
    corners = [place(page, "poincare", x, y) for x, y in ((low, under), (high, under), (high, over), (low, over))]
    page.keyboard.press("s")
    expect(page.locator("#lasso")).to_have_attribute("aria-pressed", "true")
    page.mouse.move(*corners[0])
    page.mouse.down()
    for corner in corners[1:]:
        page.mouse.move(*corner, steps=4)
    page.mouse.up()
    pairs = zip(beats["rr"], [*beats["rr"][1:], None], strict=True)
    inside = sum(a is not None and b is not None and low < a < high and under < b < over for a, b in pairs)
    assert inside > 50
    expect(page.locator("#bulk-count")).to_have_text(f"{inside:,} beats in the lasso")
    expect(page.locator("#lasso")).to_have_attribute("aria-pressed", "false")


def test_a_group_is_labelled_and_undone_as_one(page: Page, mitdb_program: Program) -> None:
    groups = open_gallery(page, mitdb_program, "231")
    index = next(i for i, group in enumerate(groups) if group["reference"] == "N")
    page.locator(".tile").nth(index).click()
    count = groups[index]["count"]
    page.keyboard.press("r")
    expect(page.locator("#bulk-label")).to_contain_text(f"Label {count} beats as R")

    def labelled() -> dict[str, int]:
        found = mitdb_program.api("/readings?recording=mitdb~231").json()["readings"]
        labels = [entry["label"] for entry in found if entry["label"]]
        return {label: labels.count(label) for label in labels}

    def settle(wanted: dict[str, int]) -> None:
        until(lambda: page.title() and labelled() == wanted)

    page.keyboard.press("Control+Enter")
    page.get_by_role("dialog").get_by_role("button").last.click()  # more than 200 are asked for
    settle({"R": count})
    page.locator('[data-by="reader"]').click()
    expect(page.locator(".tile")).to_have_count(1)
    expect(page.locator(".tile")).to_contain_text("Read as RBBB")
    page.keyboard.press("Control+z")
    settle({})
    expect(page.get_by_text("No beat of this recording has been read yet")).to_be_visible()


def cards(page: Page) -> Locator:
    return page.locator(".queue-card")


def test_a_recording_without_a_reference_opens_the_first_queue_with_beats(page: Page, program: Program) -> None:
    beat = program.api("/recordings/demo~208-excerpt/queues").json()["beats"]["at"][60]
    page.goto(f"{program.address}/review?record=demo~208-excerpt&at={beat}{INSTANT}")
    expect(page.locator("#queue-tabs .on")).to_contain_text("Uncertain")
    page.locator("[data-queue=disagreements]").click()
    words = page.locator(".queue-empty")
    expect(words).to_have_text("No reference to disagree with: the beats come from a detector.")
    box = words.bounding_box()
    assert box is not None
    assert box["width"] > 300  # on one line


@pytest.mark.data
def test_the_queue_holds_the_disagreements_and_steps_through_them(page: Page, mitdb_program: Program) -> None:
    answer = mitdb_program.api("/recordings/mitdb~208/queues").json()
    held = next(queue["at"] for queue in answer["queues"] if queue["name"] == "disagreements")
    page.goto(f"{mitdb_program.address}/review?record=mitdb~208&at={held[5]}{INSTANT}")
    expect(page.locator("[data-queue=disagreements]")).to_have_text(f"Disagreements {len(held):,}")
    expect(page.locator("#queue-position")).to_have_text(f"6 of {len(held):,}")
    expect(page.locator(".queue-card.on")).to_have_attribute("data-beat", str(held[5]))
    expect(page.locator(".queue-card.on path")).to_have_attribute("d", re.compile("^M.*L"))
    page.keyboard.press(".")
    page.wait_for_url(f"**&at={held[6]}**")
    expect(page.locator(".queue-card.on")).to_have_attribute("data-beat", str(held[6]))
    page.keyboard.press(",")
    page.wait_for_url(f"**&at={held[5]}**")

    margins = dict(zip(answer["beats"]["at"], answer["beats"]["margin"], strict=True))
    page.locator("#queue-order").select_option("margin")
    page.evaluate("document.getElementById('queue-cards').scrollLeft = 0")
    least = min(held, key=lambda sample: (margins[sample], sample))
    expect(cards(page).first).to_have_attribute("data-beat", str(least))
    cards(page).first.click()
    page.wait_for_url(f"**&at={least}**")

    said = mitdb_program.api("/readings?recording=mitdb~208").json()["readings"]
    left = len(margins) - sum(bool(entry["label"]) for entry in said)
    page.keyboard.press("x")
    expect(page.locator(".queue-card.on .icon-check")).to_be_visible()
    expect(page.locator("[data-queue=unlabelled]")).to_have_text(f"Unlabelled {left - 1:,}")
    page.keyboard.press("Control+z")
    expect(page.locator("[data-queue=unlabelled]")).to_have_text(f"Unlabelled {left:,}")
    expect(page.locator("#saved")).to_have_text("All changes saved")

    page.locator("[data-queue=all]").click()
    expect(page.locator("#queue-position")).to_contain_text(f"of {len(margins):,}")
    assert cards(page).count() < 20


def test_a_group_from_the_gallery_is_a_queue_on_the_desk(page: Page, mitdb_program: Program) -> None:
    groups = open_gallery(page, mitdb_program, "106")
    page.locator(".tile").nth(1).click()
    page.keyboard.press("Enter")
    page.wait_for_url("**/review?**")
    assert beat_of(page) == groups[1]["at"][0]
    expect(page.locator("[data-queue=group]")).to_have_text(re.compile(rf"output .* {groups[1]['count']}$"))
    expect(page.locator("#queue-position")).to_have_text(f"1 of {groups[1]['count']}")


def in_sight(page: Page) -> bool:
    """Whether the chosen tile lies whole in the area of the tiles."""
    script = """() => {
        const area = document.getElementById('gallery-tiles').getBoundingClientRect();
        const tile = document.querySelector('.tile.on').getBoundingClientRect();
        return tile.top >= area.top - 1 && tile.bottom <= area.bottom + 1;
    }"""
    return bool(page.evaluate(script))


def test_the_group_that_a_label_would_change_is_in_sight(page: Page, mitdb_program: Program) -> None:
    groups = open_gallery(page, mitdb_program, "208")
    assert len(groups) > 6
    more = page.locator("#gallery-more")
    expect(more).to_have_text(re.compile(r"^\d+ more groups? below$"))
    for _ in range(len(groups) - 1):
        page.keyboard.press("ArrowRight")
    assert in_sight(page)
    expect(more).to_have_text(re.compile("above$"))
    page.locator('[data-by="shape"]').click()
    expect(page.locator(".tile.on .tile-head")).to_contain_text("Shape")
    assert in_sight(page)
    expect(page.locator("#bulk-label")).to_be_disabled()  # of mixed beats nobody says what they are
    expect(page.locator("#bulk-chips [aria-pressed=true]")).to_have_count(0)


def test_many_beats_are_labelled_only_when_that_was_asked(page: Page, mitdb_program: Program) -> None:
    groups = open_gallery(page, mitdb_program, "208")
    count = groups[0]["count"]
    assert count > 200

    def labelled() -> int:
        found = mitdb_program.api("/readings?recording=mitdb~208").json()["readings"]
        return sum(entry["label"] == "F" for entry in found)

    before = labelled()
    page.keyboard.press("f")
    page.keyboard.press("Control+Enter")
    asked = page.get_by_role("dialog")
    expect(asked).to_contain_text(f"Label {count:,} beats as")
    page.keyboard.press("Escape")
    expect(asked).to_have_count(0)
    expect(page.locator("#saved")).to_have_text("All changes saved")
    assert labelled() == before
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("labelled F")
    expect(page.locator("#saved")).to_have_text("All changes saved")
    assert labelled() == before + count
    page.locator("#said button").click()
    expect(page.locator("#said")).to_contain_text("Undone")
    expect(page.locator("#saved")).to_have_text("All changes saved")
    assert labelled() == before
