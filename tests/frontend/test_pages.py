"""Pages and panels register themselves: those of the product, and those of other packages."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

import frontend
from frontend.api import Api
from frontend.app import create_ui, page, told_to_scripts
from frontend.page import Page, at, exported, tabs
from frontend.pages import pages
from frontend.pages.desk.page import panels as desk_panels
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


def test_what_is_no_page_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entries(tmp_path, "[beatlens.pages]\nwrong = stub_page:PANEL\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(TypeError, match="stub_page:PANEL"):
        pages()


def test_two_pages_with_one_path_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entries(tmp_path, "[beatlens.pages]\none = stub_page:PAGE\ntwo = second_stub:PAGE\n")
    lines = ["from dataclasses import replace", "from stub_page import PAGE", "PAGE = replace(PAGE, name='second')"]
    (tmp_path / "second_stub.py").write_text("; ".join(lines))
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ValueError, match="/stub"):
        pages()


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
    text = told_to_scripts(pages(), Api("http://127.0.0.1:9"))
    told = json.loads(text[text.index(">") + 1 : text.rindex("<")])
    assert {page["name"] for page in told["pages"]} >= {"desk", "gallery"}
    assert told["defaults"] == {"by": "reference_and_model"}


def test_the_methods_that_stand_beside_each_other_come_from_the_service(api: Api) -> None:
    text = told_to_scripts(pages(), api)
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
