"""Cards: what older ones stated is kept, what does not fit is refused, and scores become probabilities once."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from models.cards import BeatWindow, Card, Channel, InputSpec, OutputSpec, SpanWindow, WholeWindow
from models.networks import build, chances
from models.zoo.store import HOME

RNG = np.random.default_rng(0)


def card(**changes: Any) -> Card:
    return Card.model_validate(
        {
            "id": "x", "title": "X", "summary": "", "architecture": "lstm", "network": {}, "weights_sha256": "0",
            "input": {"fs": 360.0}, "classes": [{"symbol": s, "name": s} for s in "NV"],
        } | changes
    )  # fmt: skip


@pytest.mark.parametrize("file", sorted(HOME.glob("*/card.json")), ids=lambda file: file.parent.name)
def test_the_shipped_cards_of_schema_1_say_what_they_said(file: Path) -> None:
    written = json.loads(file.read_text())
    read = Card.model_validate_json(file.read_text())
    assert read.output == OutputSpec(temperature=written.get("temperature", read.output.temperature))
    assert read.input.window == BeatWindow(before=72, after=144)
    assert (read.modality, read.vocabulary, read.input.channels, read.unknown) == ("ecg", "mitbih", (), {})
    again = Card.model_validate_json(read.model_dump_json())
    assert again == read
    assert again.schema_version == 2


def test_a_field_of_a_later_version_is_kept_and_one_that_decides_numbers_is_refused() -> None:
    later = card(schema_version=3, licence="CC-BY")
    assert later.unknown == {"licence": "CC-BY"}
    assert Card.model_validate_json(later.model_dump_json()).unknown == {"licence": "CC-BY"}
    with pytest.raises(ValidationError, match="Extra inputs"):
        card(input={"fs": 360.0, "hop": 2})


def test_each_kind_of_window_says_what_fits_it() -> None:
    beat, span = BeatWindow(before=10, after=20), SpanWindow(samples=3000, stride=1500, shortest=2700)
    whole = WholeWindow(longest=18_300, shortest=2700)
    assert [beat.fits(n) for n in (29, 30, 31)] == [False, True, False]
    assert [span.fits(n) for n in (2699, 2700, 3000, 3001)] == [False, True, True, False]
    assert [whole.fits(n) for n in (2699, 2700, 18_300, 18_301)] == [False, True, True, False]
    assert (beat.samples, span.samples, whole.samples) == (30, 3000, None)
    assert (beat.length, whole.length) == ("30", "2700 to 18300")
    assert (beat.origin, span.origin, whole.origin) == (10, 0, 0)


def test_a_span_of_schema_1_is_as_long_as_it_was() -> None:
    old = InputSpec.model_validate({"fs": 100, "window": {"kind": "span", "before": 0, "after": 1000}})
    assert old.window == SpanWindow(samples=1000, stride=1000, shortest=1000)


def test_channels_say_how_many_leads_there_are_and_share_no_name() -> None:
    assert InputSpec(fs=100, channels=(Channel(name="I"), Channel(name="II"))).leads == 2
    with pytest.raises(ValidationError, match="3 leads are stated, and 2 channels named"):
        InputSpec(fs=100, leads=3, channels=(Channel(name="I"), Channel(name="II")))
    with pytest.raises(ValidationError, match="two channels share a name"):
        InputSpec(fs=100, channels=(Channel(name="II"), Channel(name="MLII", aliases=("ii",))))


def test_outputs_that_cannot_be_are_refused() -> None:
    one = [{"symbol": "AF", "name": "Atrial fibrillation"}]
    with pytest.raises(ValidationError, match="one class needs the activation sigmoid"):
        card(classes=one)
    assert card(classes=one, output={"activation": "sigmoid"}).symbols == ("AF",)
    with pytest.raises(ValidationError, match="1 thresholds for 2 classes"):
        card(output={"activation": "sigmoid", "thresholds": [0.5]})


@pytest.mark.parametrize("shape", [(4,), (5, 4), (2, 3, 4), (3, 1)])
def test_scores_become_probabilities_by_the_textbook(shape: tuple[int, ...]) -> None:
    logits = RNG.normal(0, 3, shape).astype(np.float32)
    exact = logits.astype(np.float64) / 2
    labels = OutputSpec(activation="sigmoid", temperature=2).chances(logits)
    np.testing.assert_allclose(labels, 1 / (1 + np.exp(-exact)), rtol=1e-6)
    classes = OutputSpec(temperature=2).chances(logits)
    np.testing.assert_allclose(classes, np.exp(exact) / np.exp(exact).sum(-1, keepdims=True), rtol=1e-5)
    extreme = np.array([-1e4, 1e4], np.float32)
    assert OutputSpec(activation="sigmoid").chances(extreme).tolist() == [0, 1]


@pytest.mark.parametrize("activation", ["softmax", "sigmoid"])
def test_tensors_and_arrays_become_the_same_probabilities(activation: Any) -> None:
    logits = RNG.normal(0, 3, (6, 3)).astype(np.float32)
    network = build("lstm", {"classes": 3, "hidden": 2})
    network.activation, network.temperature = activation, 1.7
    found = chances(network, torch.from_numpy(logits)).numpy()
    np.testing.assert_allclose(found, OutputSpec(activation=activation, temperature=1.7).chances(logits), atol=1e-6)


def test_of_classes_one_is_given_and_the_margin_is_to_the_second() -> None:
    p = np.array([[0.2, 0.7, 0.1], [0.4, 0.3, 0.3]], np.float32)
    spec = OutputSpec()
    assert spec.given(p).tolist() == [[False, True, False], [True, False, False]]
    assert spec.best(p).tolist() == [1, 0]
    np.testing.assert_allclose(spec.margins(p), [0.5, 0.1], atol=1e-6)


def test_of_labels_any_number_is_given_by_their_own_thresholds() -> None:
    p = np.array([[0.9, 0.6, 0.1], [0.3, 0.2, 0.1], [0.1, 0.3, 0.9]], np.float32)
    spec = OutputSpec(activation="sigmoid", thresholds=(0.5, 0.25, 0.95))
    assert spec.given(p).tolist() == [[True, True, False], [False, False, False], [False, True, False]]
    assert spec.best(p).tolist() == [0, -1, 1]
    np.testing.assert_allclose(spec.margins(p), [0.7, 0.1, 0.1], atol=1e-6)


def test_one_output_is_sure_at_both_ends_and_undecided_in_the_middle() -> None:
    p, spec = np.array([[0.0], [0.5], [1.0], [0.3]], np.float32), OutputSpec(activation="sigmoid")
    assert spec.best(p).tolist() == [-1, 0, 0, -1]
    np.testing.assert_allclose(spec.margins(p), [1, 0, 1, 0.4], atol=1e-6)


def test_a_lead_of_no_training_recording_is_untrained() -> None:
    used = [
        {"name": str(i), "patient": f"x:{i}", "sha256": "", "split": split, "leads": leads}
        for i, (split, leads) in enumerate((("train", ["MLII"]), ("train", ["V5"]), ("test", ["V2"])))
    ]
    made = card(records=used)
    assert made.untrained(["mlii", "II", "V5", "V2", "CM5"]) == ["V2", "CM5"]
    assert card(records=[one | {"leads": []} for one in used]).untrained(["V2"]) == []


@pytest.mark.parametrize("id", ["mitbih-lstm", "mitbih-lstm-pooled"])
def test_a_shipped_card_states_the_leads_of_each_recording(id: str) -> None:
    read = Card.model_validate_json((HOME / id / "card.json").read_text())
    assert all(record.leads for record in read.records)
    assert read.trained_leads[0] == "MLII"
    assert read.untrained(["V1"]) == ["V1"]
