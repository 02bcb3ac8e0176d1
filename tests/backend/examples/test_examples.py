"""Examples of a model through the service: drawn behind the scenes, told by row, and asked about by workers."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from rq.job import Job

from models.tasks.class_modes import AllClassModes
from workers.cache import Cache
from workers.connection import api_connection
from workers.queue_names import SERIALIZER
from workers.science import Science
from workers.status_store import JobStatusStore, attempt_key_of
from workers.tasks import WorkerContext, compute, set_worker_context

MODEL, FIRST, OTHER = "tiny", "ward~one", "ward~two"


@pytest.fixture
def ward(
    serve: Callable[..., TestClient],
    write_model: Callable[..., Path],
    write_record: Callable[..., Path],
    redis_url: str,
    tmp_path: Path,
) -> TestClient:
    folder = write_record(tmp_path / "ward", "one", symbol="N")
    write_record(folder, "two", seed=1, symbol="V")
    return serve(recordings=(folder,), model_dirs=(write_model(tmp_path / "models"),), redis_url=redis_url)


def examples(client: TestClient) -> dict[str, Any]:
    client.get(f"/models/{MODEL}/examples")
    client.app.state.services.predictor.examples.wait()
    answer = client.get(f"/models/{MODEL}/examples")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_whoever_asks_first_is_told_how_far_it_is(ward: TestClient) -> None:
    answer = ward.get(f"/models/{MODEL}/examples")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "Drawing real windows" in answer.json()["detail"]


def test_each_row_is_the_window_that_it_names(ward: TestClient) -> None:
    found = examples(ward)
    names = [one["id"] for one in found["recordings"]]
    assert {FIRST, OTHER} <= set(names)
    assert not any("synthetic" in name for name in names)  # no patient's
    for name, label in ((FIRST, "N"), (OTHER, "V")):
        rows = [row for row, index in enumerate(found["recording"]) if names[index] == name]
        windows = ward.get(f"/recordings/{name}/windows?model={MODEL}").json()["windows"]
        said = dict(zip(windows["at"], windows["prediction"], strict=True))
        assert rows
        assert {found["label"][row] for row in rows} == {label}
        assert all(found["output"][row] == said[found["at"][row]] for row in rows)


def test_the_nearest_windows_are_of_other_patients_and_in_order(ward: TestClient) -> None:
    found = examples(ward)
    row = found["recording"].index([one["id"] for one in found["recordings"]].index(FIRST))
    body = {"recording": FIRST, "at": found["at"][row], "model": MODEL, "count": 5}
    near = ward.post("/similar", json=body).json()
    assert (near["x"], near["y"]) == pytest.approx((found["x"][row], found["y"][row]), abs=1e-3)
    distances = [one["distance"] for one in near["nearest"]]
    assert distances == sorted(distances)
    assert all(one["recording"] != FIRST for one in near["nearest"])
    assert near["left_out"] == sum(found["recordings"][i]["id"] == FIRST for i in found["recording"])
    for one in near["nearest"]:
        assert found["recordings"][found["recording"][one["row"]]]["id"] == one["recording"]
        assert found["at"][one["row"]] == one["at"]


def test_a_worker_finds_class_modes_without_a_name_in_its_job(ward: TestClient, redis_url: str) -> None:
    found = examples(ward)
    asked = ward.post("/tasks/class_modes", json={"model": MODEL, "steps": 3})
    assert asked.status_code == 202, asked.text
    id = asked.json()["id"]
    with closing(api_connection(redis_url)) as connection:
        folders = ward.app.state.services.settings.model_dirs
        set_worker_context(WorkerContext(JobStatusStore(connection), Cache(connection), Science(folders)))
        job = Job.fetch(attempt_key_of(id, 0), connection, serializer=SERIALIZER)
        assert not {"ward", "one", "two"} & set(str(job.args).replace("~", " ").split())
        compute(*job.args)
    status = ward.get(f"/tasks/class_modes/{id}").json()
    assert status["status"] == "done", status["error"]
    result = AllClassModes.model_validate(status["result"])
    assert result.windows == len(found["at"])
    by_class = {one.symbol: one for one in result.classes}
    assert by_class["N"].windows == found["label"].count("N")
    assert found["label"][by_class["V"].modes[0].near.row] == "V"
    assert by_class["/"].modes[0].near is None
    assert by_class["/"].modes[0].far is None
