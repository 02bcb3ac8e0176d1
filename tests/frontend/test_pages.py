"""Pages and panels register themselves: those of the product, and those of other packages."""

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import httpx
import pytest
from stub_page import layout as stub_layout

import frontend
from frontend import discovery
from frontend.api import Api
from frontend.app import create_ui, page, page_data
from frontend.figures.tracks import kind
from frontend.page import Page, at, exported, tabs
from frontend.pages import pages
from frontend.pages.desk.page import panels as desk_panels
from frontend.pages.worklist.columns import columns
from frontend.panel import Panel, frozen, laid_out, on_paper, updating

FOLDER = Path(frontend.__file__).parent
SCRIPTS = [file for file in (FOLDER / "assets").rglob("*.js") if "plotly" not in file.name]


@pytest.fixture
def with_stub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sequence[Page]:
    """All pages, where a package with one of its own is installed."""
    entries(tmp_path, "[beatlens.pages]\nstub = stub_page:PAGE\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    return pages()


def entries(folder: Path, text: str) -> None:
    made = folder / "stub-1.0.dist-info"
    made.mkdir()
    (made / "METADATA").write_text("Metadata-Version: 2.1\nName: stub\nVersion: 1.0\n")
    (made / "entry_points.txt").write_text(text)


def test_every_folder_of_pages_has_its_page() -> None:
    folders = {file.parent.name for file in (FOLDER / "pages").glob("*/__init__.py")}
    assert folders == {page.name for page in pages()}


def test_a_page_from_outside_has_a_tab_a_path_and_keys(with_stub: Sequence[Page], api: Api) -> None:
    assert tabs(with_stub)[-1].title == "Stub"
    assert "Hello from outside" in str(page(api, with_stub, "/stub"))
    told = exported(with_stub, api, {})
    stub = next(one for one in told["pages"] if one["name"] == "stub")
    assert (stub["path"], stub["tab"], stub["early"]) == ("/stub", "tab-stub", ["stub"])
    assert "hour" in told["keys"]


@pytest.mark.usefixtures("with_stub")
def test_a_page_from_outside_is_in_the_frame_and_its_panels_answer() -> None:
    client = create_ui("http://127.0.0.1:9").server.test_client()
    assert '"path": "/stub"' in client.get("/").get_data(as_text=True)
    answer = client.get("/_view?page=stub&record=test~1&at=3")
    assert answer.status_code == 200  # its line says that the service is away


BROKEN = {
    "cannot be imported": ("[beatlens.pages]\nbroken = bad:PAGE\n", "import nowhere"),
    "is no page": ("[beatlens.pages]\nbroken = stub_page:PANEL\n", ""),
    "has a path that is taken": ("[beatlens.pages]\nbroken = bad:PAGE\n", "PAGE = replace(PAGE, path='/review')"),
    "has a name that is taken": ("[beatlens.pages]\nbroken = bad:PAGE\n", "PAGE = replace(PAGE, name='desk')"),
    "fails as it registers": ("[beatlens.pages]\nbroken = bad:PAGE\n", "PAGE = replace(PAGE, register=fail)"),
    "fails as its panels are asked for": ("[beatlens.pages]\nbroken = bad:PAGE\n", "PAGE = replace(PAGE, panels=fail)"),
    "has a panel that cannot be laid out": (
        "[beatlens.panels]\nbroken = bad:PANEL\n",
        "PANEL = replace(PANEL, layout=fail)",
    ),
    "has a panel that fails as it registers": (
        "[beatlens.panels]\nbroken = bad:PANEL\n",
        "PANEL = replace(PANEL, register=fail)",
    ),
    "has a panel of the rhythm page that fails as it registers": (
        "[beatlens.rhythm_panels]\nbroken = bad:PANEL\n",
        "PANEL = replace(PANEL, register=fail)",
    ),
    "has a column that is none": ("[beatlens.columns]\nbroken = stub_page:PAGE\n", ""),
    "has a way of drawing that is none": ("[beatlens.track_figures]\nbroken = stub_page:PAGE\n", ""),
}
BAD = """
from dataclasses import replace
from stub_page import PAGE, PANEL

def fail(*_):
    raise RuntimeError("the plug-in is broken")

"""


@pytest.mark.parametrize(("points", "lines"), BROKEN.values(), ids=BROKEN)
def test_a_plug_in_that_is_broken_is_left_out_and_named(
    points: str, lines: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, api: Api
) -> None:
    monkeypatch.setattr(discovery, "_left_out", {})
    entries(tmp_path, points)
    (tmp_path / "bad.py").write_text(BAD + lines)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "bad", raising=False)
    client = create_ui("http://127.0.0.1:9", transport=away()).server.test_client()
    known = pages()
    for path in ("/", "/review", "/compare", "/gallery"):
        shown = at(known, path)
        assert shown
        assert shown[0].name in ("worklist", "desk", "compare", "gallery")
        assert page(api, known, path) is not None
    kind.kinds.__wrapped__()
    columns()
    page_data(known, api)
    [found] = discovery.left_out()
    assert found.name.startswith("broken (")
    said = json.dumps(client.get("/_dash-layout").get_json())
    assert "A plug-in is left out." in said
    assert found.reason.split(": ")[0] in said


def away() -> httpx.MockTransport:
    return httpx.MockTransport(lambda _: httpx.Response(503, json={"detail": "away"}))


def test_what_fails_of_our_own_is_not_hushed_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "_left_out", {})
    with pytest.raises(ZeroDivisionError):
        discovery.guarded(object(), lambda: 1 // 0, 0)
    assert discovery.left_out() == []


@pytest.mark.usefixtures("with_stub")
def test_a_page_of_another_package_that_cannot_be_shown_says_so_in_its_place(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discovery, "_left_out", {})

    def fail(_: object) -> None:
        raise RuntimeError("no layout today")

    stub = next(one for one in pages() if one.name == "stub")
    object.__setattr__(stub, "layout", fail)
    try:
        assert "This page cannot be shown" in str(page(api, pages(), "/stub"))
    finally:
        object.__setattr__(stub, "layout", stub_layout)
    assert [one.reason for one in discovery.left_out()] == ["RuntimeError: no layout today"]


def test_a_path_finds_its_page() -> None:
    known = pages()
    found = {path: at(known, path) for path in ("/", "/review", "/review/", "/s/abc", "/s", "/nowhere")}
    names = {path: (one[0].name, one[1]) if one else None for path, one in found.items()}
    assert names == {
        "/": ("worklist", ""),
        "/review": ("desk", ""),
        "/review/": ("desk", ""),
        "/s/abc": ("link", "abc"),
        "/s": None,
        "/nowhere": None,
    }


def test_no_script_names_the_path_of_a_page() -> None:
    paths = [re.escape(page.path) for page in pages() if len(page.path) > 2]
    named = re.compile(rf"[\"'`]({'|'.join(paths)})[\"'`?]")
    sent = re.compile(r"(api|post|ask)\(")  # the API's own paths are named alike
    for file in SCRIPTS:
        lines = [line for line in file.read_text().splitlines() if named.search(line) and not sent.search(line)]
        assert [line for line in lines if "path !==" not in line] == [], file.name


def test_no_method_is_named_in_the_frontend(api: Api) -> None:
    names = [entry["method"] for entry in api.explainers()]
    code = [*SCRIPTS, *FOLDER.rglob("*.py")]
    for file in code:
        text = re.sub(r'"""(?:.|\n)*?"""|#.*|/\*(?:.|\n)*?\*/', "", file.read_text())
        assert not [name for name in names if re.search(rf"[\"']{name}\b", text)], file.name


def test_the_scripts_are_told_of_the_pages_even_where_the_service_is_away() -> None:
    text = page_data(pages(), Api("http://127.0.0.1:9"))
    told = json.loads(text[text.index(">") + 1 : text.rindex("<")])
    assert {page["name"] for page in told["pages"]} >= {"desk", "gallery"}
    assert told["defaults"] == {"by": "reference_and_model"}


def test_the_methods_that_stand_beside_each_other_come_from_the_service(api: Api) -> None:
    text = page_data(pages(), api)
    assert '"a": "learned_mask", "b": "occlusion"' in text


def test_a_panel_stands_in_the_panel_that_holds_it() -> None:
    outer = Panel("outer", layout=lambda *inside: ["outer", *inside])
    inner = [Panel(name, place="outer", order=i, layout=lambda name=name: name) for i, name in ((2, "b"), (1, "a"))]
    assert laid_out([*inner, outer], "main") == [["outer", "a", "b"]]


def test_panels_of_the_desk_are_named_by_their_files_and_their_scripts_exist() -> None:
    known = desk_panels()
    assert len({panel.name for panel in known}) == len(known)
    scripts = [FOLDER / "assets" / panel.script for panel in known if panel.script]
    assert [file for file in scripts if not file.is_file()] == []
    assert {panel.place for panel in known} <= {"main", "side"} | {panel.name for panel in known}
    assert updating(known)[0].name == "output"


def test_what_a_link_shows_comes_from_its_panels() -> None:
    document = {"strip": 1, "prediction": 1, "beat": 1, "model": 1, "explanations": []}
    drawn = frozen(desk_panels(), document)
    assert [panel.name for panel in drawn] == ["rhythm", "output", "maps", "trust"]
    assert all(callable(on_paper(panel)) for panel in drawn)
    assert "maps" not in [panel.name for panel in frozen(desk_panels(), {"strip": 1})]
