"""The trust panel, the table by wave and the brackets say what the service's numbers say."""

import pytest
from fake_answers import BEFORE, FS, Recording, explanation
from fake_trust import cut_at_waves, earlier, judgement, told_by_wave

from frontend import trust_view
from frontend.api import Api
from frontend.figures import beat as map_figure
from frontend.figures import brackets, curves
from frontend.maps import frame
from frontend.pages.desk.panels import by_wave, trust
from frontend.view import View
from frontend.wording import classes

VIEW = View(record="test~1", at=1037)
REGIONS = cut_at_waves()["regions"]


@pytest.fixture
def mask(recording: Recording) -> dict[str, object]:
    return explanation("1" * 32, recording, 1037, "learned_mask", {})


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("holds up", ("Holds up", "none of 300 random masks do as well; 0.21 ahead of |x|")),
        ("better than chance", ("1% of 300 random masks do as well; 0.02 behind |x|, which knows no model",)),
        ("not told from chance", ("Not told from chance", "11% of 300 random masks do as well")),
        ("cannot be judged", ("This window cannot tell", "replaced by 3 windows of PVC, the class falls by 0.04 only")),
        ("nothing found", ("there is nothing to judge",)),
    ],
)
def test_the_verdict_has_its_reason_and_how_often_it_is_wrong(
    mask: dict[str, object], verdict: str, words: tuple[str, ...]
) -> None:
    props = trust.judged(judgement(mask, verdict), None, VIEW)
    told = str(props["trust-verdict"]["children"])
    assert [each for each in words if each not in told] == []
    assert "held up in 3% (95% interval to 7%), occlusion, or less; 120 windows, unseen patients" in told
    assert "better than" in props["trust-deletion-words"]["aria-label"]
    assert "Replaced by 3 windows of PVC" in str(props["trust-facts"]["children"])


def test_that_nobody_measured_how_often_it_is_wrong_is_said(mask: dict[str, object]) -> None:
    assert "was not measured for this model" in trust_view.error_rates(judgement(mask) | {"error_rates": None})


@pytest.mark.parametrize(
    ("deletion", "insertion", "words"),
    [
        (0.97, 0.96, "Holds up"),
        (0.97, 0.5, "beats random on deletion only"),
        (0.5, 0.97, "beats random on insertion only"),
        (0.5, 0.5, "Not faithful: do not rely on it"),
    ],
)
def test_a_verdict_of_the_earlier_rule_stays_what_it_was_and_says_so(
    mask: dict[str, object], deletion: float, insertion: float, words: str
) -> None:
    told = str(trust.judged(earlier(mask, deletion, insertion), None, VIEW))
    assert words in told
    assert "Judged by an earlier rule" in told
    assert "All samples set to 0" in told


def test_the_panel_holds_both_slots_and_asks_for_what_is_missing(api: Api) -> None:
    part = trust.update(api, VIEW)
    assert set(part.data["slots"]) == {"a", "b"}
    assert part.data["names"] == {"a": "A mask", "b": "B occlusion"}
    assert part.data["judge"] == []  # the stand-in has judged everything
    told = str(part.data["slots"]["a"]["trust-facts"]["children"])
    assert all(words in told for words in ("Agreement with occlusion", "0.29 weak", "Stable under noise", "RBBB 0.77"))


def test_occlusion_alone_is_compared_with_nothing(mask: dict[str, object]) -> None:
    alone = judgement(mask) | {"agreement": []}
    assert "Agreement" not in str(trust.rows(alone, None))
    assert "Agreement with learned mask" in str(trust.rows(alone, ("Learned mask", 0.3)))


def test_a_map_that_is_not_judged_yet_is_asked_for(mask: dict[str, object]) -> None:
    answer = told_by_wave([mask])
    answer["maps"][0]["trust"] = None
    answer["of"] = {one["id"]: one for one in answer["maps"]}
    job = {"id": mask["id"], "status": "done", "slot": "a", "method": "learned_mask", "title": "Learned mask"}
    asked = trust_view.wanted(VIEW, [job], answer)
    assert asked[0]["ask"] == {
        "recording": "test~1", "at": 1037, "urgency": "secondary", "explainer": {"method": "learned_mask"}
    }  # fmt: skip
    assert trust_view.wanted(VIEW, [job | {"status": "running"}], answer) == []
    assert "Being judged" in str(trust.slot_props(job, answer, VIEW)["trust-verdict"])


def test_a_map_that_nothing_tells_from_chance_is_marked_and_drawn_as_it_is(mask: dict[str, object]) -> None:
    good, bad = ({"trust": judgement(mask, verdict)} for verdict in ("holds up", "not told from chance"))
    before = {"trust": earlier(mask, 0.1, 0.1)}
    strengths = [trust_view.strength(one) for one in (good, bad, before, None)]
    assert strengths == [1.0, 1.0, 0.5, 1.0]  # what was not shown is no fault of the map
    job = {"title": "Learned mask", "cached": True}
    assert "Not told from chance" in str(frame.head("a", job, mask, bad))
    assert "Not faithful" in str(frame.head("a", job, mask, before))
    assert "Holds up" not in str(frame.head("a", job, mask, good))


def test_saturation_is_said_by_the_earlier_rule(mask: dict[str, object]) -> None:
    flat = {"all_deleted": {"N": 0.1, "R": 0.1, "/": 0.1, "V": 0.55}}
    flat |= {"target": {"index": 3, "symbol": "V", "name": "Ventricular premature"}}
    assert "PVC is still 0.55" in str(trust_view.caveat(earlier(mask) | flat, "PVC"))
    assert trust_view.caveat(judgement(mask) | flat, "PVC") is None  # a verdict of its own today
    normal = {"target": {"index": 0, "symbol": "N", "name": "Normal"}}
    assert trust_view.caveat(earlier(mask) | normal, "Normal") is None


def test_the_table_has_shares_changes_and_their_ranges(api: Api) -> None:
    told = str(by_wave.update(api, VIEW).props["facts"]["children"])
    for words in (
        "By wave",
        "After QRS",
        "30–50",
        "−0.30",
        "−0.50 … −0.10",
        "over the boundaries' errors",
        "−8 … +42 ms",
        "Boundaries: a test",
    ):
        assert words in told, words


def test_a_change_names_the_class_that_wins_then_and_an_unsure_sign() -> None:
    base = {"value": 0.25, "low": -0.02, "high": 0.3, "symbol": "V", "changes_sign": True}
    told = str(by_wave.change({"covered": [base], "regions": REGIONS, "top": "/"}, 0))
    assert "+0.25" in told
    assert "Ventricular premature" in told
    assert "Its sign depends on the boundaries" in told
    same = str(
        by_wave.change({"covered": [base | {"symbol": "/", "changes_sign": False}], "regions": REGIONS, "top": "/"}, 0)
    )
    assert "Its sign" not in same
    assert "chip" not in same


def test_classes_have_their_short_names_in_words() -> None:
    answer = {"target": "V", "target_name": "Ventricular premature", "words": []}
    assert (
        classes.named_short("the probability of Ventricular premature falls", answer) == "the probability of PVC falls"
    )


def test_brackets_stand_over_their_waves_and_a_missing_p_is_said() -> None:
    shapes = brackets.shapes(REGIONS, "light", 272, 19, 53)
    ends = {(shape["x0"], shape["x1"]) for shape in shapes if shape["y0"] == shape["y1"]}
    assert ends == {((47 - BEFORE) * 1000 / FS, (108 - BEFORE) * 1000 / FS)}
    names = [note["text"] for note in brackets.names(REGIONS, "light", 272, 19, 0.378, -200.0)]
    assert names == ["QRS", "P not found"]
    with_p = [*REGIONS, {"key": "p", "name": "P", "start_ms": -150.0, "end_ms": -90.0}]
    assert "P not found" not in [note["text"] for note in brackets.names(with_p, "light", 272, 19, 0.378, -200.0)]
    assert brackets.names([], "light", 272, 19, 0.378, -200.0) == []


def test_a_map_without_waves_keeps_the_length_of_its_input() -> None:
    window = {"samples": 216, "fs": FS, "before": BEFORE, "millivolts": [[0.01 * i for i in range(216)]]}
    around: dict[str, list[float | None]] = {"time": [], "value": []}
    drawn = [map_figure.figure(map_figure.Beat(window, around, regions=regions)) for regions in ([], REGIONS)]
    texts = [[note["text"] for note in figure["layout"]["annotations"]] for figure in drawn]
    assert any("the model's input" in text for text in texts[0])
    assert "QRS" in texts[1]


def test_a_curve_has_a_band_and_its_own_line() -> None:
    shown = curves.figure({"map": [1, 0], "random": [1, 0.5], "low": [0.9, 0.2], "high": [1, 0.8]}, [0, 0.6], "dark")
    assert [trace.get("fill") for trace in shown["data"]] == [None, "tonexty", None, None]
    assert shown["layout"]["xaxis"]["ticktext"] == ["0%", "30%", "60%"]


def test_numbers_as_words() -> None:
    assert trust_view.agreement(0.29) == "0.29 weak"
    assert trust_view.agreement(-0.5) == "−0.50 opposed"
    assert trust_view.agreement(None) == "not defined: a map is flat"
    assert trust_view.stable([0.9, None, 0.8]) == "0.85"
    assert trust_view.stable([None]) == "not defined"
    assert [trust_view.signed(value) for value in (0.25, -0.14, 0.001)] == ["+0.25", "−0.14", "0.00"]
    assert trust_view.span(0.64, 0.8) == "64–80%"
    assert trust_view.span(0.5, 0.5) == "50%"
