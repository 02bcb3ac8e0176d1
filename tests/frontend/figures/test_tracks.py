"""Tracks of every role: on the picture's own time axis, at a fixed scale, values as they are."""

from typing import Any

import numpy as np
import pytest

from frontend.figures import beat
from frontend.figures.tracks import Frame, Row, row, rows, scale, unfolded
from frontend.tracks import Track, beside

SAMPLES, FS, BEFORE = 216, 360.0, 72
CLASSES = [{"symbol": "N", "name": "Normal"}, {"symbol": "V", "name": "Ventricular premature"}]
WAVE = np.sin(np.arange(SAMPLES) / 9)


def window(**more: Any) -> dict[str, Any]:
    plain = {"samples": SAMPLES, "fs": FS, "before": BEFORE, "millivolts": [WAVE.tolist()], "units": ["mV"]}
    return plain | {"input": [(3 * WAVE).tolist()]} | more


def shown(**more: Any) -> beat.Beat:
    return beat.Beat(window(**more), {"time": [], "value": []})


def frame(**more: Any) -> Frame:
    return Frame(window(), shown().span, 386.0, classes=CLASSES, channels=("MLII",), **more)


def track(role: str, dims: tuple[str, ...], values: Any, **more: Any) -> Track:
    return Track(role, f"a {role}", dims, np.asarray(values).tolist(), **more)


def figure_of(found: Row) -> dict[str, Any]:
    assert found.figure is not None
    return found.figure


def lines(found: Row) -> list[dict[str, Any]]:
    return [trace for trace in figure_of(found)["data"] if trace.get("mode") == "lines"]


def heat(found: Row) -> dict[str, Any]:
    [cells] = [trace for trace in figure_of(found)["data"] if trace.get("type") == "heatmap"]
    return cells


OVER_TIME = [
    ("probability", ("time",), WAVE),
    ("attention", ("unit", "time"), np.abs(np.outer(np.arange(4), WAVE))),
    ("state", ("time", "unit"), np.outer(WAVE, np.arange(6))),
    ("displacement", ("channel", "time"), 5 * WAVE[None]),
    ("signal", ("channel", "time"), WAVE[None] + 0.1),
    ("relevance", ("class", "channel", "time"), np.stack([WAVE, -WAVE])[:, None]),
]


@pytest.mark.parametrize(("role", "dims", "values"), OVER_TIME, ids=[role for role, *_ in OVER_TIME])
def test_what_runs_over_time_lies_below_the_picture_on_its_axis(
    role: str, dims: tuple[str, ...], values: np.ndarray
) -> None:
    [part] = beside(holding(track(role, dims, values)))
    drawn = figure_of(row(part, frame()))["layout"]
    above = beat.figure(shown())["layout"]
    assert drawn["width"] == above["width"]
    assert drawn["xaxis"]["range"] == above["xaxis"]["range"]
    assert drawn["xaxis"]["domain"] == above["xaxis"]["domain"]
    edges = [shape["x0"] for shape in drawn["shapes"]]
    dashed = [shape["x0"] for shape in above["shapes"] if shape.get("line", {}).get("dash")]
    assert edges == pytest.approx(dashed, abs=0.01)


def holding(*found: Track) -> dict[str, Any]:
    """An explanation without a map."""
    return {"relevance": None, "tracks": [as_json(one) for one in found]}


def as_json(one: Track) -> dict[str, Any]:
    named = {"role": one.role, "name": one.name, "dims": list(one.dims), "values": one.values}
    return named | {"unit": one.unit, "full": one.full, "labels": one.labels}


def test_a_probability_stands_after_its_sample_in_its_classs_colour() -> None:
    values = np.stack([np.linspace(0, 1, SAMPLES), np.linspace(1, 0, SAMPLES)], axis=1)
    two = lines(row(track("probability", ("time", "class"), values, labels={"class": ["N", "V"]}), frame()))
    assert [line["y"] for line in two] == [values[:, 0].tolist(), values[:, 1].tolist()]
    assert two[0]["x"][BEFORE - 1] == pytest.approx(0)
    assert two[0]["line"]["color"] != two[1]["line"]["color"]


def test_attention_keeps_0_to_1_however_small_it_is() -> None:
    weak = row(track("attention", ("unit", "time"), np.full((3, SAMPLES), 0.01)), frame())
    assert (heat(weak)["zmin"], heat(weak)["zmax"]) == (0, 1)
    assert weak.facts == "0 to 1"


def test_units_over_time_are_cells_as_wide_as_their_share_of_the_window() -> None:
    coarse = heat(row(track("state", ("unit", "time"), np.ones((3, 27))), frame(full=None)))  # every 8th sample
    assert coarse["dx"] == pytest.approx(8 * 1000 / FS)
    left = coarse["x0"] - coarse["dx"] / 2
    assert left == pytest.approx(-BEFORE * 1000 / FS)
    assert left + 27 * coarse["dx"] == pytest.approx((SAMPLES - BEFORE) * 1000 / FS)


def test_a_state_is_as_far_below_0_as_above_and_its_values_are_not_stretched() -> None:
    values = np.outer([0.5, -0.25], WAVE)
    fixed = row(track("state", ("unit", "time"), values, full=2.0), frame())
    assert (heat(fixed)["zmin"], heat(fixed)["zmax"]) == (-2, 2)
    assert heat(fixed)["z"] == values.tolist()
    own = row(track("state", ("unit", "time"), values), frame())
    assert heat(own)["zmin"] == -heat(own)["zmax"] == pytest.approx(-np.abs(values).max())
    assert "its own" in own.facts
    assert "its own" not in fixed.facts


def test_relevance_for_each_class_shares_the_maps_scale_in_its_unit() -> None:
    found = track("relevance", ("class", "time"), np.stack([WAVE, -WAVE]), unit="logit", labels={"class": ["N", "V"]})
    maps = row(found, frame(unit="logit", full=4.0))
    assert (heat(maps)["zmin"], heat(maps)["zmax"]) == (-4, 4)
    assert figure_of(maps)["layout"]["yaxis"]["ticktext"] == ["N", "V"]
    other = row(found, frame(unit="1 − m", full=4.0))
    assert heat(other)["zmax"] == pytest.approx(np.abs(WAVE).max())
    assert "its own" in other.facts


def test_a_displacement_is_drawn_both_ways_around_0() -> None:
    found = row(track("displacement", ("time",), 5 * WAVE, unit="ms", full=20.0), frame())
    layout = figure_of(found)["layout"]
    assert layout["yaxis"]["zeroline"] is True
    assert layout["yaxis"]["tickvals"] == [-20, 20]
    assert lines(found)[0]["y"] == (5 * WAVE).tolist()
    assert found.facts == "ms, ±20"


@pytest.mark.parametrize(("unit", "original"), [("mV", WAVE), ("SD", 3 * WAVE), ("logit", None)])
def test_a_signal_lies_over_the_one_that_was_there_in_its_unit(unit: str, original: np.ndarray | None) -> None:
    [part] = beside(
        {"relevance": None, "tracks": [as_json(track("signal", ("channel", "time"), [WAVE + 1], unit=unit))]}
    )
    found = lines(row(part, frame()))
    assert found[-1]["y"] == pytest.approx((WAVE + 1).tolist())
    assert found[0]["y"] == pytest.approx((WAVE + 1 if original is None else original).tolist())
    assert len(found) == (1 if original is None else 2)


def test_a_loss_runs_over_its_steps_and_says_its_ends() -> None:
    found = row(track("loss", ("step",), np.linspace(3, -1, 500), unit="logit"), frame())
    assert lines(found)[0]["x"][-1] == 499
    assert figure_of(found)["layout"]["xaxis"]["ticktext"] == ["step 1", "500"]
    assert "from 3.00 to −1.00" in found.words
    assert "shapes" not in figure_of(found)["layout"]  # it is no time: the window has no edges there


def test_a_value_for_each_unit_is_a_bar_and_a_number_is_said() -> None:
    found = row(track("attention", ("unit",), [0.1, 0.7, 0.2], unit="share"), frame())
    [bars] = figure_of(found)["data"]
    assert bars["y"] == [0.1, 0.7, 0.2]
    assert "largest 0.70 at unit 2" in found.words
    number = row(track("loss", (), -2.1, unit="logit"), frame())
    assert (number.figure, number.facts) == (None, "−2.10 logit")


def test_many_units_and_samples_are_no_more_cells_than_can_be_seen_and_the_peak_is_among_them() -> None:
    values = np.zeros((512, 18_300))
    values[300, 9_000] = -7.0
    cells = heat(row(track("state", ("unit", "time"), values), frame()))
    z = np.array(cells["z"])
    assert z.size < 150_000
    assert z.min() == -7.0
    rows_, columns = np.nonzero(z)
    at = cells["x0"] + cells["dx"] * columns[0]
    assert at == pytest.approx(frame().first + 9_000.5 * frame().grid(18_300)[1], abs=cells["dx"])
    assert cells["y0"] + cells["dy"] * rows_[0] == pytest.approx(300, abs=cells["dy"])


def test_several_classes_of_several_channels_fall_apart_by_their_names() -> None:
    values = np.zeros((2, 3, SAMPLES))
    labels = {"class": ["N", "V"], "channel": ["I", "II", "V1"]}
    found = beside(
        {
            "relevance": None,
            "tracks": [as_json(track("relevance", ("class", "channel", "time"), values, labels=labels))],
        }
    )
    assert [one.name for one in found] == ["a relevance, N", "a relevance, V"]
    assert {one.dims for one in found} == {("channel", "time")}


def test_the_picture_is_no_row_and_what_cannot_be_drawn_is_named() -> None:
    curve = track("probability", ("time", "class"), np.zeros((4, 2)))
    odd = track("attention", ("time", "time"), np.zeros((4, 4)))
    found = rows(holding(curve, odd), frame())
    assert [one.title for one in found] == ["a attention"]
    assert (found[0].figure, "not drawn" in found[0].facts) == (None, True)


def test_what_only_says_how_a_map_came_about_is_folded_where_there_is_a_map() -> None:
    loss = rows({"relevance": None, "tracks": [as_json(track("loss", ("step",), [1, 0]))]}, frame())
    attention = rows({"relevance": None, "tracks": [as_json(track("attention", ("unit",), [1, 0]))]}, frame())
    assert unfolded({"relevance": [[0.0]]}, loss) is False
    assert unfolded({"relevance": None}, loss) is True
    assert unfolded({"relevance": [[0.0]]}, [*loss, *attention]) is True


def test_values_that_are_not_finite_are_gaps() -> None:
    values = [None, *WAVE[1:].tolist()]
    found = row(Track("displacement", "shift", ("time",), values, "ms"), frame())
    assert lines(found)[0]["y"][0] is None or np.isnan(lines(found)[0]["y"][0])
    assert scale(Track("loss", "nothing", ("step",), [None, None]), frame()).high > 0


def test_units_are_called_by_their_numbers_where_there_is_no_room_for_more() -> None:
    labels = {"unit": ["unit 7", "unit 101"]}
    found = row(track("state", ("unit", "time"), np.zeros((2, SAMPLES)), labels=labels), frame())
    assert figure_of(found)["layout"]["yaxis"]["ticktext"] == ["7", "101"]
