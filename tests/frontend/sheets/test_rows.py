"""A frozen window of rhythm in rows: all of its seconds, once, at a scale that is said."""

import math
from typing import Any

import pytest

from frontend.figures import paper
from frontend.sheets import content, rows
from frontend.sheets.page import Page
from frontend.sheets.plot import Plot

FS, SECONDS = 100, 30


def mark(start: int, end: int, label: str) -> dict[str, Any]:
    places = {"start": start * FS, "end": end * FS, "time": float(start), "end_time": float(end)}
    return places | {"label": label, "name": label, "vocabulary": "rhythm"}


def document(**fields: Any) -> dict[str, Any]:
    count = FS * (SECONDS + 2)
    beats = [{"time": 100.0 + 0.8 * k, "symbol": "N", "rr": 800.0} for k in range(37)]
    explanation = {
        "relevance": [[float(i) for i in range(3000)]], "tracks": [], "signed": True,
        "scale": {"full": 3000.0, "nothing_found": False},
    }  # fmt: skip
    known = {
        "record": {"fs": FS, "start": 100 * FS, "end": (100 + SECONDS) * FS, "lead": "II", "name": "one"},
        "strip": {
            "time": [round(99 + i / FS, 5) for i in range(count)],
            "value": [math.sin(i / 30) for i in range(count)],
        },
        "beat": {
            "kind": "span", "window": {}, "start": 100 * FS, "end": (100 + SECONDS) * FS,
            "classes": [{"symbol": "N", "name": "Normal rhythm"}, {"symbol": "A", "name": "Atrial fibrillation"}],
        },
        "prediction": {"symbol": "A"},
        "explanations": [explanation],
        "rhythm": {
            "beats": beats,
            "marks": [mark(0, 109, "N"), mark(109, 200, "AFIB")],
        },
    }  # fmt: skip
    return known | fields


@pytest.mark.parametrize("speed", [paper.SPEED, paper.SPEED / 2])
def test_the_rows_hold_each_second_once(speed: float) -> None:
    found = rows.rows(document(), speed)
    edges = [(one.start, one.end) for one in found]
    assert (edges[0][0], edges[-1][1]) == (100.0, 130.0)
    assert [z for _, z in edges[:-1]] == pytest.approx([a for a, _ in edges[1:]])
    assert sum(len(one.beats) for one in found) == 37
    for one in found:
        assert one.signal[0] == pytest.approx(math.sin((round((one.start - 99) * FS)) / 30), abs=0.04)


def test_a_sheet_that_is_full_takes_the_slower_preset_and_says_so() -> None:
    assert (rows.speed(None), rows.speed(148.0), rows.speed(60.0)) == (25.0, 25.0, 12.5)
    assert rows.words(document(), 12.5).startswith("12.5 mm/s · 10 mm/mV")


def test_the_reference_is_told_in_shares_and_where_it_changes() -> None:
    assert content.no_reference(document()["beat"], document()["rhythm"]) == "N 30%, AFIB 70%"
    said = [words for one in rows.rows(document()) for _, words in one.rhythms]
    assert said == ["reference N", "reference AFIB"]


def test_rows_are_drawn_on_paper() -> None:
    page = Page(794, 400)
    Plot(page, rows.figures(document())[0], 57, 20).draw()
    assert len(page.saved("png", {})) > 10_000


def test_a_beats_document_has_no_rows() -> None:
    assert not rows.has_rows(document(rhythm=None))
    assert not rows.has_rows({})
