"""What a screen cannot show is left out: peaks, gaps and ends stay, and a typed array holds what it was made of."""

from base64 import b64decode
from typing import Any

import numpy as np
import pytest
from plotly.io.json import to_json_plotly

from frontend.figures import beat, decimate, model_input, typed


def test_few_values_are_left_alone() -> None:
    times, values = [0.0, 1.0, 2.0], [1.0, None, 3.0]
    assert decimate.line(times, values, 10) == (times, values)
    assert decimate.strongest([[1.0, 2.0]], 10) == ([[1.0, 2.0]], 1)


def test_a_long_line_keeps_each_columns_extremes_where_they_lie() -> None:
    values = np.random.default_rng(0).normal(size=18_300)
    values[9_123], values[4] = 50.0, -50.0
    xs, ys = decimate.line(list(range(18_300)), values.tolist(), 300)
    assert len(xs) <= 2 * decimate.DENSE * 300 + 2
    assert (xs[0], xs[-1]) == (0, 18_299)
    assert xs == sorted(set(xs))
    assert all(values[x] == y for x, y in zip(xs, ys, strict=True))
    assert {9_123, 4} <= set(xs)
    each = -(-18_300 // decimate.columns_of(300))
    for first in range(0, 18_300, each):
        part = [y for x, y in zip(xs, ys, strict=True) if first <= x < first + each]
        assert (min(part), max(part)) == (values[first : first + each].min(), values[first : first + each].max())


def test_a_gap_stays_a_gap() -> None:
    values: list[float | None] = [0.0] * 10_000
    values[3_000:6_000] = [None] * 3_000
    xs, ys = decimate.line([float(i) for i in range(10_000)], values, 100)
    inside = [y for x, y in zip(xs, ys, strict=True) if 3_100 < x < 5_900]
    assert inside
    assert set(inside) == {None}


def test_a_cell_is_the_strongest_of_its_values_with_its_sign() -> None:
    row = [0.0] * 18_300
    row[7], row[18_299] = -3.0, 0.5
    [cells], each = decimate.strongest([row], 100)
    assert cells[7 // each] == -3.0
    assert cells[-1] == 0.5
    assert len(cells) * each >= 18_300 > (len(cells) - 1) * each


def unpacked(spec: dict[str, Any]) -> np.ndarray:
    flat = np.frombuffer(b64decode(spec["bdata"]), f"<{spec['dtype']}")
    return flat.reshape([int(side) for side in spec["shape"].split(",")]) if "shape" in spec else flat


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([*range(100)], "i1"),
        ([*range(-3_000, 3_000, 10)], "i2"),
        ([i / 7 for i in range(100)], "f4"),
        ([None, *(i / 7 for i in range(100))], "f4"),
        ([[i / 7 for i in range(50)], [0.5] * 50], "f4"),
        ([86_400 + i / 250 for i in range(500)], "f8"),  # a day's seconds, 4 ms apart
    ],
)
def test_a_typed_array_holds_the_values_in_the_shortest_type_that_does(values: list[Any], kind: str) -> None:
    spec = typed.packed(values)
    assert spec["dtype"] == kind
    exact = np.array(values, dtype=float)
    np.testing.assert_allclose(unpacked(spec), exact, atol=typed.NEAR * (np.nanmax(exact) - np.nanmin(exact)))


@pytest.mark.parametrize("values", [[1.0, 2.0], ["a"] * 100, {"dtype": "f4"}, [[1.0] * 30, [1.0] * 29], None])
def test_what_is_short_or_no_numbers_is_left_alone(values: Any) -> None:
    assert typed.packed(values) == values


def long_window() -> dict[str, Any]:
    wave = np.random.default_rng(1).normal(size=18_300).round(4).tolist()
    return {"samples": 18_300, "fs": 300.0, "before": 0, "millivolts": [wave], "units": ["mV"], "input": [wave]}


def test_a_window_of_a_minute_is_drawn_in_a_hundredth_of_what_it_is_as_text() -> None:
    explanation = {"title": "A map", "relevance": long_window()["millivolts"], "signed": True}
    explanation |= {"scale": {"full": 4.0, "maximum": 4.0, "unit": "logit", "nothing_found": False}}
    shown = beat.Beat(long_window(), {"time": [], "value": []}, explanation, around_beat=False)
    figures = [beat.figure(shown), model_input.figure(model_input.ModelInput(long_window(), "SD", "raw"))]
    assert sum(len(to_json_plotly(typed.typed(one))) for one in figures) < 150_000
    ramp = figures[0]["data"][0]
    assert ramp["x0"] - ramp["dx"] / 2 == pytest.approx(0)
    assert ramp["x0"] + ramp["dx"] * (len(ramp["z"][0]) - 0.5) == pytest.approx(61_000, abs=ramp["dx"])
    assert np.abs(ramp["z"][0]).max() == np.abs(explanation["relevance"]).max()  # type: ignore[arg-type]


def test_a_line_that_is_still_to_come_has_no_times() -> None:
    assert decimate.line([float(i) for i in range(20_000)], [], 300) == ([], [])


def test_sixteen_bits_keep_every_value_and_every_gap_within_a_step() -> None:
    values = np.random.default_rng(0).normal(40, 3, (2, 900))
    values[1, 7] = np.nan
    sent = typed.sixteen_bits(values.tolist())
    steps = np.frombuffer(b64decode(sent["bdata"]), "<i2").reshape(2, 900)
    assert sent["shape"] == "2, 900"
    assert (steps == typed.GAP).sum() == 1
    assert steps[1, 7] == typed.GAP
    read = sent["middle"] + sent["step"] * steps
    assert np.nanmax(np.abs(np.where(steps == typed.GAP, np.nan, read) - values)) <= sent["step"]
