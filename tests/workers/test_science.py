"""The real methods behind a job: right weights, right id, progress, cancellation; a small network is the zoo."""

import hashlib
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from models import zoo
from models.cards import BeatWindow, Card, ClassSpec, InputSpec
from models.errors import InvalidError, NotFoundError
from models.explainers import explainers, parse
from models.explainers.occlusion import Occlusion
from models.networks import build
from models.tasks.explanation import explanation
from workers import tasks
from workers.cache import Cache
from workers.errors import CancelledError
from workers.requests import JobRequest
from workers.science import Rehearsal, Science
from workers.status_store import JobStatusStore, attempt_key_of
from workers.tasks import WorkerContext, set_worker_context

SAMPLES = 24


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder of models with one in it."""
    home = tmp_path_factory.mktemp("models")
    config = {"leads": 1, "hidden": 4, "classes": 2}
    torch.manual_seed(0)
    (home / "toy").mkdir()
    weights = home / "toy" / "weights.safetensors"
    save_file(build("lstm", config).state_dict(), weights)
    card = Card(
        id="toy",
        title="Toy",
        summary="A toy.",
        architecture="lstm",
        network=config,
        weights_sha256=hashlib.sha256(weights.read_bytes()).hexdigest(),
        input=InputSpec(fs=360, window=BeatWindow(before=8, after=16)),
        classes=(ClassSpec(symbol="N", name="Normal"), ClassSpec(symbol="V", name="PVC")),
    )
    (home / "toy" / "card.json").write_text(card.model_dump_json())
    return home


@pytest.fixture
def toy(folder):
    return zoo.load("toy", (folder,))


@pytest.fixture
def science(folder):
    return Science((folder,))


def _request(toy, /, **changes):
    inputs = np.sin(np.linspace(0, 6, SAMPLES, dtype=np.float32))[None]
    explainer = changes.pop("explainer", {"method": "occlusion", "width": 5})
    return JobRequest.of(explanation(toy, inputs, 1, parse(explainer))).model_copy(update=changes)


def test_a_warm_worker_names_its_models(science):
    science.warm()
    assert "toy" in science.loaded


def queued(science):
    """The methods that a worker makes maps of the model by."""
    network = science._model("toy").network
    return {name for name, kind in explainers().items() if kind.cost == "queued" and not kind.unsupported(network)}


def test_a_warm_worker_has_measured_itself(science):
    science.warm()
    mine = {speed.method: speed.per_second for speed in science.speeds.values() if speed.model == "toy"}
    assert mine.keys() == queued(science)
    assert min(mine.values()) > 0
    assert science.block >= 1
    speeds = {speed.pace: speed.samples_per_second for speed in science.speeds.values() if speed.model == "toy"}
    assert speeds.keys() == {f"pace:{science._model('toy').weights_sha256[:16]}:{method}" for method in mine}
    assert min(speeds.values()) > 0


def test_a_rehearsal_leaves_the_first_report_out_and_stops_after_a_moment(monkeypatch):
    clock = iter([0.0, 5.0, 5.1, 5.2, 5.4])
    monkeypatch.setattr("workers.science.time.perf_counter", lambda: next(clock))
    rehearsal = Rehearsal(seconds=0.3)
    for step in range(3):
        rehearsal(SimpleNamespace(fraction=step / 100))
    with pytest.raises(CancelledError):
        rehearsal(SimpleNamespace(fraction=3 / 100))
    assert rehearsal.speed(8) == pytest.approx(8 * 0.03 / 0.4)


def test_a_method_that_reports_once_is_measured_as_a_whole(monkeypatch):
    clock = iter([0.0, 2.0])
    monkeypatch.setattr("workers.science.time.perf_counter", lambda: next(clock))
    rehearsal = Rehearsal()
    rehearsal(SimpleNamespace(fraction=1.0))
    assert rehearsal.speed(8) == 4.0


def test_a_method_that_reports_nothing_is_measured_by_its_end(monkeypatch):
    clock = iter([0.0, 4.0])
    monkeypatch.setattr("workers.science.time.perf_counter", lambda: next(clock))
    rehearsal = Rehearsal()
    rehearsal.end()
    assert rehearsal.speed(8) == 2.0


def test_a_method_that_fails_keeps_no_worker_from_its_work(science, monkeypatch):
    def broken(*_):
        raise RuntimeError("another package's fault")

    monkeypatch.setattr(Occlusion, "attribute", broken)
    science.warm()
    assert "toy" in science.loaded
    measured = {speed.method for speed in science.speeds.values() if speed.model == "toy"}
    assert measured == queued(science) - {"occlusion"}


def test_a_model_that_cannot_be_loaded_does_not_stop_the_others(folder, tmp_path):
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "card.json").write_text("{}")
    science = Science((tmp_path, folder))
    science.warm()
    assert "toy" in science.loaded
    assert "broken" not in science.loaded


def test_the_answer_is_the_one_asked_for(toy, science):
    request = _request(toy)
    result = science.answer(request, lambda _: None)
    assert (result.id, result.method, result.target.symbol) == (request.id, "occlusion", "V")
    assert np.shape(result.relevance) == (1, SAMPLES)


def test_other_weights_are_refused(toy, science):
    with pytest.raises(InvalidError, match=r"weights of 'toy' are .*…, the request is for 000000000000…"):
        science.answer(_request(toy, weights_sha256="0" * 64), lambda _: None)


def test_an_id_that_is_not_the_works_hash_is_refused(toy, science):
    with pytest.raises(InvalidError, match="restart the workers"):
        science.answer(_request(toy, id="ab" * 16), lambda _: None)


def test_an_unknown_model_is_named(toy, science):
    with pytest.raises(NotFoundError, match=r"'other'.*toy"):
        science.answer(_request(toy, model="other"), lambda _: None)


@pytest.fixture
def context(connection, science):
    context = WorkerContext(JobStatusStore(connection), Cache(connection), science)
    set_worker_context(context)
    return context


def test_the_task_leaves_its_result_in_the_cache(context, toy):
    request = _request(toy)
    assert tasks.compute(request.model_dump(mode="json"), attempt_key_of(request.id, 0)) is None
    assert context.cache.get(request.id)["id"] == request.id


def test_the_task_leaves_its_failure_on_the_board(context, toy):
    request = _request(toy, weights_sha256="0" * 64)
    attempt_key = attempt_key_of(request.id, 0)
    tasks.compute(request.model_dump(mode="json"), attempt_key)
    outcome = context.status_store.outcome(attempt_key)
    assert outcome.status == "failed"
    assert outcome.error.startswith("The worker's weights")
    assert context.cache.get(request.id) is None


def test_a_run_cancelled_in_line_computes_nothing(context, toy):
    request = _request(toy)
    attempt_key = attempt_key_of(request.id, 0)
    context.status_store.end(attempt_key, "cancelled")
    tasks.compute(request.model_dump(mode="json"), attempt_key)
    assert context.cache.get(request.id) is None


def test_the_mask_reports_its_loss_and_its_map(context, toy, monkeypatch):
    seen = []
    progress = JobStatusStore.progress
    monkeypatch.setattr("workers.reporting.BETWEEN", 0.0)
    monkeypatch.setattr("workers.reporting.BETWEEN_PARTIAL", 0.0)
    monkeypatch.setattr(
        JobStatusStore,
        "progress",
        lambda status_store, attempt_key, state: seen.append(state) or progress(status_store, attempt_key, state),
    )
    request = _request(toy, explainer={"method": "learned_mask"})
    tasks.compute(request.model_dump(mode="json"), attempt_key_of(request.id, 0))
    assert context.cache.get(request.id) is not None
    assert seen[-1].fraction == 1.0
    assert 1 < len(seen[-1].loss) <= 100
    assert any(state.partial and np.shape(state.partial) == (1, SAMPLES) for state in seen)


def test_the_mask_stops_when_cancelled(context, toy, monkeypatch):
    monkeypatch.setattr("workers.reporting.BETWEEN", 0.0)
    request = _request(toy, explainer={"method": "learned_mask"})
    attempt_key = attempt_key_of(request.id, 0)
    fractions = []
    progress = JobStatusStore.progress

    def cancelling(status_store, attempt_key, state):
        fractions.append(state.fraction)
        if len(fractions) == 3:
            status_store.end(attempt_key, "cancelled")
        return progress(status_store, attempt_key, state)

    monkeypatch.setattr(JobStatusStore, "progress", cancelling)
    tasks.compute(request.model_dump(mode="json"), attempt_key)
    assert context.cache.get(request.id) is None
    assert len(fractions) == 3
