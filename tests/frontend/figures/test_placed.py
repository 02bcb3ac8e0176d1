"""Where a network's steps lie is told by its method, and drawn there: centres of tracks, hatching over ends of maps."""

from typing import Any

import numpy as np
import pytest

from frontend import format
from frontend.explanations import Size, beside, drawn
from frontend.figures import beat, tracks
from frontend.figures.tracks import MOST
from frontend.maps.tracks import below

SAMPLES, FS, FIRST, STRIDE, STEPS = 1200, 100.0, 31.5, 16.0, 72
WINDOW = {
    "samples": SAMPLES,
    "fs": FS,
    "before": 0,
    "millivolts": [np.sin(np.arange(SAMPLES) / 9).tolist()],
    "units": ["mV"],
}
BEAT: dict[str, Any] = {
    "window": WINDOW,
    "context": {"time": [], "value": []},
    "classes": [{"symbol": "N", "name": "Normal"}],
    "channels": ["II"],
    "kind": "whole",
    "time": 0.0,
    "r": 0,
    "at": 0,
    **dict.fromkeys(("rr_before", "rr_after", "rr_note_before", "rr_note_after")),
}


def track(role: str, name: str, dims: list[str], values: Any, unit: str = "") -> dict[str, Any]:
    return {"role": role, "name": name, "dims": dims, "values": values, "unit": unit, "full": None, "labels": {}}


def holding(*found: dict[str, Any], relevance: Any = None) -> dict[str, Any]:
    scale = {"unit": "logit", "full": 1.0, "maximum": 0.8, "nothing_found": False} if relevance else None
    return {"title": "A map", "relevance": relevance, "scale": scale, "signed": True, "tracks": list(found)}


def rows(*found: dict[str, Any]) -> list[tracks.Row]:
    return beside(BEAT, FS, holding(*found), "light", SIZE)


SIZE = Size(386.0)
CENTRES = track("signal", "step centres", ["step"], [FIRST + STRIDE * i for i in range(STEPS)], "samples")


@pytest.mark.parametrize("dims", [["step"], ["time"]])
def test_a_line_of_steps_stands_at_their_centres(dims: list[str]) -> None:
    [row] = rows(track("attention", "gate", dims, np.linspace(0, 1, STEPS).tolist()), CENTRES)
    assert row.figure
    [line] = [one for one in row.figure["data"] if one.get("mode") == "lines"]
    assert line["x"] == pytest.approx([(FIRST + STRIDE * i) * 1000 / FS for i in range(STEPS)], abs=0.01)


def test_cells_of_steps_are_centred_on_what_they_see() -> None:
    [row] = rows(track("state", "cell", ["unit", "step"], np.zeros((4, STEPS)).tolist()), CENTRES)
    assert row.figure
    [cells] = [one for one in row.figure["data"] if one["type"] == "heatmap"]
    assert cells["x0"] == pytest.approx((FIRST + 0.5) * 1000 / FS)
    assert cells["dx"] == pytest.approx(STRIDE * 1000 / FS)


def test_the_ends_on_which_no_step_is_centred_are_hatched_and_nothing_else() -> None:
    values, field = [np.cos(np.arange(SAMPLES) / 50).tolist()], 401
    sees = track("signal", "one step sees", [], field, "samples")
    with_it, words = drawn(BEAT, FS, holding(sees, relevance=values), "light", SIZE)
    without, _ = drawn(BEAT, FS, holding(relevance=values), "light", SIZE)
    plain = [str(one) for one in without["layout"]["shapes"]]
    new = [one for one in with_it["layout"]["shapes"] if str(one) not in plain]
    end, edge = SAMPLES * 1000 / FS, (field - 1) / 2 * 1000 / FS
    assert new
    assert "hatched 2 s" in words
    for line in new:
        low, high = sorted((line["x0"], line["x1"]))
        assert (low >= -0.01 and high <= edge + 0.01) or (end - edge - 0.01 <= low and high <= end + 0.01)


@pytest.mark.parametrize("wide", [0.4, 3.0, 20.0, 700.0])
def test_diagonals_stay_in_their_box(wide: float) -> None:
    for at, left, right in beat.diagonals(wide, 148.0):
        assert 0 <= left < right <= wide
        assert left - at >= -1e-9
        assert right - at <= 148 + 1e-9


@pytest.mark.parametrize(
    "value", [0.4, -0.4, 0.0032, -0.0032, 0.000047, -0.00099, 1234.0, -12_345.0, -1.6e7, 0.0, 120.0]
)
def test_an_end_of_a_scale_fits_left_of_its_axis_and_keeps_its_value(value: float) -> None:
    text = format.tight(value)
    assert len(text) <= 7
    assert float(text.replace("−", "-").replace(",", "")) == pytest.approx(value, rel=0.06)


def test_more_rows_than_are_in_sight_are_counted_and_unfolded() -> None:
    found = rows(*(track("state", f"number {i}", [], float(i)) for i in range(MOST + 5)))
    assert len(found) == MOST + 5
    shown = below(holding(), found).children
    assert len(shown) == MOST + 1
    assert str(shown[-1].children[0].children[0]) == "5 more "
    assert len(shown[-1].children) == 6
    assert below(holding(), found[:MOST]).children[-1] is None
