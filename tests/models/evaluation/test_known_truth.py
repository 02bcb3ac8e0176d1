"""The known-truth benchmark: its scores by hand, its beats, and that the way from command to page holds together."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor
from typer.testing import CliRunner

import beatlens
from models.cards import BeatWindow, Card, ClassSpec, InputSpec
from models.commands import evaluation as commands
from models.errors import InvalidError, NotFoundError
from models.evaluation.checks import baselines
from models.evaluation.checks.deletion import Window
from models.evaluation.curves import ranks
from models.evaluation.known_truth import judging, networks
from models.evaluation.known_truth.judging import MapOf, nothing_found, of_beat
from models.evaluation.known_truth.networks import KINDS, answers, teach
from models.evaluation.known_truth.planted import FEATURES, SD, SEEN, feature, plant
from models.evaluation.known_truth.scores import areas, overlap, scores
from models.explainers import Batch, parse
from models.networks.base import Network, NetworkConfig
from models.tasks.trust import trust
from models.zoo import Model

READ = slice(95, 131)  # samples that the network set by hand reads


class Reader(Network):
    """Set by hand: the logit of class 1 is six times the mean of READ, and it reads nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.config = NetworkConfig(classes=2)

    def forward(self, signals: Tensor) -> Tensor:
        level = signals[:, 0, READ].mean(dim=1)
        return torch.stack([torch.zeros_like(level), 6 * level - 2], dim=1)


def row(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float32)[None, None]


@pytest.mark.parametrize(
    ("values", "aup", "aur", "iou"),
    [
        ((1.0, 0.5, 0.0, 0.0), 0.75, 0.5, 1 / 3),  # 0.5 < τ: the first of two alone; below: one right, one wrong
        ((0.0, 0.0, 3.0, 0.0), 1.0, 0.5, 1 / 2),  # half of the truth, and nothing else
        ((2.0, 2.0, 2.0, 2.0), 0.5, 1.0, None),  # everything alike: as precise as chance; which two is chance
        ((0.0, 1.0, 0.0, 1.0), 0.0, 0.0, 0.0),
        ((-1.0, -2.0, -1.0, 0.0), 0.0, 0.0, 0.0),  # nothing raises the score
    ],
)
def test_scores_of_four_samples_by_hand(values: tuple[float, ...], aup: float, aur: float, iou: float | None) -> None:
    truth = np.array([[[True, False, True, False]]])
    found = scores(row(*values), truth)
    assert (found.aup[0], found.aur[0]) == pytest.approx((aup, aur))
    assert iou is None or found.iou[0] == pytest.approx(iou)


def test_a_perfect_map_scores_one_whatever_its_unit_and_whatever_lowers_the_score() -> None:
    truth = np.random.default_rng(0).random((5, 2, 30)) < 0.2
    for low in (0.0, -3.0):
        found = scores(np.where(truth, 7.0, low).astype(np.float32), truth)
        np.testing.assert_allclose(found, 1.0)


def test_areas_are_integrals_over_the_threshold() -> None:
    rng = np.random.default_rng(1)
    maps, truth = rng.random((3, 1, 40), dtype=np.float32), rng.random((3, 1, 40)) < 0.3
    thresholds = (np.arange(20_000) + 0.5) / 20_000
    aup, aur = areas(maps, truth)
    for one, known, precise, recalled in zip(maps[:, 0], truth[:, 0], aup, aur, strict=True):
        chosen = (one / one.max())[None] >= thresholds[:, None]
        hits = (chosen & known).sum(axis=1)
        assert precise == pytest.approx((hits / chosen.sum(axis=1)).mean(), abs=1e-3)
        assert recalled == pytest.approx((hits / known.sum()).mean(), abs=1e-3)


def test_a_beat_without_a_true_sample_is_named() -> None:
    truth = np.ones((2, 1, 3), dtype=np.bool_)
    truth[1] = False
    with pytest.raises(InvalidError, match="Beat 1 of 2 has no true sample"):
        scores(np.ones((2, 1, 3), dtype=np.float32), truth)


@pytest.mark.parametrize("name", FEATURES)
def test_what_is_not_planted_does_not_depend_on_the_class(name: str) -> None:
    beats = plant(FEATURES[name], 400, 0)
    assert beats.truth.any(axis=(1, 2)).all()
    assert beats.labels.mean() == 0.5
    without, having = (beats.inputs[beats.labels == label, 0].astype(np.float64) for label in (0, 1))
    error = np.sqrt((without.var(axis=0) + having.var(axis=0)) / 200)
    apart = np.abs(having.mean(axis=0) - without.mean(axis=0))
    never, mostly = ~beats.truth[:, 0].any(axis=0), beats.truth[:, 0].mean(axis=0) > 0.9
    assert (apart[never] < SEEN / SD + 5 * error[never]).all()
    assert apart[mostly].max() > SEEN / SD + 5 * error[mostly].max()
    again = plant(FEATURES[name], 400, 0)
    np.testing.assert_array_equal(again.inputs, beats.inputs)
    assert np.abs(plant(FEATURES[name], 400, 1).inputs - beats.inputs).max() > SEEN / SD


def test_an_unknown_feature_is_named() -> None:
    with pytest.raises(NotFoundError, match="ST level"):
        feature("delta wave")


def reading() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Beats with raised ST, what the network set by hand reads of them, and their occlusion."""
    beats = plant(FEATURES["ST level"], 24, 0)
    inputs = beats.inputs[beats.labels == 1]
    truth = np.zeros(inputs.shape, dtype=np.bool_)
    truth[:, :, READ] = True
    batch = Batch(torch.from_numpy(inputs), torch.ones(len(inputs), dtype=torch.int64))
    return inputs, truth, parse({"method": "occlusion"}).attribute(Reader().eval(), batch).values


def test_occlusion_finds_what_a_network_set_by_hand_reads() -> None:
    inputs, truth, found = reading()
    iou = overlap(found, truth)
    assert iou.min() > 0.6  # measured: 0.80 to 0.95
    for plain in (baselines.magnitude(inputs), baselines.energy(inputs), baselines.triangle(inputs, 72)):
        assert overlap(plain, truth).max() < iou.min()


def test_a_map_gets_the_verdict_that_the_trust_panel_gives_it() -> None:
    inputs, _, found = reading()
    window = BeatWindow(before=72, after=144)
    card = Card(
        id="reader",
        title="Reader",
        summary="",
        architecture="reader",
        network={},
        weights_sha256="0" * 64,
        input=InputSpec(fs=360.0, window=window, preprocessing=()),
        classes=(ClassSpec(symbol="N", name="Not raised"), ClassSpec(symbol="S", name="Raised")),
    )
    network = Reader().eval()
    for method in map(parse, ({"method": "occlusion"}, {"method": "input_derivative"})):
        values = method.attribute(network, Batch(torch.from_numpy(inputs[:1]), torch.tensor([1]))).values
        own = method.importance(values)
        at = Window(network, inputs[0], np.zeros_like(inputs[:1]), 1)
        (word,) = of_beat(at, [MapOf(method.title, method.group, own, nothing_found(method, own))], 0, 72)
        assert word == trust(Model(card, network, "0" * 64), inputs[0], 1, method).run().verdict
    assert found.shape == inputs.shape


def test_energy_is_the_mean_square_around_a_sample() -> None:
    inputs = np.random.default_rng(0).normal(size=(2, 1, 216)).astype(np.float32)
    half = 25 // 2
    found = baselines.energy(inputs)
    assert found[1, 0, 100] == pytest.approx((inputs[1, 0, 100 - half : 101 + half] ** 2).mean(), rel=1e-5)
    assert (ranks(found) == 0).sum() == len(inputs)


@pytest.fixture
def little(monkeypatch: pytest.MonkeyPatch) -> None:
    """Networks that are taught hardly anything."""
    for name, value in {"BATCHES": 1, "BATCH": 16, "HELD_OUT": 8}.items():
        monkeypatch.setattr(networks, name, value)


@pytest.mark.usefixtures("little")
def test_teaching_is_the_same_again_and_leaves_torchs_random_numbers_alone() -> None:
    state = torch.random.get_rng_state()
    taught = [teach(FEATURES["ST level"], "convolutional", seed, 1) for seed in (0, 0, 1)]
    assert torch.equal(torch.random.get_rng_state(), state)
    weights = [torch.nn.utils.parameters_to_vector(one.network.parameters()) for one in taught]
    torch.testing.assert_close(weights[0], weights[1])
    assert (weights[0] - weights[2]).abs().max() > 0.001
    held = plant(FEATURES["ST level"], 40, 99)
    assert set(answers(taught[0].network, held.inputs)) <= {0, 1}
    with pytest.raises(NotFoundError, match=", ".join(KINDS)):
        teach(FEATURES["ST level"], "perceptron", 0, 1)


@pytest.mark.usefixtures("little")
def test_the_command_writes_tables_figures_and_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "reference" / "results.md"
    page.parent.mkdir()
    page.write_text("# Results\n<!-- truth -->\n<!-- /truth -->\nkept\n")
    monkeypatch.setattr(commands, "RESULTS", page)
    monkeypatch.setenv("BEATLENS_DATA_DIR", str(tmp_path / "data"))
    some = [parse({"method": name}) for name in ("occlusion", "gradient_input")]
    monkeypatch.setattr(judging, "methods_of", lambda _: some)
    asked = ["--seeds", "1", "--beats-per-class", "1", "--epochs", "1", "--only", "ST level", "--only", "P wave"]
    out = tmp_path / "pictures"
    made = CliRunner().invoke(beatlens.app, ["evaluate", "truth", *asked, "--out", str(out)])
    assert made.exit_code == 0, made.output
    text = page.read_text()
    assert text.endswith("<!-- /truth -->\nkept\n")
    figures = json.loads((page.parent / "known-truth.json").read_text())
    assert set(figures) == {*KINDS, "all"}
    for one in figures.values():
        assert {"Occlusion", "Gradient × input", "noise", judging.TRUTH, judging.TWIN, judging.OTHER} <= set(one)
        assert one[judging.TWIN]["holds up"].keys() == one["noise"]["told from chance"].keys() == set(judging.FILLS)
        assert one[judging.TRUTH]["IoU"] == pytest.approx({"mean": 1, "low": 1, "high": 1})
    assert figures["all"]["Occlusion"]["beats"] == 2 * 2 * 2  # kinds, features, classes
    for kind in KINDS:
        with Image.open(out / f"known-truth-{kind}.png") as picture:
            assert picture.width > 300
        assert f"(../pictures/known-truth-{kind}.png)" in text
