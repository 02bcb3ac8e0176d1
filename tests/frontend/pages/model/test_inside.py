"""What the page says of modes, units and similar windows follows from the answers alone."""

from typing import Any

from frontend.api import ApiError
from frontend.pages.model import modes, similar, units
from frontend.pages.model.asking import asked, follow, task

CARD: dict[str, Any] = {
    "id": "m",
    "classes": [{"symbol": "N", "name": "Normal"}, {"symbol": "V", "name": "Ventricular premature"}],
    "input": {"window": {"kind": "beat", "before": 1, "after": 3}},
}
EXAMPLES: dict[str, Any] = {
    "recordings": [{"id": "a", "name": "100", "seen": "train"}, {"id": "b", "name": "208", "seen": "test"}],
    "recording": [0, 1, 1], "at": [5, 7, 9], "label": ["N", "V", "F"], "output": ["N", "N", None],
    "x": [0.0, 1.0, 2.0], "y": [0.0, 1.0, 0.0], "explained": [0.5, 0.25], "units": 8, "others": 0,
}  # fmt: skip


def mode(prior: bool, far: bool | None, probability: float) -> dict[str, Any]:
    near = {"row": 1, "distance": 0.5, "samples": [[0.0, 1.0, 0.0, 0.0]]}
    return {
        "prior": prior, "samples": [[0.0, 0.5, 0.0, 0.0]], "probability": probability, "near": near, "nearest": near,
        "shape": 0.4, "far": far,
    }  # fmt: skip


def test_modes_lead_to_the_nearest_real_window_and_are_counted() -> None:
    one = {"distance": (0.2, 0.4), "correlation": (0.8, 0.9), "windows": 1, "patients": 1}
    both = [mode(False, True, 0.3), mode(True, False, 0.9)]
    result = {"windows": 3, "classes": [one | {"symbol": "N", "modes": both}, one | {"symbol": "V", "modes": both}]}
    shown = str(modes.content(result, EXAMPLES, CARD))
    assert "record=b&at=7&model=m" in shown
    assert "2 of 2 from noise, 0 of 2 with a prior" in shown
    assert "the modes of N, V are not even given their class" in shown


def test_a_class_without_real_windows_is_not_judged() -> None:
    one = {
        "symbol": "N",
        "distance": None,
        "correlation": None,
        "modes": [mode(False, None, 0.9), mode(True, None, 0.9)],
    }
    shown = str(modes.content({"windows": 3, "classes": [one]}, EXAMPLES, CARD))
    assert "no real windows" in shown
    assert "0 of 0 from noise" in shown
    assert "far from real" not in shown


def test_labels_that_are_no_class_of_the_model_are_hollow_and_counted() -> None:
    points = similar.points(EXAMPLES, CARD)
    assert [points["kinds"][kind]["label"] for kind in points["kind"]] == EXAMPLES["label"]
    assert [kind["own"] for kind in points["kinds"]] == [True, True, False]
    assert "1 with other labels" in str(similar.legend(points))
    assert "75% of the variance" in similar.about(EXAMPLES)


def test_what_is_among_the_nearest_is_said_with_what_is_left_out() -> None:
    said = similar.among({"among": {"V": 43, "N": 7}, "usual_distance": 0.04, "left_out": 1})
    assert said.startswith("Of the 50 nearest: 43 V, 7 N.")
    assert "within 0.04" in said
    assert said.endswith("1 window of this patient is left out.")


def test_units_beyond_chance_are_counted_apart_from_strong_ones() -> None:
    every = [{"r": -0.8, "chance": 0.3}, {"r": 0.4, "chance": 0.3}, {"r": 0.2, "chance": 0.3}]
    said = units.verdict({"units": every, "permutations": 19, "compared": 80, "erased": 20})
    assert "median |r| 0.40, 1 above 0.7; 2 beyond" in said


def test_what_is_prepared_is_asked_for_again_and_what_is_queued_is_followed() -> None:
    def preparing() -> Any:
        raise ApiError("Drawing real windows: 3 of 9.", status=503, again=2.0)

    waits = asked(preparing, "The map")
    queued = task(lambda: {"id": "x", "status": "queued", "position": 1}, "slot", "units", "Units")
    assert follow(waits, queued) == {"jobs": [queued.job], "again": 2.0}
    assert "3 of 9" in str(waits.said)
    done = task(lambda: {"id": "x", "status": "done", "result": {"a": 1}}, "slot", "units", "Units")
    assert (done.result, follow(done)) == ({"a": 1}, {"jobs": [], "again": None})
    failed = task(lambda: {"id": "x", "status": "failed", "error": "Too long"}, "slot", "units", "Units")
    assert "Too long" in str(failed.said)


def test_where_there_is_no_other_patient_that_is_said() -> None:
    found = {"among": {}, "left_out": 30, "usual_distance": None, "nearest": []}
    assert similar.among(found) == "No real window of another patient is here. 30 windows of this patient are left out."
