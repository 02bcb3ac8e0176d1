"""Windows that are no beats: times in the unit that fits, series each on its own axis, leads by name."""

from typing import Any

import pytest

from frontend.figures import beat, overview, time_axis


def series(samples: int = 40, fs: float = 1 / 3600, **more: Any) -> beat.Beat:
    values = [[80.0 + i % 7 for i in range(samples)], [36.5 + 0.1 * (i % 5) for i in range(samples)]]
    window = {"samples": samples, "fs": fs, "before": 0, "millivolts": values, "units": ["/min", "°C"]}
    around: dict[str, list[float | None]] = {"time": [], "value": []}
    return beat.Beat(window, around, channels=("HR", "Temp"), around_beat=False, **more)


@pytest.mark.parametrize(
    ("last", "unit", "step"),
    [(600.0, "ms", 100), (12_500.0, "s", 5), (1_800_000.0, "min", 5), (144_000_000.0, "h", 10)],
)
def test_a_time_axis_counts_in_the_unit_that_fits(last: float, unit: str, step: float) -> None:
    size, name = time_axis.unit(0.0, last)
    ticks = time_axis.ticks(0.0, last)
    assert name == unit
    gaps = {round(b - a, 6) for a, b in zip(ticks["tickvals"], ticks["tickvals"][1:], strict=False)}
    assert gaps == {size * step}
    assert ticks["ticktext"][0].endswith(f" {unit}")
    assert len(ticks["tickvals"]) <= time_axis.MOST + 1


def test_each_series_fills_its_own_axis_and_says_its_unit() -> None:
    shown = series()
    layout = beat.figure(shown)["layout"]
    for axis, values in (("yaxis", shown.leads[0]), ("yaxis11", shown.leads[1])):
        low, high = layout[axis]["range"]
        assert low < min(values)
        assert high > max(values)
        assert high - low < 1.5 * (max(values) - min(values))
    words = [note["text"] for note in layout["annotations"]]
    assert {"HR, /min", "Temp, °C", "the model's input, 40 h"} <= set(words)
    hover = [trace.get("hovertemplate", "") for trace in beat.figure(shown)["data"]]
    assert [words for words in hover if "mV" in words] == []


def test_a_window_longer_than_any_paper_is_drawn_whole() -> None:
    shown = series()
    first, last = shown.span
    assert first <= shown.times[0]
    assert shown.times[-1] < last


def test_millivolts_stay_on_paper_of_one_scale() -> None:
    window = series().window | {"units": ["mV", "mV"], "fs": 360.0, "millivolts": [[0.0, 1.0] * 20, [0.0, 0.5] * 20]}
    shown = beat.Beat(window, {"time": [], "value": []}, channels=("I", "V1"))
    layout = beat.figure(shown)["layout"]
    spans = [layout[axis]["range"][1] - layout[axis]["range"][0] for axis in ("yaxis", "yaxis11")]
    assert spans[0] == pytest.approx(spans[1])
    assert {"I", "V1"} <= {note["text"] for note in layout["annotations"]}


@pytest.mark.parametrize("hours", [0.01, 1, 40, 100, 24 * 40])
def test_an_overview_of_any_length_has_its_times(hours: float) -> None:
    length = hours * 3600
    signal = {"time": [0.0, length / 2], "value": [80.0, 90.0]}
    beats: dict[str, Any] = {"time": [], "symbol": [], "prediction": [], "classes": []}
    figure = overview.figure(overview.Overview(signal, beats, length))
    assert 2 <= len(figure["layout"]["annotations"]) <= 10
    [line] = [trace for trace in figure["data"] if trace.get("name") == "envelope"]
    assert line["y"] == [80.0, 90.0]  # few values are joined, not each a point too small to see
