"""What stands in a blind read where nothing of the model can be shown."""

from backend.blinding.visibility import SEALED
from frontend.pages.blind.content import no_output


def test_a_beat_that_another_session_seals_is_told_from_one_without_output() -> None:
    assert "sealed" in str(no_output({"window": {"note": SEALED}}, "beat"))
    assert "sealed" not in str(no_output({"window": {"note": None}}, "beat"))
    assert "sealed" not in str(no_output({"window": {"note": "Too close to the recording's end"}}, "beat"))
