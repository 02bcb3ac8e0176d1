"""The zoo: a model loads only when its card and weights fit each other, and answers the same to everyone."""

import gc
import hashlib
import json
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save

from models import zoo
from models.errors import BadRecordError, InvalidError, NotFoundError
from models.networks import build
from models.records.record import Record
from models.zoo.loaders import Loader
from models.zoo.store import read

CONFIG = {"leads": 1, "classes": 3, "hidden": 8}
SAMPLES = 216


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A tiny valid model."""
    return write(tmp_path / "tiny")


def write(folder: Path, **changes: Any) -> Path:
    torch.manual_seed(0)
    data = save(build("lstm", CONFIG).state_dict())
    card = {
        "id": folder.name,
        "title": "Tiny",
        "summary": "A model for tests.",
        "architecture": "lstm",
        "network": CONFIG,
        "weights_sha256": hashlib.sha256(data).hexdigest(),
        "input": {"fs": 360.0},
        "classes": [{"symbol": s, "name": s} for s in "NRV"],
        "temperature": 2.0,
        "records": [
            {"name": "1", "patient": "db:1", "sha256": "a" * 64, "split": "train"},
            {"name": "2", "patient": "db:2", "sha256": "b" * 64, "split": "test"},
        ],
        **changes,
    }
    folder.mkdir(exist_ok=True)
    (folder / "weights.safetensors").write_bytes(data)
    (folder / "card.json").write_text(json.dumps(card))
    return folder


def reweigh(folder: Path, change: Callable[[dict[str, torch.Tensor]], None]) -> None:
    """Change the tensors and make the card agree with the new file."""
    tensors = build("lstm", CONFIG).state_dict()
    change(tensors)
    data = save(tensors)
    (folder / "weights.safetensors").write_bytes(data)
    card = json.loads((folder / "card.json").read_text())
    card["weights_sha256"] = hashlib.sha256(data).hexdigest()
    (folder / "card.json").write_text(json.dumps(card))


def windows(beats: int = 5) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(beats, 1, SAMPLES)).astype(np.float32)


def test_probabilities_are_calibrated_by_the_cards_temperature(folder: Path) -> None:
    model = zoo.load("tiny", [folder.parent])
    logits = model.logits(windows()).astype(np.float64) / 2.0
    expected = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(model.probabilities(windows()), expected, rtol=1e-5)


def test_logits_do_not_depend_on_the_batch_or_the_thread(folder: Path) -> None:
    model = zoo.load("tiny", [folder.parent])
    many = np.tile(windows(), (120, 1, 1))  # more than one chunk
    alone = np.concatenate([model.logits(one[None]) for one in windows()])
    np.testing.assert_allclose(model.logits(many)[:5], alone, atol=1e-6)
    with ThreadPoolExecutor(4) as pool:
        for answer in pool.map(model.logits, [windows()] * 8):
            np.testing.assert_array_equal(answer, model.logits(windows()))
    assert model.logits(windows(0)).shape == (0, 3)


@pytest.mark.parametrize("shape", [(1, SAMPLES), (2, 1, SAMPLES - 1), (2, 2, SAMPLES)])
def test_inputs_of_another_shape_are_refused(folder: Path, shape: tuple[int, ...]) -> None:
    with pytest.raises(InvalidError, match=r"tiny reads \[batch, 1, 216\]"):
        zoo.load("tiny", [folder.parent]).logits(np.zeros(shape, dtype=np.float32))


def test_missing_samples_are_refused(folder: Path) -> None:
    broken = windows()
    broken[2, 0, 7] = np.nan
    with pytest.raises(InvalidError, match="missing samples"):
        zoo.load("tiny", [folder.parent]).logits(broken)


@pytest.mark.parametrize(
    ("sha256", "patient", "answer"),
    [("a" * 64, None, "train"), ("b" * 64, None, "test"), ("c" * 64, "db:2", "test"), ("c" * 64, None, "unknown")],
)
def test_seen_goes_by_checksum_then_by_patient(folder: Path, sha256: str, patient: str | None, answer: str) -> None:
    signal = np.zeros((1, 10), dtype=np.float32)
    record = Record(id="x", name="1", signal=signal, fs=360.0, leads=("I",), sha256=sha256, patient=patient)
    assert zoo.load("tiny", [folder.parent]).seen(record) == answer


def test_a_loaded_model_is_kept_until_its_files_change(folder: Path) -> None:
    first = zoo.load("tiny", [folder.parent])
    assert zoo.load("tiny", [folder.parent]) is first
    before, gone = first.weights_sha256, weakref.ref(first)
    del first
    reweigh(folder, lambda tensors: tensors["scores.bias"].add_(1.0))
    assert zoo.load("tiny", [folder.parent]).weights_sha256 != before
    gc.collect()
    assert gone() is None


def test_an_unknown_model_is_named_with_those_there_are(folder: Path) -> None:
    with pytest.raises(NotFoundError, match=r"Unknown model 'x': there is .*tiny"):
        zoo.load("x", [folder.parent])


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"architecture": "gru"}, "Unknown architecture 'gru'"),
        ({"network": {**CONFIG, "hidden": -1}}, "hidden = -1"),
        ({"network": {**CONFIG, "classes": 4}}, "network has 4 classes, the card 3"),
        ({"input": {"fs": 360.0, "leads": 2}}, "network has 1 leads, the card 2"),
        ({"weights_sha256": "0" * 64}, "its card states 0000"),
        ({"network": {**CONFIG, "hidden": 9}}, r"lstm.weight_ih_l0 is \[32, 1\], not \[36, 1\]"),
        ({"network": {**CONFIG, "layers": 2}}, "missing lstm.bias_hh_l1"),
        ({"id": "other"}, "its id is 'other'"),
    ],
)
def test_a_card_that_does_not_fit_is_refused(tmp_path: Path, changes: dict[str, Any], named: str) -> None:
    with pytest.raises(InvalidError, match=named):
        read(write(tmp_path / "tiny", **changes))


def test_missing_extra_and_non_finite_tensors_are_named(folder: Path) -> None:
    reweigh(folder, lambda tensors: tensors.pop("scores.bias"))
    with pytest.raises(InvalidError, match=r"missing scores\.bias"):
        read(folder)
    reweigh(folder, lambda tensors: tensors.update(more=torch.ones(1)))
    with pytest.raises(InvalidError, match="unexpected more; the network has"):
        read(folder)
    reweigh(folder, lambda tensors: tensors["scores.bias"].fill_(float("nan")))
    with pytest.raises(InvalidError, match=r"scores\.bias holds numbers that are not finite"):
        read(folder)


def test_damaged_files_are_named(folder: Path) -> None:
    weights = folder / "weights.safetensors"
    weights.write_bytes(b"no tensors")
    card = json.loads((folder / "card.json").read_text())
    card["weights_sha256"] = hashlib.sha256(b"no tensors").hexdigest()
    (folder / "card.json").write_text(json.dumps(card))
    with pytest.raises(BadRecordError, match="is no safetensors file"):
        read(folder)
    weights.unlink()
    with pytest.raises(BadRecordError, match=r"has no weights: a model has one of weights\.safetensors"):
        read(folder)
    (folder / "card.json").write_text('{"id": ')
    with pytest.raises(BadRecordError, match=r"card\.json: is no model card"):
        read(folder)


def test_a_card_with_a_field_missing_names_it(folder: Path) -> None:
    card = json.loads((folder / "card.json").read_text())
    del card["title"]
    (folder / "card.json").write_text(json.dumps(card))
    with pytest.raises(BadRecordError, match="title: Field required"):
        read(folder)


def test_the_headline_of_a_card_without_a_test_says_so(folder: Path) -> None:
    assert zoo.load("tiny", [folder.parent]).headline()["text"] == "Its card reports no test."


@pytest.mark.parametrize("name", ["mitbih-lstm", "mitbih-lstm-pooled"])
def test_the_shipped_models_load_and_say_how_good_they_are(name: str) -> None:
    model = zoo.load(name)
    assert zoo.names().index(name) == ["mitbih-lstm", "mitbih-lstm-pooled"].index(name)
    headline = model.headline()
    assert headline["accuracy"] is not None
    assert headline["majority_rate"] is not None
    assert headline["accuracy"] > headline["majority_rate"]
    assert f"{headline['majority_rate']:.1%}" in headline["text"]
    seeds = model.card.evaluation["spread"]["seeds"]
    assert (f"{seeds['low']:.1%} to {seeds['high']:.1%}" in headline["text"]) is (seeds["runs"] > 1)
    assert model.card.leaks_patients is (name == "mitbih-lstm-pooled")
    measured = {f"{method}{score}" for method in ("input_derivative", "occlusion") for score in ("", ":probability")}
    assert measured <= set(model.card.full_scales)
    assert model.card.training["finished"] is True


def test_artefacts_lie_beside_the_weights_and_are_checked(tmp_path: Path) -> None:
    digest = hashlib.sha256(b"means").hexdigest()
    folder = write(tmp_path / "tiny", artefacts={"means.json": digest})
    with pytest.raises(BadRecordError, match=r"means\.json: No such file"):
        read(folder)
    (folder / "means.json").write_bytes(b"other")
    with pytest.raises(InvalidError, match=f"its card states {digest}"):
        read(folder)
    (folder / "means.json").write_bytes(b"means")
    assert read(folder).artefact("means.json").read_bytes() == b"means"
    with pytest.raises(NotFoundError, match=r"Unknown artefact 'x': tiny has means\.json"):
        read(folder).artefact("x")
    with pytest.raises(InvalidError, match="lies outside its folder"):
        read(write(tmp_path / "tiny", artefacts={"../tiny/means.json": digest}))


def test_a_changed_artefact_is_seen(tmp_path: Path) -> None:
    folder = write(tmp_path / "tiny", artefacts={"a": hashlib.sha256(b"1").hexdigest()})
    (folder / "a").write_bytes(b"1")
    zoo.load("tiny", [tmp_path])
    (folder / "a").write_bytes(b"22")
    with pytest.raises(InvalidError, match="its card states"):
        zoo.load("tiny", [tmp_path])


def test_weights_of_two_kinds_are_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Text(Loader):
        file = "weights.txt"

    monkeypatch.setattr("models.zoo.loaders.loaders", lambda: {"weights.safetensors": Loader(), "weights.txt": Text()})
    (folder / "weights.txt").write_text("1")
    with pytest.raises(BadRecordError, match=r"several weights: weights\.safetensors, weights\.txt"):
        read(folder)
