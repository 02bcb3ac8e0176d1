"""The output's words: what a probability is called, and what the output hangs on."""

from frontend.pages.desk.panels.output import moved, reference, verdict
from frontend.ui.elements import html

CLASSES = [{"symbol": "N", "name": "Normal"}, {"symbol": "V", "name": "Ventricular premature"}]
SAID = {"symbol": "N", "name": "Normal", "probabilities": [0.86, 0.14]}


def text(element: object) -> str:
    return str(html.Div(element))


def test_a_probability_is_called_calibrated_only_where_a_test_bears_it_out() -> None:
    assert "calibrated probability" in text(verdict(SAID, CLASSES, {"calibrated": True, "text": "From 5 patients."}))
    for worth in ({}, {"calibrated": False, "text": "Off by 5%."}):
        shown = text(verdict(SAID, CLASSES, worth))
        assert "model's probability" in shown
        assert "calibrated" not in shown
    assert "Off by 5%." in text(verdict(SAID, CLASSES, {"calibrated": False, "text": "Off by 5%."}))


def test_how_far_the_output_hangs_on_r_is_said_and_what_it_becomes() -> None:
    steady = {**SAID, "range": {"ms": 8.3, "low": 0.83, "high": 0.91, "others": []}}
    assert "0.83 … 0.91 as R moves by ±8 ms" in text(moved(steady, CLASSES))
    assert "becomes" not in text(moved(steady, CLASSES))
    tipping = {**SAID, "range": {"ms": 8.3, "low": 0.4, "high": 0.91, "others": ["V"]}}
    assert "becomes PVC" in text(moved(tipping, CLASSES))
    assert moved({**SAID, "range": None}, CLASSES) is None
    assert moved(SAID, CLASSES) is None  # an answer of an older service


def test_a_class_has_one_name_on_the_desk() -> None:
    said = SAID | {"symbol": "V", "name": "Ventricular premature", "probabilities": [0.1, 0.9]}
    beat = {"symbol": "V", "name": "Ventricular premature", "prediction": said, "classes": CLASSES, "note": None}
    shown = text([verdict(said, CLASSES, {}), reference({"beat_source": "atr"}, beat)])
    assert shown.count("children='PVC'") == 2
    assert "children='Ventricular premature'" not in shown
