"""What stands in a blind read where nothing of the model can be shown."""

import pytest
from dash import html

from backend.blinding.visibility import SEALED
from frontend.maps.frame import head
from frontend.pages.blind.content import no_output, rated, stays_sealed


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


def test_the_full_scale_gives_way_to_the_name_and_the_judgement_of_a_map() -> None:
    scale = {"unit": "1 − m", "full": 1.0, "full_is_fixed": True, "maximum": 0.64}
    made = head("a", {"title": "Learned mask", "cached": True}, {"scale": scale})
    parts = rated(made, html.Span("Learned mask"), html.Span("Holds up"))
    (giving,) = (part for part in parts if getattr(part, "className", "") == "gives")
    assert giving.children.children == "full scale 1"
