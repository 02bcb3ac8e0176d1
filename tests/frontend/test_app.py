"""The application: its pages, its shell and its promises."""

import re
from pathlib import Path

import pytest
from fake_answers import Recording

import frontend
from frontend.api import Api
from frontend.app import create_ui, page
from frontend.figures import overview
from frontend.pages import pages
from frontend.pages.compare import asking
from frontend.pages.compare import page as compare
from frontend.shell import frame
from frontend.view import View

FOLDER = Path(frontend.__file__).parent
OWN_SCRIPTS = [file for file in (FOLDER / "assets").rglob("*.js") if "plotly" not in file.name]


def test_the_page_carries_tokens_prefix_and_notice() -> None:
    ui = create_ui("http://127.0.0.1:9", prefix="/")
    html = ui.server.test_client().get("/").get_data(as_text=True)
    assert "--rel:#0F5FC2" in html
    assert 'name="beatlens-prefix" content="/"' in html
    assert "Research use only" in str(frame.layout(pages()))


def test_what_names_its_version_is_kept_by_the_browser_and_nothing_else_is() -> None:
    client = create_ui("http://127.0.0.1:9", prefix="/").server.test_client()
    named, nameless, missing = (
        client.get(path, buffered=True)
        for path in ("/assets/core/ask.js?m=1.5", "/assets/core/ask.js", "/assets/core/none.js?m=1.5")
    )
    assert "immutable" in named.headers["Cache-Control"]
    assert "immutable" not in nameless.headers.get("Cache-Control", "")
    assert missing.status_code == 404
    assert "immutable" not in missing.headers.get("Cache-Control", "")


def test_every_path_has_a_page(api: Api) -> None:
    for path, piece in {"/": "worklist", "/review": "strip", "/compare": "cell-occlusion"}.items():
        assert piece in str(page(api, pages(), path))
    assert "There is no such page" in str(page(api, pages(), "/nowhere"))


def test_nothing_comes_from_other_machines() -> None:
    for file in [*OWN_SCRIPTS, *(FOLDER / "assets").rglob("*.css"), *FOLDER.rglob("*.py")]:
        addresses = set(re.findall(r"https?://[\w.:/-]+", file.read_text()))
        assert addresses <= {"http://www.w3.org/2000/svg"}, file.name


@pytest.mark.parametrize("word", ["diagnosis", r"\bAI\b", "cause of"])
def test_words_that_are_not_used(word: str) -> None:
    for file in [*FOLDER.rglob("*.py"), *OWN_SCRIPTS]:
        assert not re.search(word, file.read_text()), file.name


def test_callbacks_are_spread_over_pages() -> None:
    for file in FOLDER.rglob("*.py"):
        assert file.read_text().count("@app.callback") <= 8, file.name


def test_compare_has_a_cell_for_every_method(api: Api) -> None:
    cells = [getattr(cell, "data-part") for group in compare.grid(api) for cell in group.children[1].children]
    assert sorted(cells) == sorted(f"cell-{entry['method']}" for entry in api.explainers())
    assert cells[0] == "cell-temporal_score"
    assert cells == [panel.name for panel in compare.panels(api) if panel.name.startswith("cell-")]


def test_compare_keeps_the_parameters_that_the_desk_gives_a_method(api: Api) -> None:
    view = View("test~1", 1037, a="learned_mask,steps=20")
    methods = {entry["method"]: entry for entry in api.explainers()}
    assert asking.method_of(api, view, methods["learned_mask"]) == "learned_mask,steps=20"
    assert asking.method_of(api, view, methods["input_derivative"]) == "input_derivative"
    asked = View("test~1", 1037, score="probability")
    scored = methods["occlusion"] | {"schema": {"properties": {"score": {}}}}
    assert asking.method_of(api, asked, scored) == "occlusion,score=probability"


def test_the_overview_bins_ten_thousand_beats_into_a_few_traces(recording: Recording) -> None:
    times = [i * 8.64 for i in range(10_000)]
    beats = {"time": times, "symbol": ["N", "V"] * 5000, "prediction": ["N"] * 10_000}
    drawn = overview.figure(overview.Overview(None, beats, 86_400.0, model=True))
    assert len(drawn["data"]) == 3  # N and V of the reference, N of the model
    assert all(len(trace["x"]) <= 315 for trace in drawn["data"])
