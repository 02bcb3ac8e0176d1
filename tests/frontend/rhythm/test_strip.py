"""The strip is true to scale, whatever its width and whatever it shows."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from fake_answers import Recording

from frontend.api import Api, ApiError, windows
from frontend.figures import paper, strip
from frontend.figures.beat import Beat, figure
from frontend.rhythm import stretch as asked
from frontend.rhythm.paper_height import LEAST_MM, ORDINARY, paper_height, reached, reaches

MM = 96 / 25.4
WISH = asked.StripQuery("test~1", time=30.0)


def shown(recording: Recording, width: float = 945.0, chosen: int = 1037, **fields: object) -> strip.Strip:
    begin = max(0.0, min(chosen / 360 - strip.seconds(width) / 2, recording.seconds - strip.seconds(width)))
    columns = windows.columns(recording.windows("m"))
    signal = recording.signal(begin, strip.seconds(width), 8000)
    return strip.Strip(signal, columns, chosen, (2.68, 3.28), True, width=width, **fields)


def length(axis: dict, pixels: float) -> float:
    """Pixels of one unit of an axis."""
    low, high = axis["range"]
    first, last = axis.get("domain", [0, 1])
    return pixels * (last - first) / abs(high - low)


@pytest.mark.parametrize("width", [560, 836, 945, 1305])
def test_one_second_is_25_mm_and_one_millivolt_10_mm(recording: Recording, width: float) -> None:
    layout = strip.figure(shown(recording, width))["layout"]
    assert layout["width"] == width
    assert length(layout["xaxis"], width) == pytest.approx(25 * MM)
    assert length(layout["yaxis"], layout["height"]) == pytest.approx(10 * MM)


def test_small_boxes_are_40_ms_by_a_tenth_of_a_millivolt(recording: Recording) -> None:
    layout = strip.figure(shown(recording))["layout"]
    assert (layout["xaxis"]["dtick"], layout["xaxis"]["minor"]["dtick"]) == pytest.approx((0.2, 0.04))
    assert (layout["yaxis"]["dtick"], layout["yaxis"]["minor"]["dtick"]) == pytest.approx((0.5, 0.1))


def test_a_wider_strip_shows_more_seconds() -> None:
    assert strip.seconds(945) == pytest.approx(9.6, abs=0.01)  # 250 mm less 10 mm of pulse
    assert strip.seconds(1323) - strip.seconds(945) == pytest.approx(378 / (25 * MM))


def test_the_pulse_is_one_millivolt_in_the_first_10_mm(recording: Recording) -> None:
    drawn = strip.figure(shown(recording))
    pulse = next(trace for trace in drawn["data"] if trace.get("name") == "1 mV")
    left = drawn["layout"]["xaxis"]["range"][0]
    assert max(pulse["y"]) - min(pulse["y"]) == pytest.approx(1)
    assert max(pulse["x"]) - left < 10 / 25


def test_a_gap_stays_a_gap(recording: Recording) -> None:
    gap = shown(recording, chosen=7128)
    drawn = strip.figure(gap)
    trace = next(trace for trace in drawn["data"] if trace.get("name") == "ecg")
    assert None in trace["y"]
    assert trace["connectgaps"] is False
    assert "no signal" in [note["text"] for note in drawn["layout"]["annotations"]]
    assert strip.gaps(gap.signal)[0] == pytest.approx((20.0, 20.5), abs=0.01)


def test_scale_lead_and_filter_are_printed(recording: Recording) -> None:
    notes = [note["text"] for note in strip.figure(shown(recording))["layout"]["annotations"]]
    assert "25 mm/s · 10 mm/mV · MLII · raw, no filter · 360 Hz" in notes
    assert "SYNTHETIC" not in notes
    assert "SYNTHETIC" in [n["text"] for n in strip.figure(shown(recording, synthetic=True))["layout"]["annotations"]]


def test_the_whole_strip_is_one_trace_for_each_thing_not_one_for_each_beat(recording: Recording) -> None:
    drawn = strip.figure(shown(recording))
    assert len(drawn["data"]) < 12
    assert len(drawn["layout"]["shapes"]) <= 6


def test_rings_mark_what_differs_and_dashes_what_the_model_does_not_know(recording: Recording) -> None:
    names = [{t.get("name") for t in strip.figure(shown(recording, chosen=beat))["data"]} for beat in (1037, 3917)]
    assert "differs from the reference" in names[0]  # a V called paced
    assert "the model has no such class" in names[1]  # an F


def test_a_trace_that_leaves_the_paper_is_said_to(recording: Recording) -> None:
    tall = shown(recording)
    tall.signal["value"][100] = 9.0
    assert "the trace leaves the paper" in [n["text"] for n in strip.figure(tall)["layout"]["annotations"]]


@pytest.mark.parametrize(("speed", "gain", "mm"), [(25, 10, MM), (12.5, 20, 5.2), (50, 5, 3.1)])
def test_a_stretch_is_true_to_scale_at_every_preset(api: Api, speed: float, gain: float, mm: float) -> None:
    answer = asked.stretch(api, replace(WISH, scale=paper.Scale(speed, gain, mm)))
    layout = answer["stretch"]["layout"]
    for axis in ("xaxis", "xaxis2", "xaxis3"):
        assert length(layout[axis], layout["width"]) == pytest.approx(speed * mm)
    assert length(layout["yaxis"], layout["height"]) == pytest.approx(gain * mm)
    assert answer["tall"] == pytest.approx(answer["paper"] / mm / gain)
    assert 43 <= answer["paper"] / mm <= 65
    boxes = layout["xaxis"]["dtick"] * speed, layout["yaxis"]["dtick"] * gain
    assert boxes == pytest.approx((5, 5))  # mm: a large box, whatever it means
    assert answer["standard"]


def test_paper_is_as_tall_as_ordinary_screens_need() -> None:
    seconds = np.arange(0, 960, 0.1)
    tall = np.where(seconds < 950, 5.0, 40.0) * (np.arange(len(seconds)) % 8 == 0)  # one screen of a hundred is noise
    signal = {"time": seconds.tolist(), "value": [*tall.tolist()[:-1], None]}
    assert reached(reaches(signal), ORDINARY) == 5.0
    assert reached(reaches({"time": [0.0, 0.1], "value": [None, None]}), ORDINARY) == 0.0
    assert 50 < paper_height(50.0) < 55
    assert (paper_height(20.0), paper_height(400.0)) == (43, 65)


def test_the_pulse_beside_a_stretch_is_one_millivolt(api: Api) -> None:
    drawn = asked.stretch(api, replace(WISH, scale=paper.Scale(gain=20.0)))["head"]["layout"]
    path = drawn["shapes"][0]["path"].removeprefix("M").split("L")
    heights = [float(corner.split(",")[1]) * drawn["height"] for corner in path]
    assert max(heights) - min(heights) == pytest.approx(20 * MM)
    assert drawn["width"] == pytest.approx(10 * MM)


def test_a_stretch_holds_two_screens_either_side_and_says_where_it_is(api: Api) -> None:
    answer = asked.stretch(api, WISH)  # 30 s: the fourth screen of 9.6 s
    assert (answer["page"], answer["start"]) == (3, pytest.approx(9.6, abs=0.01))
    assert answer["seconds"] == pytest.approx(5 * 9.6)
    assert answer["stretch"]["layout"]["width"] == pytest.approx(answer["seconds"] * 25 * MM)
    first = asked.stretch(api, replace(WISH, time=None, at=1037))
    assert (first["page"], first["start"]) == (0, 0)
    last = asked.stretch(api, replace(WISH, time=1e6))
    assert last["start"] + last["seconds"] == pytest.approx(60)


def test_a_stretch_knows_its_beats_and_what_the_model_reads_of_each(api: Api) -> None:
    beats = asked.stretch(api, replace(WISH, predicted=True))["beats"]
    assert all(9.5 <= time <= 57.7 for time in beats["time"])
    windows = [round(z - a, 3) for a, z in beats["window"]]
    assert set(windows) == {0.6, 0.3}  # 216 samples, or a narrow mark where the window meets a gap


def test_a_stretch_has_a_row_for_the_reader(api: Api) -> None:
    figure = asked.stretch(api, WISH)["stretch"]
    dots = next(trace for trace in figure["data"] if trace.get("name") == "beats to read")
    assert len(dots["x"]) == len(asked.stretch(api, WISH)["beats"]["sample"])
    assert figure["layout"]["height"] == pytest.approx(3 * 21 + 3 + 43 * MM + 20)


def test_a_long_gap_says_so_again_and_again() -> None:
    nothing = [None] * 2000
    signal = {"time": [i / 100 for i in range(2000)], "value": nothing, "start": 0.0, "fs": 100, "filter": "none"}
    shown = strip.Strip(signal | {"lead": "II"}, {"time": []}, width=2000, pulse=False)
    notes = strip.stretch(shown)["layout"]["annotations"]
    assert {note["text"] for note in notes} == {"no signal"}
    places = [0.0, *sorted(note["x"] for note in notes), 20.0]
    assert max(after - before for before, after in pairwise(places)) < 3  # s: any screen shows one that is whole


def test_what_is_no_preset_is_called_non_standard() -> None:
    assert paper.Scale(12.5, 20).standard
    assert not paper.Scale(6.25, 10).standard
    assert paper.Scale(6.25, 10).words == "6.25 mm/s · 10 mm/mV"


def test_a_filter_is_stated_with_its_band() -> None:
    signal = {"lead": "V1", "fs": 250.0, "filter": "0.5–40 Hz"}
    assert strip.facts(signal) == "V1 · filter 0.5–40 Hz, zero phase · 250 Hz"


@pytest.mark.parametrize(
    "query", [{}, {"record": "a", "mm": "0.1"}, {"record": "a", "speed": "nan"}, {"record": "a", "at": "x"}]
)
def test_a_stretch_that_cannot_be_is_refused(query: dict[str, str]) -> None:
    with pytest.raises((KeyError, ValueError)):
        asked.read(query)


def test_an_unknown_recording_has_no_strip(api: Api) -> None:
    with pytest.raises(ApiError, match="nowhere~1"):
        asked.stretch(api, replace(WISH, record="nowhere~1"))


def test_the_maps_are_drawn_on_the_measured_screen_too(api: Api) -> None:
    window = api.beat("test~1", 1037, None, None)["window"]
    for mm in (MM, 5.0):
        shown = Beat(window, {"time": [], "value": []}, mm=mm)
        layout, (speed, gain) = figure(shown)["layout"], shown.scale
        assert length(layout["xaxis"], layout["width"]) * 1000 == pytest.approx(speed * mm)
        assert length(layout["yaxis"], layout["height"]) == pytest.approx(gain * mm)


def test_in_a_low_window_the_paper_is_as_tall_as_ordinary_beats_need(api: Api) -> None:
    usual, low = (asked.stretch(api, replace(WISH, low=low)) for low in (False, True))
    assert low["needed"] == pytest.approx(usual["needed"])
    assert usual["paper"] == pytest.approx(43 * MM)
    assert low["needed"] * MM < low["paper"] <= usual["paper"]
    assert low["tall"] * 10 * MM == pytest.approx(low["paper"])  # 10 mm/mV on either


@pytest.mark.parametrize(("needed", "tall"), [(5, 30), (29, 31), (60, 62), (90, 65)])
def test_a_low_paper_grows_with_what_lies_on_it(needed: float, tall: float) -> None:
    assert paper_height(needed, LEAST_MM) == tall
