"""Numbers, addresses, classes and sentences as the screen writes them."""

from urllib.parse import urlencode

import pytest
from fake_answers import CARD

from frontend import address, format, vocabulary
from frontend.pages.desk.panels import output
from frontend.tokens import CLASSES, TOKENS, css
from frontend.vocabulary import MITBIH, label
from frontend.wording import classes, input_text


def test_times_are_hours_to_milliseconds() -> None:
    assert format.hms(23.106) == "00:00:23.106"
    assert format.hms(3599.9996) == "01:00:00.000"
    assert format.length(1805.56) == "30:06"
    assert format.length(86_400) == "24:00:00"


def test_a_name_inside_a_sentence_keeps_its_own_capitals() -> None:
    names = ["Learned mask", "Gradient × input", "SmoothGrad", "LIME", "Guided Grad-CAM"]
    written = ["learned mask", "gradient × input", "SmoothGrad", "LIME", "Guided Grad-CAM"]
    assert [format.uncapital(name) for name in names] == written


def test_minus_is_a_minus() -> None:
    assert format.number(-0.137) == "−0.14"
    assert format.number(-0.001) == "0.00"
    assert format.short(-1.614) == "−1.61"
    assert format.short(4.0) == "4"


def test_what_is_not_zero_is_not_called_zero() -> None:
    assert format.percent(0.004) == "<1%"
    assert format.percent(0.0) == "0%"


def test_patients_whose_header_says_nothing() -> None:
    assert format.patient(23, "F") == "23 y · F"
    assert format.patient(None, None) == "–"
    assert format.patient(-1, "M") == "M"


@pytest.mark.parametrize(
    "text",
    [
        "?record=mitdb~208&at=8318&lead=MLII&a=learned_mask,steps=200,fill=mean&b=input_derivative",
        "?record=demo~208-excerpt",
        "?record=mitdb~100&at=77&model=mitbih-lstm-pooled&target=V",
    ],
)
def test_an_address_is_read_back(text: str) -> None:
    found = address.parse(text)
    assert "?" + urlencode(found, safe="~,=") == text


def test_an_address_of_before_is_read_by_todays_names() -> None:
    assert address.parse("?record=mitdb~208&beat=8318") == {"record": "mitdb~208", "at": "8318"}
    assert address.parse("?at=7&beat=8318") == {"at": "7"}


def test_what_an_address_leaves_empty_is_left_out() -> None:
    assert address.parse("?at=&a=&zzz=1") == {"zzz": "1"}
    assert address.parse(None) == {}


def test_parameters_of_an_address_have_their_types() -> None:
    method = address.parse_method("learned_mask,steps=200,lambda1=0.5,fill=mean,each=True")
    assert method.body == {"method": "learned_mask", "steps": 200, "lambda1": 0.5, "fill": "mean", "each": True}


def test_agreement_with_the_reference() -> None:
    known = ["N", "R", "/", "V"]
    assert classes.compare("V", "V", known) == "agrees"
    assert classes.compare("V", "/", known) == "differs"
    assert classes.compare("F", "N", known) == "no such class"
    assert classes.compare(None, "N", known) == "no reference"


def test_every_beat_symbol_has_a_name_a_short_name_and_a_colour() -> None:
    assert len({one.code for one in MITBIH}) == len(MITBIH) == 19
    assert all(one.name and one.short for one in MITBIH)
    assert {one.colour_group for one in MITBIH} == set(CLASSES)


def test_one_code_means_what_its_name_says() -> None:
    assert classes.short("A", {"A": "Atrial premature"}) == "Atrial prem."
    assert classes.short("A", {"A": "Atrial fibrillation"}) == "Atrial fibrillation"  # a model's own name
    sent = {"code": "A", "name": "Atrial fibrillation", "short": "AF", "colour_group": "A", "key": "a"}
    vocabulary.add({"name": "cinc2017", "labels": [sent]})
    assert classes.short("A", {"A": "Atrial fibrillation"}) == "AF"
    assert (label("A", "Atrial fibrillation").group.name, label("A").name) == ("Atrial premature", "Atrial premature")
    assert label("died", "Died in hospital").group.key == "Q"


def test_both_themes_have_the_same_tokens() -> None:
    assert set(TOKENS["light"]) == set(TOKENS["dark"])
    assert "--cP:#006070" in css({})
    assert "--rel:#5AA7FF" in css({})


def test_what_reached_the_model_is_told_from_its_card() -> None:
    spec = CARD["input"]
    beat = {"window": {"samples": 216}}
    assert input_text.sentence(spec, beat, ["MLII", "V1"]) == "It saw 600 ms of MLII, 3–45 Hz. RR did not reach it."
    reads_rr = spec | {"reads_rr": True, "leads": 2}
    assert input_text.sentence(reads_rr, beat, ["I", "II"]) == "It saw 600 ms of I and II, 3–45 Hz. RR reached it."


def test_a_lead_that_is_not_recorded_and_one_in_anothers_place_are_told() -> None:
    spec = {"fs": 100, "reads_rr": True, "preprocessing": []}
    beat = {"channels": ["MLII", "V1"], "missing": ["V1"], "window": {"samples": 860}}
    assert input_text.sentence(spec, beat, []) == (
        "It saw 8.6 s of MLII. V1 is not recorded: a flat line stood for it. RR reached it."
    )
    assert input_text.channels(beat) == ["MLII", "V1, not recorded"]
    stood = {"channels": ["MLII", "V5"], "stand_ins": {"V1": "V5"}, "window": {"samples": 860}}
    assert input_text.sentence(spec, stood, []) == "It saw 8.6 s of MLII and V5 in place of V1. RR reached it."


def test_what_a_model_of_longer_windows_saw_is_what_it_read() -> None:
    """Not the most that it reads, and the leads by the names of those that it found."""
    spec = {"fs": 300, "leads": 2, "reads_rr": False, "preprocessing": [], "window": {"kind": "whole", "longest": 9000}}
    read = {"kind": "whole", "channels": ["V1", "I"], "window": {"samples": 3750}}
    assert input_text.sentence(spec, read, ["I", "V1"]) == "It saw 12.5 s of V1 and I."
    stay = {"kind": "whole", "channels": ["HR", "Temp", "GCS"], "window": {"samples": 40}}
    assert input_text.sentence(spec | {"fs": 1 / 3600}, stay, []) == "It saw 40 h of HR, Temp and GCS."
    assert input_text.preparation(spec | {"fs": 1 / 3600}) == "up to 9000 samples, every 1 h"
    assert input_text.preparation(spec) == "up to 9000 samples at 300 Hz"


def test_a_model_of_several_labels_says_all_that_it_gives() -> None:
    known = [{"symbol": "N", "name": "Normal"}, {"symbol": "V", "name": "Ventricular premature"}]
    said = {"symbol": "N", "name": "Normal", "labels": ["N", "V"], "margin": 0.3, "runner_up": "V"}
    assert classes.answer(said, known) == "Normal, PVC"
    assert classes.answer(said | {"labels": ["N"]}, known) == "Normal"
    none = said | {"symbol": None, "labels": [], "name": "None of its labels"}
    assert classes.answer(none, known) == "None of its labels"
    assert classes.margin(said, known) == "margin 0.30 over PVC"
    assert classes.margin(said, known, {"activation": "sigmoid"}) == "margin 0.30 to the nearest threshold"
    assert classes.margin(said | {"runner_up": None}, known) == "margin 0.30 to the nearest threshold"


def test_a_reference_among_several_labels_agrees() -> None:
    assert classes.compare("V", "N", ["N", "V"], ["N", "V"]) == "agrees"
    assert classes.compare("V", "N", ["N", "V"], ["N"]) == "differs"
    assert classes.compare("V", None, ["N", "V"], []) == "differs"
    assert classes.compare("Q", "N", ["N", "V"], ["N"]) == "no such class"


def test_a_word_has_its_first_letter_on_a_chip() -> None:
    assert [vocabulary.letters(code) for code in ("N", "MI", "survived", "/")] == ["N", "MI", "S", "/"]


def test_remarks_leave_out_age_and_none() -> None:
    assert input_text.remarks(["23 F 2546 N/A x1", "None", "The PVCs  are uniform."]) == "The PVCs are uniform."
    tagged = ["<age>: 51", "<sex>: F", "<diagnoses>:", "Rhythm: Sinus bradycardia."]
    assert input_text.remarks(tagged) == "Diagnoses: Rhythm: Sinus bradycardia."


def test_a_small_margin_is_called_uncertain() -> None:
    said = {"margin": 0.2, "runner_up": "V"}
    assert "uncertain" in str(output.margin(said, CARD["classes"]))
    assert "uncertain" not in str(output.margin(said | {"margin": 0.25}, CARD["classes"]))
