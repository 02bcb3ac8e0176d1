"""The verdict's error rates: what counts as wrong, what is kept between runs, and what page and card say."""

from pathlib import Path

import numpy as np
import pytest

from models import zoo
from models.evaluation import verdict_tables, verdicts
from models.evaluation.sample import Sample
from models.evaluation.trust import CHANCE, ErrorRates
from models.evaluation.verdicts import ELSE, FREE, OWN, Found, Kind, Rates, of_beat, others

MODEL = "mitbih-lstm"
GOOD, CHANCY, NARROW = (
    Found(0.003, 0.3, 0.2, 0.9, False),
    Found(0.5, 0, 0, 0.9, False),
    Found(0.003, 0.3, 0.2, 0, False),
)


@pytest.fixture
def sample() -> Sample:
    inputs = np.random.default_rng(0).standard_normal((4, 1, 216)).astype(np.float32)
    return Sample(inputs, np.array([0, 0, 1, 3]), np.array([0, 0, 1, 1]), ("a", "b"))


def kind(title: str, group: str, sample: Sample) -> Kind:
    return Kind(title, group, np.abs(sample.inputs), np.zeros(len(sample), dtype=np.bool_))


@pytest.fixture
def rates(sample: Sample) -> Rates:
    kinds = [kind(*one, sample) for one in (("Occlusion", OWN), ("|x|", FREE), ("of another beat", ELSE))]
    found = {"Occlusion": [GOOD] * 4, "|x|": [GOOD, CHANCY, CHANCY, NARROW], "of another beat": [CHANCY] * 4}
    return Rates(zoo.load(MODEL), sample, kinds, found)


def test_a_card_has_the_rates_of_maps_that_cannot_know_as_the_panel_reads_them(rates: Rates) -> None:
    found = verdict_tables.as_json(rates)
    known = ErrorRates.model_validate({name: found[name] for name in ErrorRates.model_fields})
    assert known.false == {"|x|": 0.25, "of another beat": 0.0}
    assert (known.windows, known.patients) == (4, 2)
    assert known.worst_high >= 0.25
    assert found["methods"]["Occlusion"]["mean"] == 1.0


def test_the_page_names_the_worst_and_counts_by_the_class_answered(rates: Rates) -> None:
    text = verdict_tables.markdown([rates])
    assert f"at most {CHANCE:.0%} separate as well" in text
    assert "4 beats of 2 test patients, 25% of which cannot be judged" in text
    assert "|x| holds up most often: 25 %" in text
    line = next(one for one in text.splitlines() if one.startswith("| \\|x\\| |"))
    assert "| 25 / 0 / 50 / 25 / 0 |" in line
    assert line.endswith("| 1 of 2 | 0 of 1 | 0 of 1 |")


def test_another_beat_is_one_that_was_answered_otherwise(sample: Sample) -> None:
    assert (sample.labels[others(sample)] != sample.labels).all()


def test_a_beat_that_was_judged_is_read_again(sample: Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = [kind("|x|", FREE, sample)]
    first = of_beat(zoo.load(MODEL), sample, kinds, 0, tmp_path)
    monkeypatch.setattr(verdicts, "judged", lambda *_: pytest.fail("judged twice"))
    assert of_beat(zoo.load(MODEL), sample, kinds, 0, tmp_path) == first
    assert 0 < first["|x|"].chance <= 1
