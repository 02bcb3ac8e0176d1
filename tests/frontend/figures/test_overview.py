"""The overview: a line without gaps at any width, gaps where there is no signal, and times that read alike."""

from itertools import pairwise
from typing import Any

import pytest

from frontend.figures import overview
from frontend.pages.desk.panels.record import whole

NO_BEATS: dict[str, Any] = {"time": [], "symbol": [], "prediction": [], "classes": []}


def drawn(values: list[float | None], length: float, width: float) -> dict[str, Any]:
    times = [(i + 0.5) * length / len(values) for i in range(len(values))]
    signal = {"time": times, "value": values}
    return overview.figure(overview.Overview(signal, NO_BEATS, length, width=width))


def columns(figure: dict[str, Any]) -> list[tuple[float, float, float]]:
    [line] = [trace for trace in figure["data"] if trace.get("name") == "envelope"]
    x, y = line["x"], line["y"]
    return [(x[i], y[i], y[i + 1]) for i in range(0, len(x), 3)]


@pytest.mark.parametrize("width", [100, 945, 2065])
def test_each_pixel_of_the_line_touches_the_next(width: int) -> None:
    steps = [0.0 if i % 300 < 150 else 1.0 for i in range(4 * width)]  # flat, and steep
    found = columns(drawn(steps, 10.0, width))
    assert len(found) == width
    for (_, low, high), (_, next_low, next_high) in pairwise(found):
        assert low <= next_high
        assert next_low <= high


def test_a_pixel_without_signal_stays_empty_and_is_not_bridged() -> None:
    values: list[float | None] = [0.0] * 800 + [None] * 800 + [1.0] * 800
    found = columns(drawn(values, 24.0, 600))
    assert not [time for time, _, _ in found if 8.1 < time < 15.9]
    assert next(low for time, low, _ in found if time > 15.9) == 1.0  # the line does not rise to it from 0


def test_a_pixel_that_no_sample_fell_into_leaves_no_gap() -> None:
    times = [(i + 0.5) / 100 for i in range(1000) if i % 3 != 1] + [(i + 0.01) / 100 for i in range(1000) if i % 3 == 0]
    signal = {"time": sorted(times), "value": [0.5] * len(times)}
    found = columns(overview.figure(overview.Overview(signal, NO_BEATS, 10.0, width=1000)))
    assert len(found) == 1000


@pytest.mark.parametrize(("seconds", "colons"), [(30.0, 1), (1800.0, 1), (3600.0, 2), (86_400.0, 2)])
def test_the_times_of_a_recording_read_alike(seconds: float, colons: int) -> None:
    notes = drawn([0.0, 1.0], seconds, 945)["layout"]["annotations"]
    assert {note["text"].count(":") for note in notes} == {colons}
    assert ("Whole" in whole({"seconds": seconds})) == (colons == 1)  # hours need all the room that there is
