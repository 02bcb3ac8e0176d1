"""What stands in a blind read where nothing of the model can be shown."""

import pytest

from backend.blinding.visibility import SEALED
from frontend.pages.blind.content import no_output, stays_sealed


def test_a_beat_that_another_session_seals_is_told_from_one_without_output() -> None:
    assert "sealed" in str(no_output({"window": {"note": SEALED}}, "beat"))
    assert "sealed" not in str(no_output({"window": {"note": None}}, "beat"))
    assert "sealed" not in str(no_output({"window": {"note": "Too close to the recording's end"}}, "beat"))


@pytest.mark.parametrize(
    ("note", "steps", "sealed"),
    [(SEALED, ["first", "reveal"], True), (SEALED, ["first"], False), (None, ["first", "reveal"], False)],
)
def test_the_row_of_steps_is_told_of_a_model_that_stays_sealed(
    note: str | None, steps: list[str], sealed: bool
) -> None:
    item = {"output": None, "window": {"note": note}, "entries": [{"step": step} for step in steps]}
    assert stays_sealed({"blind": True}, item) is sealed
    assert stays_sealed({"blind": True}, item | {"output": {"label": "V"}}) is False
