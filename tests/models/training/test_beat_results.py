"""What the beat model's figures count: misses, false detections, patients, and when to say nothing."""

from collections.abc import Callable

import numpy as np
import pytest
import torch

from models.cards import BeatWindow
from models.networks.beat_measures import BeatMeasures, BeatMeasuresConfig
from models.training.beats.results import NOTHING, Answers, abstention, answers, joined, patient_intervals, read
from models.training.datasets.mitdb import MarkedRecord

CONFIG = BeatMeasuresConfig(leads=2, classes=4, before=700, after=400, earlier=7, later=5, width=8)


def answered(labels: list[int], said: list[int], missed: list[bool] | None = None, name: str = "a") -> Answers:
    count = len(labels)
    return Answers(
        logits=np.eye(4, dtype=np.float32)[said] * 5,
        labels=np.array(labels),
        patient=np.zeros(count, dtype=np.int64),
        patients=(name,),
        whole=np.ones(count, dtype=bool),
        missed=np.array(missed or [False] * count),
    )


def test_a_missed_beat_is_not_found_and_a_false_detection_lowers_the_ppv() -> None:
    found = answered([2, 2, 2, 0, NOTHING], [2, 2, 0, 0, 2], [False, False, True, False, False]).with_misses()
    ventricular = found["per_class"]["V"]
    assert ventricular["sensitivity"] == pytest.approx(2 / 3)
    assert ventricular["ppv"] == pytest.approx(2 / 3)
    assert found["per_class"]["-"] == {"missed": 1, "false": 1}


def test_joined_answers_keep_each_beats_patient() -> None:
    both = joined([answered([0, 1], [0, 0], name="b"), answered([2], [2], name="a")])
    assert [both.patients[p] for p in both.patient] == ["b", "b", "a"]
    assert both.assessed()["per_patient"]["b"]["accuracy"] == 0.5


def test_above_the_abstention_threshold_no_more_is_wrong_than_asked() -> None:
    rng = np.random.default_rng(0)
    sure = rng.uniform(0.3, 1, 4000)
    probabilities = np.stack([sure, 1 - sure], axis=1).astype(np.float32)
    labels = (rng.uniform(size=4000) > sure).astype(np.int64)
    threshold = abstention(probabilities, labels, 0.1)
    given = probabilities.max(axis=1) >= threshold
    wrong = probabilities.argmax(axis=1)[given] != labels[given]
    assert 0.05 < wrong.mean() <= 0.1
    assert threshold > 0.5


def test_where_no_answer_is_good_enough_all_are_withheld() -> None:
    assert abstention(np.array([[0.9, 0.1]], dtype=np.float32), np.array([1]), 0.01) == 1.0


def test_the_interval_over_patients_holds_the_f1_and_one_patient_has_none() -> None:
    rng = np.random.default_rng(1)
    labels, patient = rng.integers(0, 4, 800), np.repeat(np.arange(8), 100)
    said = np.where(rng.uniform(size=800) < 0.05 * patient, (labels + 1) % 4, labels)
    logits = np.eye(4, dtype=np.float32)[said]
    for index, (low, high) in enumerate(patient_intervals(logits, labels, patient).values()):
        hit = ((labels == index) & (said == index)).sum()
        f1 = 2 * hit / ((labels == index).sum() + (said == index).sum())
        assert low < f1 < high
    one = patient_intervals(logits[:100], labels[:100], patient[:100])
    assert all(low == high for low, high in one.values())


def test_a_missing_lead_is_zero_and_beats_at_the_ends_have_no_window(marked: Callable[..., MarkedRecord]) -> None:
    torch.manual_seed(0)
    network = BeatMeasures(CONFIG).eval()
    record = marked()
    window = BeatWindow(before=CONFIG.before, after=CONFIG.after)
    both = answers(network, [record], window)
    first = answers(network, [record], window, lead=0)
    assert len(both.labels) == (record.labels != NOTHING).sum()
    assert 0 < (~both.whole).sum() < 20
    assert np.abs(both.logits - first.logits).max() > 0
    still = type(record)(**{**vars(record), "signal": record.signal * np.array([[1], [0]], dtype=np.float32)})
    np.testing.assert_allclose(answers(network, [still], window).logits, first.logits, atol=1e-6)


def test_reading_a_whole_recording_is_reading_its_windows(marked: Callable[..., MarkedRecord]) -> None:
    torch.manual_seed(0)
    network = BeatMeasures(CONFIG).eval()
    record = marked("4", 20)
    starts = np.array([0, 1, 2, 3, 400, 777])
    each = np.stack([record.signal[:, start : start + CONFIG.samples] for start in starts])
    with torch.inference_mode():
        expected = network(torch.from_numpy(each)).numpy()
    found = read(network, record.signal, starts, CONFIG.samples, 4)
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-4)
