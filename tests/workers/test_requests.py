"""A request carries its window exactly, and nothing that does not belong to it."""

import numpy as np
import pytest
from pydantic import ValidationError

from models.explainers import parse
from models.tasks import task
from models.tasks.explanation import explanation
from models.zoo import load
from workers.chunks import ChunkJob
from workers.requests import JobRequest, packed
from workers.tasks import read_request


def _fields(**changes):
    inputs = np.random.default_rng(0).normal(size=(2, 216)).astype(np.float32)
    own = {"id": "ab" * 16, "task": "explanation", "model": "m", "weights_sha256": "00", "parameters": {"target": 1}}
    return inputs, JobRequest(**own, **packed(inputs)).model_dump() | changes


def test_the_window_survives_json_bit_for_bit():
    inputs, fields = _fields()
    again = JobRequest.model_validate_json(JobRequest(**fields).model_dump_json())
    assert np.array_equal(again.inputs(), inputs)
    assert again.inputs().dtype == np.float32


def test_a_shape_that_the_bytes_do_not_fill_is_named():
    _, fields = _fields(shape=(1, 216))
    with pytest.raises(ValidationError, match=r"1728 bytes.*needs 864"):
        JobRequest(**fields)


@pytest.mark.parametrize("id", ["", "a:b", "../../x", "ZZZZZZZZZZ"])
def test_ids_are_hashes(id):
    _, fields = _fields(id=id)
    with pytest.raises(ValidationError):
        JobRequest(**fields)


def test_there_is_no_room_for_a_patients_name():
    _, fields = _fields()
    with pytest.raises(ValidationError):
        JobRequest(**fields, patient="Erika Mustermann")


def test_many_windows_travel_as_one_array():
    inputs = np.random.default_rng(1).normal(size=(3, 2, 5)).astype(np.float32)
    _, fields = _fields(**packed(inputs))
    chunk = ChunkJob(**fields, ids=("a", "b", "c"), own=({}, {"target": 0}, {}))
    again = read_request(chunk.model_dump(mode="json"))
    assert isinstance(again, ChunkJob)
    assert np.array_equal(again.inputs(), inputs)
    assert type(read_request(_fields()[1])) is JobRequest


def test_work_on_a_model_alone_carries_no_input():
    _, fields = _fields(input=None, shape=())
    assert JobRequest.model_validate_json(JobRequest(**fields).model_dump_json()).inputs() is None


def test_a_question_is_packed_whole():
    model = load("mitbih-lstm")
    spec = model.card.input
    window = np.zeros((spec.leads, spec.window.samples), np.float32)
    question = explanation(model, window, 0, parse({"method": "occlusion"}))
    request = JobRequest.of(question)
    assert (request.id, request.task, request.effort) == (question.id, "explanation", question.effort)
    work = task(request.task)
    again = work.ask(model, request.inputs(), work.Parameters.model_validate(request.parameters))
    assert again.id == request.id
    assert request.words == "explanation by occlusion of mitbih-lstm"
