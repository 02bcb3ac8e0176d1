"""Rows of a rhythm: true scale, what lies behind the trace, which beats a map marks, and typed arrays read back."""

import math
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from frontend.figures import paper
from frontend.figures.rhythm import decision, lanes, relevant, row, shift_row
from frontend.figures.rhythm.behind import Map
from frontend.figures.rhythm.decision import Curve, Decision
from frontend.figures.rhythm.lanes import Lanes, Window
from frontend.figures.rhythm.row import Row, Stretch
from frontend.figures.rhythm.shift_row import ShiftRow
from frontend.figures.rhythm.sizes import LONGEST, sizes
from frontend.sheets.plot import corners_of

FS = 100.0
SIGNAL = [math.sin(i / 20) for i in range(1001)]
RUNS = [Stretch(20, 24, "N", "#6F757C", True), Stretch(24, 30, "AF", "#A01C5C")]
ROW = Row(
    20.0, 30.0, SIGNAL, FS, -1.5, 10.0, ribbon=RUNS, beats=[21.0, 22.0], rr=[(21.5, 1000.0)],
    map=Map([float(i) for i in range(3000)], 0.0, 0.01, 3000.0, signed=False),
)  # fmt: skip


def named(figure: paper.Figure, name: str) -> dict[str, object]:
    return next(trace for trace in figure["data"] if trace.get("name") == name)


def test_a_second_and_a_millivolt_have_the_papers_lengths() -> None:
    layout = row.figure(ROW)["layout"]
    low, high = layout["xaxis"]["range"]
    assert layout["width"] / (high - low) == pytest.approx(paper.px_per_second())
    domain, (foot, top) = layout["yaxis"]["domain"], layout["yaxis"]["range"]
    assert layout["height"] * (domain[1] - domain[0]) / (top - foot) == pytest.approx(paper.px_per_mv())


def test_the_map_of_a_row_is_that_of_its_seconds() -> None:
    cells = named(row.figure(ROW), "relevance")
    assert cells["z"] == [[float(i) for i in range(2000, 3000)]]
    assert cells["x0"] == pytest.approx(20.005)


def test_a_row_holds_the_signal_and_its_gaps() -> None:
    lost: list[float | None] = [*SIGNAL[:500], None, *SIGNAL[501:]]
    values = named(row.figure(replace(ROW, signal=lost)), "ecg")["y"]
    assert isinstance(values, list)
    assert values[500] is None
    assert values[499] == pytest.approx(SIGNAL[499], abs=1e-6)


def test_the_ribbon_is_cut_at_the_row() -> None:
    bars = named(row.figure(replace(ROW, start=22.0)), "output")
    assert (bars["x"], bars["width"]) == ([23.0, 27.0], [2.0, 6.0])
    assert bars["text"] == ["N", "AF"]


@pytest.mark.parametrize("tachogram", [True, False])
def test_what_the_trace_is_stands_below_it_and_never_over_it(tachogram: bool) -> None:
    one = replace(ROW, note="25 mm/s · 10 mm/mV", tachogram=tachogram)
    layout = row.figure(one)["layout"]
    said = next(note for note in layout["annotations"] if note["text"] == one.note)
    lanes_ = [axis["domain"] for name, axis in layout.items() if name.startswith("yaxis")]
    half = 11 / 2 / layout["height"]
    assert said["y"] + half <= min(low for low, _ in lanes_)
    assert said["y"] - half >= 0
    assert one.height > replace(one, note="").height


@pytest.mark.parametrize("begins", [20.0, 25.0, 29.0, 29.9])
def test_the_name_of_a_rhythm_lies_whole_on_its_row(begins: float) -> None:
    """Beside the line where it begins, on the side where there is room."""
    one = replace(ROW, rhythms=[(begins, "reference AFIB")])
    layout = row.figure(one)["layout"]
    said = next(note for note in layout["annotations"] if note["text"] == "reference AFIB")
    edge, wide = (begins - one.span[0]) * one.second, 14 * 6.2
    left = edge if said["xanchor"] == "left" else edge - wide
    assert left >= 0
    assert left + wide <= layout["width"]


def test_a_row_without_a_tachogram_is_lower_and_has_none() -> None:
    lower = replace(ROW, tachogram=False)
    assert lower.height < ROW.height
    assert not [trace for trace in row.figure(lower)["data"] if trace.get("name") == "tachogram"]


def test_a_narrow_window_has_shorter_rows_of_the_same_scale() -> None:
    wide, narrow = sizes(1440), sizes(1280)
    assert (wide.row, narrow.row) == (10.0, 8.0)
    assert wide.second == narrow.second


def test_a_beat_counts_from_half_way_to_half_way_and_all_of_them_make_the_whole() -> None:
    borders = relevant.edges([1.0, 2.0, 4.0], 0.0, 5.0)
    assert borders == [0.0, 1.5, 3.0, 5.0]
    values = [1.0] * 150 + [5.0] * 150 + [-1.0] * 200
    sums = relevant.shares(values, 0.0, 0.01, borders)
    assert sums == [150.0, 750.0, -200.0]
    assert sum(sums) == sum(values)
    assert relevant.strongest(sums) == [1, 0]  # what lowers the score marks no beat


def test_the_decision_is_told_from_where_it_stays() -> None:
    curves = [Curve("N", "Normal", "#000000", [0.9, 0.8, 0.2, 0.1]), Curve("AF", "AF", "#ffffff", [0.1, 0.2, 0.8, 0.9])]
    shown = Decision(curves, 100.0, 140.0, 900.0, 10.0)
    assert (shown.winner, shown.since) == (1, 120.0)
    assert decision.words(shown) == "AF from 00:02:00.0 on"
    last = decision.figure(shown)["data"][-1]
    assert last["y"][-1] == pytest.approx(0.9, abs=1e-6)
    assert last["x0"] + last["dx"] * 3 == 140.0


def test_probabilities_of_a_day_are_stacked_to_one() -> None:
    windows = [Window(0, 30, "N", "#6F757C", True, False, False, [0.7, 0.2, 0.1], 0.1)]
    classes = [("Normal", "#6F757C", True), ("AF", "#A01C5C", False), ("Other", "#6C4B04", False)]
    figure = lanes.figure(Lanes(30.0, 900.0, [], windows, classes, []))
    bars = [named(figure, name) for name, _, _ in classes]
    assert sum(bar["y"][0] for bar in bars) == pytest.approx(1.0, abs=1e-6)  # type: ignore[index]
    top = max(bars, key=lambda bar: bar["base"][0])  # type: ignore[index]
    assert top["name"] == "Normal"  # what is pale stands on top
    assert top["base"][0] + top["y"][0] == pytest.approx(1.0, abs=1e-6)  # type: ignore[index]


@pytest.mark.parametrize("count", [60, 2882])
def test_no_bar_of_a_day_is_narrower_than_the_line_round_it(count: int) -> None:
    """Else only the line, in the ground's colour, is seen of it."""
    windows = [
        Window(30.0 * i, 30.0 * i + 30, "N", "#6F757C", True, False, False, [0.7, 0.3], 0.1) for i in range(count)
    ]
    figure = lanes.figure(
        Lanes(30.0 * count, 945.0, [], windows, [("N", "#6F757C", True), ("AF", "#A01C5C", False)], [])
    )
    for name in ("N", "AF", "RR spread"):
        bars: Any = named(figure, name)
        px = figure["layout"]["width"] / count * bars["width"][0] / 30
        assert 2 * bars["marker"]["line"]["width"] < px


def test_a_shift_of_nothing_draws_the_same_trace_lower() -> None:
    moved = ShiftRow(replace(ROW, paper_mm=shift_row.PAPER_MM), SIGNAL, [0.0] * 1000, 0.01, [(21.0, 21.0)])
    figure = shift_row.figure(moved)
    own, below = named(figure, "ecg")["y"], named(figure, "shifted")["y"]
    assert isinstance(own, list)
    assert isinstance(below, list)
    apart = {round(a - z, 5) for a, z in zip(own, below, strict=True)}
    assert apart == {round(shift_row.APART_MM / paper.GAIN, 5)}


def test_where_no_step_is_centred_the_map_is_hatched() -> None:
    known = replace(ROW, map=replace(ROW.map, known=(23.0, 99.0)))  # type: ignore[type-var]
    bars = named(row.figure(known), "no step")
    assert (bars["x"], bars["width"]) == ([21.5], [3.0])
    inside = replace(ROW, map=replace(ROW.map, known=(0.0, 99.0)))  # type: ignore[type-var]
    assert not [trace for trace in row.figure(inside)["data"] if trace.get("name") == "no step"]


@pytest.mark.parametrize(("speed", "gain"), [(12.5, 20.0), (50.0, 5.0)])
def test_another_scale_is_as_true(speed: float, gain: float) -> None:
    at = sizes(1440, speed=speed)
    assert at.row == LONGEST * paper.SPEED / speed
    layout = row.figure(replace(ROW, seconds=at.row, speed=speed, gain=gain))["layout"]
    (low, high), (foot, top), domain = layout["xaxis"]["range"], layout["yaxis"]["range"], layout["yaxis"]["domain"]
    assert layout["width"] / (high - low) == pytest.approx(paper.px_per_second(speed))
    assert layout["height"] * (domain[1] - domain[0]) / (top - foot) == pytest.approx(paper.px_per_mv(gain))


@pytest.mark.parametrize(("speed", "gain"), [(25.0, 10.0), (12.5, 20.0), (50.0, 5.0)])
def test_the_grid_of_a_row_is_a_millimetre_and_five(speed: float, gain: float) -> None:
    one = replace(ROW, speed=speed, gain=gain)
    small, large = [shape for shape in row.figure(one)["layout"]["shapes"] if shape["type"] == "path"]
    for shape, mm in ((small, 1.0), (large, 5.0)):
        corners = [at for at in corners_of(shape["path"]) if at]
        xs = sorted({round(x, 4) for (x, _), (x1, _) in pairwise(corners) if x == x1})
        ys = sorted({round(y, 4) for (_, y), (_, y1) in pairwise(corners) if y == y1})
        assert min(b - a for a, b in pairwise(xs)) * speed == pytest.approx(mm, abs=0.01)
        assert min(b - a for a, b in pairwise(ys)) * gain == pytest.approx(mm, abs=0.01)
        assert any(abs(x - one.start) < 1e-4 for x in xs) == (mm == 5.0)  # a large line at the first second


def test_far_into_a_day_the_grid_is_as_fine() -> None:
    at = 86_000.25
    one = replace(ROW, start=at, end=at + 10.0, map=None)
    large = [shape for shape in row.figure(one)["layout"]["shapes"] if shape["type"] == "path"][1]
    xs = sorted({x for x, _ in (corner for corner in corners_of(large["path"]) if corner)})
    steps = [b - a for a, b in pairwise(xs) if b - a > 1e-6]
    assert steps[1:-1] == pytest.approx([0.2] * len(steps[1:-1]), abs=2e-4)


def test_no_words_stand_in_a_trace_with_gaps() -> None:
    """Plotly gives such words to other points, or to none, when it draws another window into the same row."""
    for trace in row.figure(ROW)["data"]:
        if "text" in trace.get("mode", ""):
            assert None not in (*trace["x"], *trace["y"])
