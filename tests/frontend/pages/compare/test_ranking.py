"""The ranking says which map held up, what knows no model, and no more than the numbers."""

import pytest
from fake_answers import Recording, explanation
from fake_trust import judgement, told_by_wave

from frontend.pages.compare import ranking

METHODS = ("learned_mask", "occlusion", "temporal_score")


@pytest.fixture
def found(recording: Recording) -> list[dict[str, object]]:
    return [explanation(str(i) * 32, recording, 1037, method, {}) for i, method in enumerate(METHODS)]


def test_methods_and_what_knows_no_model_stand_in_one_table(found: list[dict[str, object]]) -> None:
    jobs = [{"id": one["id"], "title": one["title"]} for one in found]
    told = str(ranking.panel(jobs, told_by_wave(found)))
    rows = ("Learned mask", "Random, mean of 300", "|x|, knows no model", "Triangle at R", "Agreement between maps")
    assert all(words in told for words in rows)
    assert "Temporal" not in told
    assert "judged so far" not in told


def test_a_better_verdict_stands_first(found: list[dict[str, object]]) -> None:
    rows = [judgement(found[0]), judgement(found[1], "holds up")]
    assert sorted(rows, key=ranking.rank)[0]["verdict"] == "holds up"


def test_what_is_still_being_judged_is_counted(found: list[dict[str, object]]) -> None:
    answer = told_by_wave(found)
    answer["maps"][0]["trust"] = None
    told = str(ranking.panel([{"id": one["id"], "title": one["title"]} for one in found], answer))
    assert "1 of 2 maps judged so far." in told


def test_the_sentence_follows_the_numbers(found: list[dict[str, object]]) -> None:
    mask, occlusion = found[0], found[1]
    both = ranking.sentence([judgement(mask, "holds up"), judgement(occlusion, "holds up")])
    assert both.startswith("Learned mask and occlusion hold up.")
    one = ranking.sentence([judgement(mask), judgement(occlusion, "better than chance")])
    assert "Learned mask cannot be told from chance here." in one
    assert "Occlusion is better than chance, and not than what knows no model." in one
    assert "|x|, which knows no model, is 0.10 ahead of random masks on this beat too." in one
    assert "Replaced whole by 3 windows of PVC it gives RBBB 0.77." in one
    assert "held up in 3% (95% interval to 7%)" in one


def test_names_with_capitals_inside_keep_them_in_a_sentence() -> None:
    assert ranking.joined(["LIME", "Gradient × input", "KernelSHAP", "Occlusion"]) == (
        "LIME, gradient × input, KernelSHAP and occlusion"
    )
