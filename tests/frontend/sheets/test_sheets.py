"""The sheet of a link on paper, and what other programs are told of it."""

import json
import re
import struct
import zlib
from collections import defaultdict
from typing import Any

import pytest
from flask.testing import FlaskClient

from frontend import app as application
from frontend.api import Api, windows
from frontend.figures import paper
from frontend.pages.desk.page import panels
from frontend.pages.link import page as link
from frontend.pages.links import page as links
from frontend.sheets import content, files
from frontend.sheets.page import Page
from frontend.sheets.plot import Plot
from frontend.shell import share
from frontend.tokens import CLASSES
from frontend.vocabulary import colour

MM = 96 / 25.4  # px


@pytest.fixture
def document(api: Api) -> dict[str, Any]:
    return windows.document(api.link(token(api)))


def token(api: Api, **options: Any) -> str:
    body = {"recording": "test~1", "at": 3564, "explainer": {"method": "input_derivative"}}
    done = [api.explain(body | {"explainer": {"method": m}})["id"] for m in ("input_derivative", "temporal_score")]
    asked = {"recording": "test~1", "at": 3564, "explanations": done, "title": "Odd", "note": "Look. " * 30} | options
    return str(api.create_link(asked)["token"])


def test_a_pdf_is_one_page_of_a4(document: dict[str, Any]) -> None:
    pdf = files.made(document, "pdf", panels())
    assert pdf.startswith(b"%PDF")
    assert len(re.findall(rb"/Type /Page\b", pdf)) == 1
    (box,) = re.findall(rb"/MediaBox \[ ?([\d. ]+) ?\]", pdf)
    assert [float(part) for part in box.split()] == pytest.approx([0, 0, 210 / 25.4 * 72, 297 / 25.4 * 72], abs=0.5)


def test_a_second_is_25_mm_and_a_millivolt_10_mm_on_it(document: dict[str, Any]) -> None:
    from frontend.figures import strip

    shown = content.strip_of(document)
    frame = Plot(Page(794, 1123), strip.figure(shown), 57, 100).frame("x", "y")
    assert frame.across(5.0) - frame.across(4.0) == pytest.approx(25 * MM, rel=1e-3)
    assert frame.along(0.0) - frame.along(1.0) == pytest.approx(10 * MM, rel=1e-3)


def test_a_png_says_how_large_it_is_and_an_svg_is_in_points(document: dict[str, Any]) -> None:
    png = files.made(document, "png", panels())
    at = png.index(b"pHYs") + 4
    per_metre, _, unit = struct.unpack(">IIB", png[at : at + 9])
    width = struct.unpack(">I", png[16:20])[0]
    assert (unit, width / per_metre) == (1, pytest.approx(0.210, abs=0.0005))
    svg = files.made(document, "svg", panels()).decode()
    assert re.search(r'width="595\.5pt" height="842\.25pt"', svg)
    assert "<script" not in svg


@pytest.mark.parametrize("form", ["pdf", "svg", "json"])
def test_the_same_link_gives_the_same_file(document: dict[str, Any], form: str) -> None:
    assert files.made(document, form, panels()) == files.made(document, form, panels())


def test_the_json_is_what_was_frozen(document: dict[str, Any]) -> None:
    frozen = json.loads(files.made(document, "json", panels()))
    assert frozen["record"] == document["record"]
    assert not set(files.TODAY) & set(frozen)


def test_words_that_the_sheet_must_say(document: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    from frontend.sheets.sheet import sheet

    said: list[str] = []
    monkeypatch.setattr(Page, "text", lambda self, x, y, words, *rest, **more: said.append(words))
    sheet(document, panels())
    text = " ".join(said)
    for words in (
        "Research use only",
        "Not for clinical decisions",
        "Odd",
        "Look.",
        "Input derivative",
        "beatlens 0.1.0",
    ):
        assert words in text
    assert "25 mm/s · 10 mm/mV" in text
    assert "69 y" not in text


def test_a_class_has_the_same_colour_wherever_it_stands(
    document: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reference's letter is drawn in the colour of its class, as in the rows above the strip."""
    from frontend.sheets.sheet import sheet

    chips: list[tuple[str, str]] = []

    def chip(self: Page, x: float, y: float, symbol: str, size: float = 16, name: str | None = None) -> None:
        chips.append((symbol, colour(symbol, "light", name)))

    monkeypatch.setattr(Page, "chip", chip)
    for symbol, name in (("V", "Ventricular premature"), ("N", "Normal"), ("V", None)):
        document["beat"] |= {"symbol": symbol, "name": name}
        chips.clear()
        sheet(document, panels())
        assert (symbol, CLASSES[symbol].light) in chips[-1:]


def test_nothing_is_drawn_beyond_the_page(document: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Also with a note that is far too long, and many maps."""
    from frontend.sheets.page import width
    from frontend.sheets.sheet import sheet

    ends: dict[Page, list[tuple[float, float]]] = defaultdict(list)

    def text(self: Page, x: float, y: float, words: str, ink: str = "", size: float = 12, weight: float = 400,
             across: str = "left", *rest: Any, **more: Any) -> None:  # fmt: skip
        wide = width(words, size, weight)
        ends[self].append((x + {"left": wide, "center": wide / 2, "right": 0}[across], y))

    monkeypatch.setattr(Page, "text", text)
    many = document | {"note": "word " * 900, "explanations": document["explanations"] * 4}
    for each in (document, many):
        page = sheet(each, panels())
        assert max(x for x, _ in ends[page]) <= 794 - 40
        assert max(y for _, y in ends[page]) <= 1123 - 15


def test_a_map_in_which_nothing_was_found_is_drawn_empty(document: dict[str, Any]) -> None:
    first = document["explanations"][0]
    first = first | {"scale": first["scale"] | {"nothing_found": True}}
    empty = document | {"explanations": [first]}
    assert files.made(empty, "pdf", panels()).startswith(b"%PDF")
    assert "nothing found" in str(link.sheet(empty))


def test_every_parameter_is_on_the_sheet(document: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    from frontend.sheets.sheet import sheet

    said: list[str] = []
    monkeypatch.setattr(Page, "text", lambda self, x, y, words, *rest, **more: said.append(words))
    first = document["explanations"][0]
    many = {f"parameter_{i}": 0.125 + i for i in range(20)}
    sheet(document | {"explanations": [first | {"parameters": {"method": first["method"], **many}}] * 3}, panels())
    text = " ".join(said)
    assert all(f"parameter {i} {0.125 + i}" in text for i in range(20))


def test_pages_of_links_are_announced_without_anything_of_the_patient(api: Api, client: FlaskClient) -> None:
    made = token(api, patient=True)
    html = client.get(f"/s/{made}").get_data(as_text=True)
    head = html[: html.index("</head>")]
    assert f'property="og:image" content="http://localhost/s/{made}/preview.png"' in head
    assert 'content="noindex, nofollow"' in head
    told = "".join(re.findall(r"<(?:meta|title)[^>]*>[^<]*", head)).replace(made, "")
    assert not [words for words in ("Odd", "Look", "69", "test~1") if words in told]
    assert "og:image" not in client.get("/review").get_data(as_text=True)


def test_the_preview_shows_a_beat_and_bears_no_words_of_the_document(api: Api, client: FlaskClient) -> None:
    picture = client.get(f"/s/{token(api)}/preview.png")
    assert (picture.status_code, picture.mimetype) == (200, "image/png")
    assert struct.unpack(">II", picture.data[16:24]) == (1200, 630)
    chunks = re.findall(rb"tEXt([^\x00]+)\x00([^\x00]*?)(?=.{4}\x00\x00)", picture.data, re.DOTALL)
    assert {name for name, _ in chunks} <= {b"Software"}
    closed = client.get(f"/s/{token(api, needs_sign_in=True)}/preview.png")
    assert zlib.crc32(closed.data) != zlib.crc32(picture.data)
    assert len(closed.data) < len(picture.data)


def test_downloads_and_their_refusals(api: Api, client: FlaskClient) -> None:
    made = token(api)
    got = client.get(f"/s/{made}/sheet.json")
    assert got.headers["Content-Disposition"].startswith('attachment; filename="beatlens-')
    assert made not in got.headers["Content-Disposition"]
    assert "no-store" in got.headers["Cache-Control"]
    assert client.get(f"/s/{made}/sheet.exe").status_code == 404
    assert client.get(f"/s/{'x' * 30}/sheet.pdf").status_code == 404


def test_the_page_shows_waves_judgement_and_reading(document: dict[str, Any]) -> None:
    shown = str(link.sheet(document))
    for words in ("Can the maps be trusted?", "Label of whoever shared it", "readings to revision 7"):
        assert words in shown
    assert "69 y · M" in content.subject(document | {"patient": {"age": 69, "sex": "M"}})


def test_why_a_link_is_not_shown() -> None:
    from frontend.api import ApiError

    gone = str(link.refused(ApiError("It was withdrawn on 2026-01-01", status=410), "t"))
    assert "can no longer be read" in gone
    assert "2026-01-01" in gone
    assert "/sign-in?then=/s/t" in str(link.refused(ApiError("", status=401), "t"))


def test_the_dialog_offers_only_what_applies(api: Api) -> None:
    is_open, title, _, no_accounts, _, no_patient, label, _ = share.dialog_content(
        api, {"record": "test~1", "at": 3564}
    )
    assert is_open
    assert title.startswith("Record")
    assert no_accounts
    assert no_patient == (not share.patient(api, {"record": "test~1"}))
    assert label.startswith("Show the patient's facts")


def test_the_list_says_what_became_of_a_link() -> None:
    row = {
        "id": 1, "number": "ab12cd34", "title": "Odd", "recording": "test~1", "at": 360, "time": 3.828, "state": "open",
        "created": "2026-11-21T03:22:00Z", "expires": None, "revoked": None, "needs_sign_in": True,
        "views": 1234, "seen": "2026-11-21T03:30:00Z",
    }  # fmt: skip
    shown = str(links.row(row))
    assert "1,234" in shown
    assert "Withdraw" in shown
    ended = row | {"state": "withdrawn", "revoked": "2026-11-22T03:22:00Z"}
    assert links.ends(ended) == "withdrawn 2026-11-22 03:22 UTC"
    assert "Restore" in str(links.end(ended))
    assert links.end(row | {"state": "ended", "expires": "2026-11-22T03:22:00Z"}) is None


def test_dollar_signs_are_no_mathematics() -> None:
    page = Page(100, 100)
    page.text(10, 50, "$\\frac{1}{2}$ of $5")
    assert page.saved("pdf", {}).startswith(b"%PDF")


def test_a_grid_given_by_steps_has_its_lines() -> None:
    from frontend.sheets.plot import marks

    assert marks(paper.boxes("light", 0.2, 0.0), (0.1, 0.9)) == pytest.approx([0.2, 0.4, 0.6, 0.8])


@pytest.fixture
def client(api: Api, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """The pages of the fake service."""
    monkeypatch.setattr(application, "Api", lambda *_: api)
    return application.create_ui("http://service").server.test_client()


def with_track(document: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The document, its first map with a hidden state beside it."""
    values = [[(unit - 2) * step / 432 for step in range(216)] for unit in range(5)]
    state = {"role": "state", "name": "hidden state", "dims": ["unit", "time"], "values": values, "unit": "h"}
    first = document["explanations"][0] | {"tracks": [state | {"full": 1.0, "labels": {}}]}
    return document | {"explanations": [first, *document["explanations"][1:]]} | more


def test_a_track_is_drawn_below_its_map_on_the_maps_axis(
    document: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from frontend.sheets.sheet import sheet

    cells: list[tuple[Any, int, int]] = []
    monkeypatch.setattr(
        Page, "cells", lambda self, box, colours, clip=None: cells.append((box, len(colours), len(colours[0])))
    )
    said: list[str] = []
    monkeypatch.setattr(Page, "text", lambda self, x, y, words, *rest, **more: said.append(words))
    sheet(with_track(document, note=""), panels())
    [map_] = [box for box, rows, _ in cells if rows == 1]
    [(state, rows, columns)] = [one for one in cells if one[1] > 1]
    assert (rows, columns) == (5, 216)
    assert (state[0], state[2]) == (
        pytest.approx(map_[0]),
        pytest.approx(map_[2]),
    )  # from the window's start to its end
    assert state[1] > map_[1]
    assert "h, ±1" in said


@pytest.mark.parametrize("words", [0, 40, 80, 120, 160, 200, 240])
def test_tracks_never_make_a_map_lower_than_it_would_be_in_a_cramped_sheet_without_them(
    document: dict[str, Any], monkeypatch: pytest.MonkeyPatch, words: int
) -> None:
    from frontend.sheets import sheet as sheets

    rooms: list[Any] = []
    fill = sheets._filled
    monkeypatch.setattr(sheets, "_filled", lambda *given: (rooms.append(given[2]), fill(*given))[1])

    def paper(shown: dict[str, Any]) -> float:
        sheets.sheet(shown, panels())
        return float(rooms[-1].paper)

    note = {"note": "word " * words, "explanations": document["explanations"] * 2}
    without = {"explanations": [one | {"tracks": []} for one in note["explanations"]]}
    assert paper(with_track(document | note)) >= min(paper(document | note | without), sheets.CRAMPED)


def test_a_track_without_room_is_named_with_what_it_says(
    document: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from frontend.sheets.sheet import sheet

    said: list[str] = []
    monkeypatch.setattr(Page, "text", lambda self, x, y, words, *rest, **more: said.append(words))
    full = with_track(document, note="word " * 400)
    sheet(full | {"explanations": full["explanations"] * 3}, panels())
    assert "hidden state" in said
    assert any(words.startswith("h, ±1: largest") for words in said)
