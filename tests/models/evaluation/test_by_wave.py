"""Shares by wave, covered waves, and what is said of them."""

import numpy as np
import pytest

from models.cards import BeatWindow, InputSpec
from models.evaluation import by_wave, words
from models.evaluation.by_wave import Range, Region
from models.explanations.explanation import Explanation, Scale, Target, TrackResult
from models.signals.wave_errors import ranges
from models.signals.waves import Wave, Waves

SPEC = InputSpec(fs=100.0, window=BeatWindow(before=30, after=70))
WAVES = Waves(p=Wave(480, 488), qrs=Wave(495, 506), t=Wave(516, 540))


def test_regions_cover_the_window_once_and_p_lies_within() -> None:
    found = by_wave.regions(WAVES, 500, 100.0, SPEC)
    assert [region.key for region in found] == ["before", "p", "qrs", "st", "t", "after"]
    whole = [region for region in found if region.within is None]
    assert [(region.start, region.end) for region in whole] == [(0, 25), (25, 37), (37, 46), (46, 71), (71, 100)]


def test_regions_follow_another_sampling_frequency() -> None:
    moved = Waves(qrs=Wave(4950, 5060))
    found = by_wave.regions(moved, 5000, 1000.0, SPEC)
    assert [(region.key, region.start, region.end) for region in found] == [
        ("before", 0, 25),
        ("qrs", 25, 37),
        ("after", 37, 100),
    ]
    assert found[-1].name == "After QRS"


def test_no_qrs_no_regions() -> None:
    assert by_wave.regions(Waves(), 500, 100.0, SPEC) == []


def test_waves_outside_the_window_are_cut_or_left_out() -> None:
    far = Waves(p=Wave(440, 460), qrs=Wave(495, 506), t=Wave(560, 600))
    found = by_wave.regions(far, 500, 100.0, SPEC)
    assert [region.key for region in found] == ["before", "qrs", "st", "t"]
    assert found[-1].end == 100


def test_shares_add_up_and_their_range_holds_them() -> None:
    relevance = np.random.default_rng(0).standard_normal((2, 100)).astype(np.float32)
    found = by_wave.regions(WAVES, 500, 100.0, SPEC)
    shares = by_wave.shares(relevance, found)
    whole = [share for region, share in zip(found, shares, strict=True) if region.within is None]
    assert sum(share.value for share in whole) == pytest.approx(1.0)
    assert all(share.low <= share.value <= share.high for share in shares)
    assert by_wave.shares(np.zeros((1, 100), np.float32), found)[0] == Range(0.0, 0.0, 0.0)


def test_a_share_at_a_boundary_has_a_wide_range() -> None:
    relevance = np.zeros((1, 100), np.float32)
    relevance[0, 36] = 1.0  # the first sample of ST
    st = by_wave.shares(relevance, [Region("st", "ST", 36, 46, start_moves=(-1, 1), end_moves=(-1, 1))])[0]
    assert (st.value, st.low, st.high) == (1.0, 0.0, 1.0)


def test_a_boundary_moves_by_its_own_error_and_the_windows_ends_stay() -> None:
    found = {region.key: region for region in by_wave.regions(WAVES, 500, 100.0, SPEC)}
    assert found["before"].start_moves == found["after"].end_moves == by_wave.FIXED
    low, high = ranges()["QRS end", "narrow"]
    assert found["qrs"].end_moves == found["st"].start_moves == (round(low * 100), round(high * 100))
    broad = {region.key: region for region in by_wave.regions(Waves(qrs=Wave(490, 506)), 500, 100.0, SPEC)}
    low, high = ranges()["QRS onset", "very broad"]  # 160 ms
    assert broad["qrs"].start_moves == (round(low * 100), round(high * 100))


def test_shifted_spans_keep_the_windows_ends_and_are_never_empty() -> None:
    spans = by_wave.shifted(Region("before", "Before QRS", 0, 1, end_moves=(-4, 4)), 100)
    assert spans[0] == (0, 1)
    assert len(spans) == 10
    assert all(start < end for start, end in spans)
    assert {start for start, _ in spans} == {0}
    moved = by_wave.shifted(Region("qrs", "QRS", 25, 36, start_moves=(-3, 1), end_moves=(-2, 5)), 100)
    assert moved[0] == (25, 36)
    assert {start for start, _ in moved} == {22, 25, 26}
    assert {end for _, end in moved} == {34, 36, 41}


def explanation(**changes: object) -> Explanation:
    scale = {
        "unit": "1 − m", "maximum": 0.8, "full": 1.0, "full_is_fixed": True, "nothing_found": False,
        "score_before": 3.0,
        "score_after": -2.0, "probability_before": 0.97, "probability_after": 0.12, "deleted_fraction": 0.18,
        "deletion_value": "0", "all_deleted": {"N": 0.9, "V": 0.1},
    }  # fmt: skip
    own = {key: changes.pop(key) for key in list(changes) if key in scale}
    fields = {
        "id": "0" * 32, "method": "learned_mask", "title": "Learned mask", "parameters": {}, "version": "1",
        "target": Target(index=1, symbol="V", name="Ventricular premature"), "signed": False,
        "relevance": [[0.0] * 25 + [1.0] * 11 + [0.0] * 64], "scale": Scale(**(scale | own)),
        "model": "m",
        "weights_sha256": "0" * 64, "versions": {}, "seconds": 1.0, "created": "2026-01-01T00:00:00+00:00",
    }  # fmt: skip
    return Explanation(**(fields | changes))  # type: ignore[arg-type]


def told(**changes: object) -> str:
    found = explanation(**changes)
    regions = by_wave.regions(WAVES, 500, 100.0, SPEC)
    shares = by_wave.shares(np.array(found.relevance, np.float32), regions) if found.relevance else []
    return words.of_map(words.WaveSummary(found, regions, shares))


def test_a_map_in_words() -> None:
    assert told() == (
        "Learned mask: the probability of Ventricular premature falls from 0.97 to 0.12 with the marked 18% of the "
        "window set to 0; 100% of the weight is on the QRS."
    )


def test_words_carry_only_what_the_numbers_do() -> None:
    assert "rises from 0.12 to 0.97" in told(probability_before=0.12, probability_after=0.97)
    assert "stays at 0.82" in told(probability_before=0.8249, probability_after=0.8151)
    assert "stays at 0.97" in told(probability_after=0.968)
    assert "the marked <1% of" in told(deleted_fraction=0.004)
    assert "set to mean" in told(deletion_value="mean")
    nothing = told(nothing_found=True, maximum=0.03)
    assert nothing == "Learned mask found nothing: the map moved at most 0.03, less than 0.05."
    both = [[0.0] * 10 + [-1.0] * 10 + [0.0] * 10 + [1.0] * 30 + [0.0] * 40]
    assert told(method="other", signed=True, relevance=both).endswith("25% of it lowers the score.")
    assert "lowers" not in told(method="other", signed=False, relevance=both)
    assert told(method="occlusion", deleted_fraction=0.0).startswith("Learned mask: no sample raises the score; ")


def test_each_method_is_told_in_its_own_terms() -> None:
    both = [[0.0] * 10 + [-1.0] * 10 + [0.0] * 10 + [1.0] * 30 + [0.0] * 40]
    hidden = told(method="occlusion", title="Occlusion", signed=True, relevance=both)
    assert "with the 18% of the window that counts most set to 0; 35% of the effect is on T" in hidden
    assert hidden.endswith("25% of it belongs to samples that, hidden, raise the score.")
    slope = told(method="input_derivative", title="Input derivative", signed=True, relevance=both)
    assert "with the 18% of the window where the slope is steepest set to 0; 35% of the slope is on T" in slope
    assert slope.endswith("on 25% of it a higher signal lowers the score.")
    small = told(method="input_derivative", nothing_found=True, maximum=0.04, full=3.8, unit="logit per SD")
    assert small.endswith("it reaches at most 0.04 logit per SD, less than 0.19.")


def test_a_decision_over_time_marks_nothing() -> None:
    curve = [0.2] * 30 + [0.91] * 30 + [0.87] * 40
    shown = {"method": "over_time", "title": "Temporal output score", "relevance": None, "scale": None}
    curves = [[1 - value, value] for value in curve]
    output = {"role": "probability", "name": "output", "dims": ("time", "class"), "values": curves}
    tipped = told(**shown, tracks=(TrackResult(**output),))
    assert tipped == (
        "Temporal output score: while the window is read, the probability of Ventricular premature moves between 0.20 "
        "and 0.91 and ends at 0.87; the most probable class changes for the last time after 31% of the window, on the "
        "QRS."
    )
    across = output | {"dims": ("class", "time"), "values": [[0.2] * 3, [0.8] * 3]}
    steady = told(**shown, tracks=(TrackResult(**across),))
    assert steady.endswith("the most probable class is the same throughout.")


def test_what_is_neither_a_map_nor_over_time_is_named() -> None:
    states = TrackResult(role="state", name="forget gate", dims=("unit", "time"), values=[[0.5]])
    said = told(title="States", relevance=None, scale=None, tracks=(states,))
    assert said == "States: no map of relevance, but forget gate."


def test_the_last_switch_is_where_the_final_class_begins_to_stay() -> None:
    for winners, expected in (([0, 1, 1, 0, 0], 3), ([2, 2, 2, 2, 2], 0), ([0, 0, 0, 0, 1], 4)):
        assert words.last_switch(np.eye(3)[winners]) == expected


def test_many_regions_are_named_heaviest_first_and_small_ones_left_out() -> None:
    relevance = [[0.0] * 25 + [1.0] * 11 + [0.0] * 10 + [0.25] * 24 + [0.01] * 30]
    assert told(relevance=relevance).endswith("; 64% of the weight is on the QRS, 35% on T.")
    assert words.where(Region("after", "After QRS", 0, 1)) == "after the QRS"
    assert words.where(Region("after", "After T", 0, 1)) == "after T"
    flat = words.WaveSummary(explanation(), [], [])
    assert words.weight(flat) == ""


def test_agreement_and_rhythm_in_words() -> None:
    assert words.agreement(0.29) == "The two agree weakly (rank correlation 0.29)."
    assert words.agreement(-0.3) == "The two point to different places (rank correlation −0.30)."
    assert words.agreement(None) == ""
    steady = [700.0] * 8
    assert words.rhythm([*steady, 462.0]) == "The beat comes 34% early (RR 462 ms)."
    assert words.rhythm([*steady, 1000.0]) == "The beat comes 43% late (RR 1000 ms)."
    assert words.rhythm([*steady, 690.0]) == "The beat comes on time (RR 690 ms)."
    assert words.rhythm([float("nan")]) == words.rhythm([]) == words.rhythm([700.0, 700.0]) == ""


def test_a_change_whose_sign_depends_on_the_boundaries_says_so() -> None:
    assert Range(-0.21, -0.21, 0.02).changes_sign
    assert not Range(-0.21, -0.30, 0.001).changes_sign


def summary_of(track: TrackResult) -> words.WaveSummary:
    found = explanation(relevance=None, scale=None, tracks=[track])
    return words.WaveSummary(found, by_wave.regions(WAVES, 500, 100.0, SPEC), [])


def test_the_output_over_time_says_where_the_decision_last_changed() -> None:
    curves = np.tile([0.7, 0.3], (100, 1))
    curves[40:] = [0.2, 0.8]
    track = TrackResult(role="probability", name="output", dims=["time", "class"], values=curves.tolist(), unit="")
    said = words.over_time(summary_of(track))
    assert "moves between 0.30 and 0.80 and ends at 0.80" in said
    assert "after 41% of the window, " in said
    assert words.last_switch(curves) == 40
    turned = track.model_copy(update={"dims": ["class", "time"], "values": curves.T.tolist()})
    assert words.over_time(summary_of(turned)) == said
    still = track.model_copy(update={"values": curves[:40].tolist()})
    assert words.over_time(summary_of(still)).endswith("the same throughout")
    other = track.model_copy(update={"role": "attention"})
    assert words.over_time(summary_of(other)) == "no map of relevance, but output"
