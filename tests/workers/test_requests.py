"""A request carries its window exactly, and nothing that does not belong to it."""

import numpy as np
import pytest
from pydantic import ValidationError

from workers.requests import ExplanationJob, WindowsJob
from workers.tasks import KINDS


def _fields(**changes):
    inputs = np.random.default_rng(0).normal(size=(2, 216)).astype(np.float32)
    packed = ExplanationJob.of(
        id="ab" * 16, model="m", weights_sha256="00", inputs=inputs, target=1, explainer={"method": "occlusion"}
    )
    return inputs, packed.model_dump() | changes


def test_the_window_survives_json_bit_for_bit():
    inputs, fields = _fields()
    again = ExplanationJob.model_validate_json(ExplanationJob(**fields).model_dump_json())
    assert np.array_equal(again.inputs(), inputs)
    assert again.inputs().dtype == np.float32


def test_a_shape_that_the_bytes_do_not_fill_is_named():
    _, fields = _fields(shape=(1, 216))
    with pytest.raises(ValidationError, match=r"1728 bytes.*needs 864"):
        ExplanationJob(**fields)


@pytest.mark.parametrize("id", ["", "a:b", "../../x", "ZZZZZZZZZZ"])
def test_ids_are_hashes(id):
    _, fields = _fields(id=id)
    with pytest.raises(ValidationError):
        ExplanationJob(**fields)


def test_there_is_no_room_for_a_patients_name():
    _, fields = _fields()
    with pytest.raises(ValidationError):
        ExplanationJob(**fields, worker_connection="Erika Mustermann")


def test_many_windows_travel_as_one_array():
    inputs = np.random.default_rng(1).normal(size=(3, 2, 5)).astype(np.float32)
    request = WindowsJob.of(id="ab" * 16, kind="test", model="m", weights_sha256="00", inputs=inputs)
    assert np.array_equal(WindowsJob.model_validate_json(request.model_dump_json()).inputs(), inputs)


def test_a_kind_of_work_is_found_under_the_name_its_request_carries():
    assert {kind.request.model_fields["kind"].default for kind in KINDS.values()} == set(KINDS)
