"""The strip is true to scale, whatever its width and whatever it shows."""

import pytest
from fake_answers import Recording

from frontend.figures import paper, strip

MM = 96 / 25.4


def shown(recording: Recording, width: float = 945.0, chosen: int = 1037, **fields: object) -> strip.Strip:
    begin = strip.start(chosen / 360, width, recording.seconds)
    beats = recording.beats("m")
    columns = {**beats["beats"], "classes": beats["classes"]}
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


def test_the_strip_stays_within_the_recording() -> None:
    assert strip.start(0.5, 945, 60) == 0
    assert strip.start(59.5, 945, 60) == pytest.approx(60 - strip.seconds(945))
    assert strip.start(2, 945, 5) == 0  # shorter than the paper


def test_loading_paper_has_the_final_size() -> None:
    figure = strip.loading("dark", 945)
    assert figure["layout"]["height"] == 2 * 21 + 3 + 163 + 20
    assert length(figure["layout"]["xaxis"], 945) == pytest.approx(paper.px_per_second())
