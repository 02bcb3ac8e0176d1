"""An explanation's identity and the facts that go with its map."""

import json
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

import numpy as np
import pytest
import torch

from models.cards import BeatWindow, Card, ClassSpec, InputSpec
from models.errors import InvalidError, UnsupportedError
from models.explainers import Batch, Explainer, Findings, Progress, Track, parse
from models.explainers.tracks import MAP, WindowMark
from models.explanations.explanation import Explanation, from_extras
from models.networks import Network, build
from models.tasks.explanation import EXPLANATION, ExplanationParameters, explanation, explanations

T = 30


@dataclass(frozen=True)
class ToyModel:
    card: Card
    network: Network
    weights_sha256: str = "ab" * 32

    def logits(self, inputs):
        with torch.no_grad():
            return self.network(torch.as_tensor(inputs)).numpy()


def make_card(**changes: Any) -> Card:
    config = {"leads": 2, "hidden": 8, "classes": 3}
    return Card(
        **{
            "id": "toy",
            "title": "Toy",
            "summary": "A toy.",
            "architecture": "lstm",
            "network": config,
            "weights_sha256": "ab" * 32,
            "input": InputSpec(fs=360, leads=2, window=BeatWindow(before=10, after=20)),
            "classes": tuple(ClassSpec(symbol=symbol, name=symbol) for symbol in "NRV"),
            "temperature": 1.7,
            "full_scales": {"occlusion": 2.0},
            **changes,
        }
    )


def explain(model, inputs, target, explainer, report=lambda _: None) -> Explanation:
    return explanation(model, inputs, target, explainer).run(report)


def explanation_id(model, inputs, target, explainer) -> str:
    return explanation(model, inputs, target, explainer).id


@pytest.fixture
def model():
    torch.set_num_threads(1)
    torch.manual_seed(1)
    return ToyModel(make_card(), build("lstm", {"leads": 2, "hidden": 8, "classes": 3}).eval())


@pytest.fixture
def inputs():
    return np.random.default_rng(2).normal(size=(2, T)).astype(np.float32)


@pytest.fixture(params=["temporal_score", "input_derivative", "occlusion", "learned_mask"])
def method(request):
    steps = {"steps": 10} if request.param == "learned_mask" else {}
    return parse({"method": request.param} | steps)


def test_an_explanation_survives_json(model, inputs, method):
    result = explain(model, inputs, None, method)
    text = result.model_dump_json()
    json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    assert Explanation.model_validate_json(text) == result
    assert result.relevance is None or np.shape(result.relevance) == (2, T)
    assert (result.relevance is None) == (result.scale is None) == (not method.ranks)
    assert result.method == method.method
    assert set(result.versions) == {"beatlens", "torch", "numpy", "python"}
    assert result.id == explanation_id(model, inputs, None, method)


@pytest.mark.parametrize("name", ["input_derivative", "occlusion", "learned_mask"])
def test_the_facts_are_those_of_the_model(model, inputs, name):
    method = parse({"method": name} | ({"steps": 10} if name == "learned_mask" else {}))
    result = explain(model, inputs, 2, method)
    scale, blank = result.scale, method.deletion(torch.from_numpy(inputs[None])).numpy()
    importance = method.importance(np.array(result.relevance, dtype=np.float32))
    drop = (importance >= 0.5 * importance.max()) & (importance > 0)
    shown = np.stack([inputs, np.where(drop, blank[0], inputs), blank[0]])
    logits = model.logits(shown)
    chances = torch.softmax(torch.from_numpy(logits) / 1.7, dim=1).numpy()
    assert scale.score_before == pytest.approx(logits[0, 2], abs=1e-5)
    assert scale.score_after == pytest.approx(logits[1, 2], abs=1e-5)
    assert scale.probability_before == pytest.approx(chances[0, 2], abs=1e-5)
    assert scale.probability_after == pytest.approx(chances[1, 2], abs=1e-5)
    assert scale.deleted_fraction == pytest.approx(drop.mean())
    assert scale.all_deleted == pytest.approx(dict(zip("NRV", chances[2].tolist(), strict=True)), abs=1e-5)
    assert scale.maximum == pytest.approx(np.abs(result.relevance).max(), rel=1e-6)


def test_the_last_temporal_score_is_the_calibrated_probability(model, inputs):
    result = explain(model, inputs, 1, parse({"method": "temporal_score"}))
    chances = torch.softmax(torch.from_numpy(model.logits(inputs[None])) / 1.7, dim=1)[0]
    output = result.track("probability", "time", "class")
    assert output.values[-1] == pytest.approx(chances.tolist(), abs=1e-6)
    assert (output.dims, output.labels, output.full) == (["time", "class"], {"class": ["N", "R", "V"]}, 1.0)
    assert (result.relevance, result.scale) == (None, None)
    assert model.network.temperature == 1.0  # the shared network is left alone


@pytest.mark.parametrize(
    ("parameters", "full", "fixed", "unit"),
    [
        ({"method": "occlusion"}, 2.0, True, "logit"),
        ({"method": "learned_mask", "steps": 3}, 1.0, True, "1 − m"),
        ({"method": "occlusion", "score": "probability"}, None, False, "probability"),
        ({"method": "input_derivative"}, None, False, "logit per SD"),
    ],
)
def test_the_full_scale_is_the_methods_or_the_cards_or_the_maps_own(model, inputs, parameters, full, fixed, unit):
    scale = explain(model, inputs, 0, parse(parameters)).scale
    assert (scale.full_is_fixed, scale.unit) == (fixed, unit)
    assert scale.full == (scale.maximum if full is None else full)
    if not fixed:
        assert not scale.nothing_found


def test_a_map_that_hardly_moved_has_found_nothing(model, inputs):
    assert explain(model, inputs, 0, parse({"method": "learned_mask", "steps": 10})).scale.nothing_found
    long = parse({"method": "learned_mask", "steps": 100, "learning_rate": 0.01})
    assert not explain(model, inputs, 0, long).scale.nothing_found
    still = parse({"method": "learned_mask", "lambda1": 10, "initial": 1, "steps": 1, "learning_rate": 1e-9})
    scale = explain(model, inputs, 0, still).scale
    assert scale.nothing_found
    assert scale.full == 1.0


def test_a_zero_map_deletes_nothing_and_divides_by_nothing(model, inputs):
    result = explain(model, inputs, 0, Fixed(value=0.0))
    assert result.scale.deleted_fraction == 0
    assert result.scale.score_after == result.scale.score_before
    assert result.scale.full > 0
    assert result.scale.nothing_found


def test_progress_is_passed_on_and_may_cancel(model, inputs):
    seen: list[Progress] = []
    explain(model, inputs, 0, parse({"method": "occlusion"}), seen.append)
    assert seen[-1].fraction == 1

    def cancel(_):
        raise TimeoutError

    with pytest.raises(TimeoutError):
        explain(model, inputs, 0, parse({"method": "learned_mask"}), cancel)


class Fixed(Explainer):
    title: ClassVar[str] = "Fixed"
    unit: ClassVar[str] = "logit"
    cost: ClassVar[Literal["instant", "queued"]] = "instant"
    method: Literal["fixed"] = "fixed"
    value: float

    @classmethod
    def unsupported(cls, network):
        return "it is too small" if network.config.hidden < 4 else None

    def attribute(self, network, batch, report=None):
        return Findings.of_map(np.full(batch.signals.shape, self.value, dtype=np.float32), self.unit)


def test_what_is_not_finite_is_an_error(model, inputs):
    with pytest.raises(InvalidError, match="Fixed gave values that are not finite"):
        explain(model, inputs, 0, Fixed(value=float("nan")))


def test_an_unsupported_network_is_said(model, inputs):
    card = make_card(network={"leads": 2, "hidden": 2, "classes": 3})
    small = ToyModel(card, build("lstm", card.network).eval())
    with pytest.raises(UnsupportedError, match="Fixed cannot explain toy: it is too small"):
        explain(small, inputs, 0, Fixed(value=1))


@pytest.mark.parametrize(
    ("change", "target", "message"),
    [
        (lambda x: x[:1], 0, r"shape \[1, 30\]: toy reads \[2, 30\]"),
        (lambda x: x[:, :-1], 0, r"shape \[2, 29\]"),
        (lambda x: x * np.nan, 0, "not finite"),
        (lambda x: x, 3, r"Class index 3: toy has 0 to 2 \(N, R, V\)"),
        (lambda x: x, -1, "Class index -1"),
    ],
)
def test_what_the_model_does_not_have_is_refused(model, inputs, change, target, message):
    with pytest.raises(InvalidError, match=message):
        explain(model, change(inputs), target, parse({"method": "input_derivative"}))


OCCLUSION = parse({"method": "occlusion"})


class Newer(type(OCCLUSION)):
    version: ClassVar[str] = "2"


def test_the_id_changes_with_whatever_decides_the_result(model, inputs):
    other = inputs.copy()
    other[0, 0] = np.nextafter(other[0, 0], np.float32(9))
    cards = [
        make_card(id="toy2"),
        make_card(temperature=1.8),
        make_card(full_scales={"occlusion": 3.0}),
        make_card(input=InputSpec(fs=360, leads=2, preprocessing=(), window=BeatWindow(before=10, after=20))),
        make_card(classes=tuple(ClassSpec(symbol=symbol, name="x") for symbol in "NRV")),
    ]
    ids = [
        explanation_id(model, inputs, 0, OCCLUSION),
        explanation_id(model, other, 0, OCCLUSION),
        explanation_id(model, inputs, 1, OCCLUSION),
        explanation_id(replace(model, weights_sha256="cd" * 32), inputs, 0, OCCLUSION),
        explanation_id(model, inputs, 0, Newer()),
        *(explanation_id(replace(model, card=card), inputs, 0, OCCLUSION) for card in cards),
        *(
            explanation_id(model, inputs, 0, parse({"method": "occlusion", **changes}))
            for changes in ({"width": 24}, {"fill": "mean"}, {"leads": "each"}, {"score": "probability"})
        ),
        explanation_id(model, inputs, 0, parse({"method": "input_derivative"})),
    ]
    assert len(set(ids)) == len(ids)
    assert all(len(id) == 32 and int(id, 16) >= 0 for id in ids)


def test_the_id_changes_with_nothing_else(model, inputs):
    id = explanation_id(model, inputs, 0, OCCLUSION)
    same = parse({"method": "occlusion", "width": 25.0, "constant": 4})
    card = make_card(summary="Other words.", limits=("x",), evaluation={"accuracy": 1})
    best = int(model.logits(inputs[None])[0].argmax())
    assert explanation_id(model, np.asfortranarray(inputs), 0, same) == id
    assert explanation_id(replace(model, card=card), inputs.copy(), 0, OCCLUSION) == id
    assert explanation_id(model, inputs, None, OCCLUSION) == explanation_id(model, inputs, best, OCCLUSION)


@pytest.mark.parametrize("method", ["learned_mask", "occlusion", "input_derivative", "temporal_score"])
def test_many_at_once_are_what_each_is_alone(model, method):
    batch = np.random.default_rng(3).normal(size=(5, 2, T)).astype(np.float32)
    targets = [0, 2, 1, 1, 0]
    explainer = parse({"method": method, "steps": 40} if method == "learned_mask" else {"method": method})
    together = EXPLANATION.run_many(explanations(model, batch, targets, explainer), lambda _: None)
    for window, target, found in zip(batch, targets, together, strict=True):
        alone = explain(model, window, target, explainer)
        assert (found.id, found.target) == (alone.id, alone.target)
        assert [(track.role, track.name) for track in found.tracks] == [(t.role, t.name) for t in alone.tracks]
        for both, one in zip(found.tracks, alone.tracks, strict=True):
            assert np.allclose(both.values, one.values, atol=1e-4)
        if explainer.ranks:
            assert np.allclose(found.relevance, alone.relevance, atol=1e-4)
            assert found.scale.score_before == pytest.approx(alone.scale.score_before, abs=1e-4)
            assert found.scale.all_deleted == pytest.approx(alone.scale.all_deleted, abs=1e-5)


class Beats(Explainer):
    """Reads marks and segments, answers with two tracks; what a method from elsewhere may do."""

    title: ClassVar[str] = "Beats"
    unit: ClassVar[str] = "1"
    cost: ClassVar[Literal["instant", "queued"]] = "instant"
    reads: ClassVar[tuple[str, ...]] = ("marks", "segments")
    method: Literal["beats"] = "beats"

    def attribute(self, network, batch: Batch, report=None):
        counts = np.array([[len(marks)] for marks in batch.marks], np.float32)
        states = Track("state", "marks", ("unit",), counts, labels={"unit": ["all"]})
        return Findings((Track("relevance", "segments", MAP, batch.segments.numpy().astype(np.float32)), states))


def test_a_method_may_read_marks_and_segments_and_both_are_part_of_its_identity(model, inputs):
    segments = tuple(tuple(at // 10 for at in range(T)) for _ in range(2))
    marks = (WindowMark(10, None, "N"),)

    def ask(explainer, **more):
        return EXPLANATION.ask(model, inputs, ExplanationParameters(target=0, explainer=explainer, **more))

    asked = ask(Beats(), marks=marks, segments=segments)
    found = asked.run()
    assert found.relevance == [[float(at // 10) for at in range(T)]] * 2
    assert (found.tracks[0].role, found.tracks[0].values, found.tracks[0].labels) == (
        "state",
        [1.0],
        {"unit": ["all"]},
    )
    others = [ask(Beats()), ask(Beats(), marks=marks), ask(Beats(), marks=marks * 2, segments=segments)]
    assert len({asked.id, *(other.id for other in others)}) == 4
    # A method that reads neither is not told apart by them.
    assert ask(OCCLUSION, marks=marks, segments=segments).id == ask(OCCLUSION).id


def test_an_explanation_frozen_before_there_were_tracks_is_read(model, inputs):
    curves = [[0.2, 0.5, 0.3], [0.1, 0.8, 0.1]]
    scale = explain(model, inputs, 0, OCCLUSION).scale.model_dump()
    today = explain(model, inputs, 0, parse({"method": "temporal_score"})).model_dump(exclude={"tracks"})
    old = today | {"relevance": [[0.5, 0.8]], "scale": scale, "extras": {"probabilities": curves, "last_switch": [0.0]}}
    read = Explanation.model_validate(from_extras(json.loads(json.dumps(old))))
    assert (read.relevance, read.scale) == (None, None)
    output = read.track("probability", "time", "class")
    assert (output.values, output.labels) == (curves, {"class": ["N", "R", "V"]})
    mask = old | {"extras": {"loss": [1.0, 0.5], "masked_score": [0.25]}}
    assert Explanation.model_validate(from_extras(mask)).track("loss", "step").values == [1.0, 0.5]
    assert Explanation.model_validate(from_extras(mask)).relevance == [[0.5, 0.8]]
