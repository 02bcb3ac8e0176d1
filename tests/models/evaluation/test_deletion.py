"""The whole judgement on a small model: it goes on where it was stopped, and says what its numbers say."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from models.cards import BeatWindow, Card, ClassSpec, InputSpec, TrainingRecord
from models.errors import InvalidError
from models.evaluation import deletion, maps
from models.evaluation.sample import draw
from models.explainers import parse
from models.networks import build
from models.training.datasets.mitdb_beats import BeatSet, Origin

T = 24
NAMES = [*maps.METHODS, *maps.BASELINES]


def make_card(**changes):
    config = {"leads": 1, "hidden": 8, "classes": 2}
    own = [TrainingRecord(name=n, patient=f"x:{n}", sha256="", split=s) for n, s in (("1", "train"), ("2", "test"))]
    fields = {
        "id": "toy",
        "title": "Toy",
        "summary": "A toy.",
        "architecture": "lstm",
        "network": config,
        "weights_sha256": "ab" * 32,
        "input": InputSpec(fs=360, window=BeatWindow(before=8, after=16)),
        "classes": (ClassSpec(symbol="N", name="Normal"), ClassSpec(symbol="V", name="PVC")),
        "records": (*own, TrainingRecord(name="3", patient="x:3", sha256="", split="test")),
    }
    return Card(**fields | changes)


@pytest.fixture
def model():
    torch.set_num_threads(1)
    torch.manual_seed(0)
    network = build("lstm", make_card().network).eval().requires_grad_(False)

    def logits(inputs):
        return network(torch.from_numpy(inputs)).numpy()

    def probabilities(inputs):
        return torch.softmax(torch.from_numpy(logits(inputs)), dim=1).numpy()

    return SimpleNamespace(
        card=make_card(), network=network, weights_sha256="ab" * 32, logits=logits, probabilities=probabilities
    )


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    rng = np.random.default_rng(0)
    origins = tuple(Origin(name, f"x:{name}", "", {}) for name in "123")
    beats = BeatSet(
        rng.normal(size=(60, 1, T)).astype(np.float32), np.arange(60) % 2, np.arange(60) // 20, origins, ("N", "V")
    )
    monkeypatch.setattr("models.evaluation.sample.load", lambda *_: beats)
    quick = {"learned_mask": {"steps": 30, "learning_rate": 0.03}, "occlusion": {"width": 5}}
    found = {name: parse({"method": name, **quick.get(name, {})}) for name in maps.METHODS}
    monkeypatch.setattr(maps, "methods", lambda: found)
    monkeypatch.setattr(deletion, "methods", lambda: found)
    monkeypatch.setattr("models.evaluation.report.methods", lambda: found)


def test_the_report_has_every_map_class_and_interval(model, tmp_path):
    said = []
    text = deletion.deletion_report(model, tmp_path, 10, tmp_path / "out", tmp_path / "cache", said.append)
    for heading in ("### All classes", "### Normal", "### PVC"):
        section = text.split(heading)[1].split("###")[0]
        for name in ("Learned mask", "Occlusion", "Input derivative", "Temporal output score"):
            assert f"| {name} |" in section
        assert all(f"| {name} |" in section for name in ("\\|x\\|", "triangle at R", "noise"))
    assert "**What comes out.**" in text
    assert "**Deleting is not neutral.**" in text
    assert "nan" not in text
    saved = json.loads((tmp_path / "out" / "deletion-toy.json").read_text())
    assert set(saved["curves"]) == set(NAMES)
    curve = saved["curves"]["occlusion"]["V"]
    assert len(curve["mean"]) == len(saved["alphas"]) == 20
    assert all(low <= mean <= high for low, mean, high in zip(curve["low"], curve["mean"], curve["high"], strict=True))
    assert saved["patients"] == {"N": ["x:2", "x:3"], "V": ["x:2", "x:3"]}


def test_a_second_run_makes_no_map_again(model, tmp_path, monkeypatch):
    first = deletion.deletion_report(model, tmp_path, 6, tmp_path / "out", tmp_path / "cache", lambda _: None)

    def refuse(*_):
        pytest.fail("a map was made again")

    for method in maps.methods().values():
        monkeypatch.setattr(type(method), "attribute", refuse)
    assert deletion.deletion_report(model, tmp_path, 6, tmp_path / "out", tmp_path / "cache", lambda _: None) == first


def test_only_beats_of_test_patients_are_drawn(model, tmp_path):
    sample = draw(model, tmp_path, 12, tmp_path, lambda _: None)
    assert {sample.patients[i] for i in sample.patient} == {"x:2", "x:3"}
    assert np.bincount(sample.labels).tolist() == [12, 12]
    again = draw(model, tmp_path, 12, tmp_path, lambda _: None)
    np.testing.assert_array_equal(sample.inputs, again.inputs)


@pytest.mark.parametrize("changes", [{"leaks_patients": True}, {"records": ()}])
def test_a_model_without_unseen_patients_is_not_judged(model, tmp_path, changes):
    model.card = make_card(**changes)
    with pytest.raises(InvalidError, match="toy has no patients that were kept for testing"):
        draw(model, tmp_path, 5, tmp_path, lambda _: None)
