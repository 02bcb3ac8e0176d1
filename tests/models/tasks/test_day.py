"""A long recording window by window: each output is that of its window alone, and the burden is their share."""

from pathlib import Path

import numpy as np
import pytest
import torch

from models import zoo
from models.cards import BeatWindow, Card, ClassSpec, InputSpec, SpanWindow
from models.errors import InvalidError, UnsupportedError
from models.networks import build
from models.tasks import task
from models.tasks.day import DayParameters, burden, starts
from models.zoo import Model

FS = 50.0


def rhythm_model(window: SpanWindow | BeatWindow | None = None) -> Model:
    """A random network of four layers that reads 5 to 40 s at 50 Hz."""
    torch.manual_seed(0)
    config = {"classes": 3, "channels": [4, 8], "kernel": 7, "halved_after": [1], "pooling": "max"}
    network = build("convolutional", config).eval()
    span = SpanWindow(samples=1000, stride=1000, shortest=250, whole_to=2000)
    card = Card(
        id="tiny", title="Tiny", summary="", architecture="convolutional", network=config, weights_sha256="0" * 64,
        input=InputSpec(fs=FS, preprocessing=(), window=window or span), vocabulary="cinc2017",
        classes=tuple(ClassSpec(symbol=s, name=s) for s in ("N", "A", "O")),
    )  # fmt: skip
    return Model(card, network, card.weights_sha256)


@pytest.fixture
def signal() -> np.ndarray:
    return np.random.default_rng(3).normal(size=(1, 1, 6100)).astype(np.float32)


def test_each_output_is_that_of_its_window_alone(signal: np.ndarray) -> None:
    model = rhythm_model()
    found = task("day").ask(model, signal, DayParameters(seconds=10.0, step=4.0)).run()
    assert found.start == [4.0 * i for i in range(29)]
    for i in (0, 7, 28):
        first = round(found.start[i] * FS)
        alone = model.probabilities(signal[:, :, first : first + 500])[0]
        np.testing.assert_allclose(found.probabilities[i], alone, atol=1e-4)
        assert found.output[i] == model.card.symbols[int(alone.argmax())]


def test_a_window_with_a_gap_has_no_output_and_counts_for_nothing(signal: np.ndarray) -> None:
    model = rhythm_model()
    whole = task("day").ask(model, signal, DayParameters(seconds=10.0)).run()
    signal[:, :, 1200:1210] = np.nan
    found = task("day").ask(model, signal, DayParameters(seconds=10.0)).run()
    assert [i for i, output in enumerate(found.output) if output is None] == [2]
    assert found.probabilities[2] is None
    assert found.probabilities[:2] == whole.probabilities[:2]
    assert sum(one.windows for one in found.burden) == len(found.start) - 1


def test_the_shares_of_all_classes_are_one_and_lie_between_sure_and_possible(signal: np.ndarray) -> None:
    found = task("day").ask(rhythm_model(), signal, DayParameters(seconds=10.0, step=1.0)).run()
    assert sum(one.share or 0.0 for one in found.burden) == pytest.approx(1.0, abs=1e-5)
    assert all((one.sure or 0.0) <= (one.share or 0.0) <= (one.possible or 0.0) for one in found.burden)


def test_an_uncertain_output_is_possible_and_not_sure() -> None:
    chances = np.array([[0.9, 0.1], [0.45, 0.55], [0.2, 0.8], [0.55, 0.45]], np.float32)
    found = burden("A", 1, chances)
    assert (found.windows, found.share, found.sure, found.possible) == (2, 0.5, 0.25, 0.75)
    assert burden("A", 1, chances[:0]).share is None


def test_windows_lie_wholly_in_the_recording() -> None:
    assert starts(100, 30, 30).tolist() == [0, 30, 60]
    assert starts(29, 30, 30).tolist() == []


def test_equal_questions_have_one_id_and_another_step_another(signal: np.ndarray) -> None:
    model = rhythm_model()
    asked = [task("day").ask(model, signal, DayParameters(seconds=10.0, step=step)).id for step in (None, 10.0, 5.0)]
    assert asked[0] == asked[1] != asked[2]


def test_what_cannot_be_asked_is_refused_in_words(signal: np.ndarray) -> None:
    with pytest.raises(UnsupportedError, match="reads beats"):
        task("day").ask(rhythm_model(BeatWindow()), signal, DayParameters())
    with pytest.raises(InvalidError, match="reads 5 to 40 s"):
        task("day").ask(rhythm_model(), signal, DayParameters(seconds=60.0))
    with pytest.raises(InvalidError, match=r"a recording is \[1, 1, samples\]"):
        task("day").ask(rhythm_model(), signal[0, 0], DayParameters())


@pytest.mark.data
def test_a_rhythm_model_finds_when_fibrillation_begins_in_202(mitdb: Path) -> None:
    from backend.tasks.scopes import whole_signal
    from models.records.wfdb_folder import WfdbFolder
    from models.signals.windows import Cutter

    candidates = Path(zoo.__file__).parents[1] / "candidates"
    model = zoo.load("cinc-conv7", (candidates,))
    record = WfdbFolder(mitdb).open(f"{mitdb.name}~202")
    found = task("day").ask(model, whole_signal(Cutter(record, model.card, 0)), DayParameters()).run()
    af = [start for start, output in zip(found.start, found.output, strict=True) if output == "A"]
    assert min(af) == pytest.approx(1149.0, abs=60.0)  # the first rhythm mark of AFIB
    assert next(one.share for one in found.burden if one.symbol == "A") == pytest.approx(0.32, abs=0.08)
