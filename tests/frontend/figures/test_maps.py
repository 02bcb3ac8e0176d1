"""A map keeps its scale, its units and its sign, and shows nothing where nothing was found."""

from typing import Any

import pytest
from fake_answers import Recording, explanation

from frontend.api import windows
from frontend.figures import beat, brackets, model_input, profile, temporal
from frontend.figures.desk import desk
from frontend.tokens import TOKENS
from frontend.tracks import over_time
from frontend.wording import input_text

MM = 96 / 25.4


def drawn(recording: Recording, method: str | None, **parameters: Any) -> beat.Beat:
    found = windows.window(recording.window(1037))
    result = explanation("x" * 32, recording, 1037, method, parameters) if method else None
    return beat.Beat(found["window"], input_text.context(found, 360.0), result)


def heat(shown: beat.Beat) -> dict[str, Any]:
    return next(trace for trace in beat.figure(shown)["data"] if trace.get("type") == "heatmap")


def test_time_and_millivolt_keep_the_printed_scale(recording: Recording) -> None:
    shown = drawn(recording, "learned_mask")
    layout = beat.figure(shown)["layout"]
    speed, gain = shown.scale
    x, y = layout["xaxis"], layout["yaxis"]
    px_per_ms = layout["width"] * (x["domain"][1] - x["domain"][0]) / (x["range"][1] - x["range"][0])
    px_per_mv = layout["height"] * (y["domain"][1] - y["domain"][0]) / (y["range"][1] - y["range"][0])
    assert px_per_ms * 1000 == pytest.approx(speed * MM)
    assert px_per_mv == pytest.approx(gain * MM)
    assert speed == 100


def test_r_is_at_zero_and_the_window_is_what_the_model_reads(recording: Recording) -> None:
    times = drawn(recording, None).times
    assert times[72] == 0
    assert (times[0], times[-1]) == pytest.approx((-200, 397.222), abs=0.01)


def test_brightness_follows_the_fixed_full_scale_not_the_beat(recording: Recording) -> None:
    mask = heat(drawn(recording, "learned_mask"))
    assert (mask["zmin"], mask["zmax"]) == (0, 1)  # the raw maximum is 0.52
    assert mask["colorscale"][-1][1].endswith(",0.55)")


def test_a_signed_map_has_two_hues_and_no_red(recording: Recording) -> None:
    signed = heat(drawn(recording, "occlusion"))
    assert (signed["zmin"], signed["zmax"]) == (-4, 4)
    orange = tuple(int(TOKENS["light"]["neg"][i : i + 2], 16) for i in (1, 3, 5))
    assert signed["colorscale"][0][1].startswith("rgba(" + ",".join(map(str, orange)))


@pytest.mark.parametrize(("value", "above"), [(4.0, True), (0.5, True), (-0.5, False), (-4.0, True)])
def test_the_largest_value_never_stands_on_the_axis_numbers(recording: Recording, value: float, above: bool) -> None:
    shown = drawn(recording, "occlusion")
    assert shown.explanation
    deep = shown.explanation | {"relevance": [[value if i == 40 else 0.0 for i in range(len(shown.times))]]}
    label = profile.maximum(beat.Beat(shown.window, shown.context, deep))
    assert (label["yshift"] > 0) == above


def test_the_relevance_is_drawn_raw(recording: Recording) -> None:
    shown = drawn(recording, "learned_mask")
    assert heat(shown)["z"][0] == shown.explanation["relevance"][0]  # type: ignore[index]
    assert "0.52" in [note["text"] for note in beat.figure(shown)["layout"]["annotations"]]


def test_nothing_found_leaves_the_map_empty(recording: Recording) -> None:
    shown = drawn(recording, "learned_mask", steps=1)
    assert shown.empty
    assert set(heat(shown)["z"][0]) == {0.0}
    assert "nothing found" in beat.words(shown)


def test_several_leads_stand_below_each_other(recording: Recording) -> None:
    shown = drawn(recording, None)
    shown.window["millivolts"].append([v * 0.3 for v in shown.window["millivolts"][0]])
    layout = beat.figure(shown)["layout"]
    first, second = layout["yaxis"]["domain"], layout["yaxis11"]["domain"]
    assert second[1] == pytest.approx(first[0])


def test_a_long_window_takes_a_smaller_scale(recording: Recording) -> None:
    window = windows.window(recording.window(1037))["window"] | {"samples": 3600, "millivolts": [[0.0, 1.0] * 1800]}
    assert beat.Beat(window, {"time": [], "value": []}).scale[0] < 25


def test_last_switch_is_where_the_final_class_begins_to_stay(recording: Recording) -> None:
    found = explanation("x" * 32, recording, 1037, "temporal_score", {})
    window = windows.window(recording.window(1037))["window"]
    panel = temporal.Temporal(over_time(found).values, window, windows.window(recording.window(1037))["classes"])
    after = [panel.winners[i] for i, time in enumerate(panel.times) if time >= (panel.switch or 0)]
    assert len(set(after)) == 1
    assert panel.winners[len(panel.winners) - len(after) - 1] != after[0]
    ribbon = next(t for t in temporal.figure(panel)["data"] if t.get("type") == "bar")
    assert sum(ribbon["width"]) == pytest.approx(600)


def test_the_course_of_the_decision_is_told_in_words(recording: Recording) -> None:
    found = explanation("x" * 32, recording, 1037, "temporal_score", {})
    panel = temporal.Temporal(
        over_time(found).values,
        windows.window(recording.window(1037))["window"],
        windows.window(recording.window(1037))["classes"],
    )
    names = {entry["symbol"]: entry["name"] for entry in panel.classes}
    told = temporal.words(panel, names)
    assert told.endswith(temporal.sentence(panel, names))
    assert told.count(" until ") == len(temporal.runs(panel)) - 1 > 0


def test_what_the_model_saw_has_its_own_axis_and_says_what_it_is(recording: Recording) -> None:
    window = windows.window(recording.window(1037))["window"]
    shown = model_input.ModelInput(window, "SD", "3–45 Hz, z-score, 216 samples at 360 Hz")
    drawn = model_input.figure(shown)
    assert drawn["data"][0]["y"] == window["input"][0]
    assert "what the model saw: its input, 3–45 Hz" in drawn["layout"]["annotations"][0]["text"]
    assert "0 SD" in drawn["layout"]["yaxis"]["ticktext"]
    assert "z-score" in model_input.words(shown)


def test_the_distance_of_the_neighbours_stands_on_the_paper(recording: Recording) -> None:
    found = windows.window(recording.window(1037))
    shown = beat.Beat(found["window"], input_text.context(found, 360.0), rr=(475.0, None))
    texts = [note["text"] for note in beat.figure(shown)["layout"]["annotations"]]
    assert "← RR 475 ms" in texts
    assert sum("RR" in text for text in texts) == 1


def test_the_desk_at_1440_has_the_designs_measures() -> None:
    at = desk(1440)
    assert (at.content, at.paper, at.beat, at.side) == (1021, 945, 386, 379)
    assert desk(1280).side == 340
    assert desk(1800).paper == 945 + 360


@pytest.mark.parametrize("window", [1024, 1440, 1600, 1920, 2560, 3840])
def test_on_a_larger_screen_maps_and_facts_both_have_more_room_and_overlap_nowhere(window: int) -> None:
    at, before = desk(window), desk(window - 100)
    facts = 0 if window < 1100 else 217  # below the maps, or beside them
    assert 2 * at.beat + facts + 32 <= at.content
    assert before.beat <= at.beat
    assert before.content - 2 * before.beat <= at.content - 2 * at.beat + 1


def test_a_wave_at_the_windows_edge_has_its_name_and_names_do_not_touch() -> None:
    per_ms = 0.378  # px: 100 mm/s
    regions = [
        {"key": key, "name": name, "start_ms": start, "end_ms": end}
        for key, name, start, end in (("p", "P", -200.0, -190.0), ("qrs", "QRS", -45.0, 50.0), ("st", "ST", 50.0, 60.0))
    ]
    names = brackets.names(regions, "light", 272.0, 19.0, per_ms, -200.0)
    assert [name["text"] for name in names] == ["P", "QRS"]  # a bracket of 4 px within the beat stays without
    half = [brackets.LETTER * len(name["text"]) / per_ms / 2 for name in names]
    assert names[0]["x"] - half[0] >= -200.0 - 1e-9
    assert names[0]["x"] + half[0] <= names[1]["x"] - half[1]
