"""Controls come from a method's JSON Schema alone."""

from typing import Any

from frontend.address import Method
from frontend.ui import controls

SCHEMA: dict[str, Any] = {
    "$defs": {"Fill": {"enum": ["zero", "mean"], "type": "string", "title": "Fill"}},
    "properties": {
        "method": {"const": "m", "type": "string"},
        "steps": {"type": "integer", "title": "Steps", "default": 500, "minimum": 1, "maximum": 5000,
                  "description": "Of Adam."},
        "rate": {"type": "number", "title": "Rate", "default": 0.001, "exclusiveMinimum": 0, "maximum": 1,
                 "unit": "per step"},
        "fill": {"$ref": "#/$defs/Fill", "default": "zero"},
        "constant": {"type": "number", "default": 0.5, "shown_when": {"fill": "mean"}},
        "each": {"type": "boolean", "default": False},
        "limit": {"anyOf": [{"type": "integer", "minimum": 2}, {"type": "null"}], "default": None},
        "seed": {"type": "integer", "default": 0, "advanced": True},
    },
}  # fmt: skip


def made(name: str, method: Method | None = None) -> Any:
    entry = controls.fields(SCHEMA)[name]
    value = (method or Method("m")).parameters.get(name, entry.get("default"))
    return controls.control(name, entry, value, "a")


def test_the_methods_own_name_is_no_control() -> None:
    assert list(controls.fields(SCHEMA)) == ["steps", "rate", "fill", "constant", "each", "limit", "seed"]


def test_numbers_have_bounds_unit_and_default() -> None:
    steps, rate = made("steps"), made("rate")
    assert (steps.value, steps.min, steps.max, steps.allowDecimal) == (500, 1, 5000, False)
    assert steps.description == "Of Adam. (1 to 5000, default 500)"
    assert rate.label == "Rate (per step)"
    assert rate.step == 0.001


def test_choices_come_from_references() -> None:
    fill = made("fill", Method("m", {"fill": "mean"}))
    assert [option["value"] for option in fill.data] == ["zero", "mean"]
    assert fill.value == "mean"


def test_an_optional_number_may_be_left_empty() -> None:
    assert made("limit").value is None
    assert made("limit").min == 2


def test_a_control_that_depends_on_another_is_hidden() -> None:
    entry = controls.fields(SCHEMA)["constant"]
    assert controls.row("constant", entry, Method("m"), "a").hidden is True
    assert controls.row("constant", entry, Method("m", {"fill": "mean"}), "a").hidden is False


def test_advanced_settings_are_folded() -> None:
    *_, folded = controls.drawer(SCHEMA, Method("m"), "a")
    assert type(folded).__name__ == "Details"
    assert "seed" in str(folded)


def test_only_what_differs_from_the_default_is_kept_in_its_type() -> None:
    values = {"steps": "200", "rate": 0.001, "fill": "mean", "each": True, "limit": "", "seed": 0}
    assert controls.parameters(SCHEMA, values) == {"steps": 200, "fill": "mean", "each": True}


def test_what_is_no_value_is_told_with_what_may_be() -> None:
    assert controls.wrong(SCHEMA, {"steps": 99_999, "rate": 0.001, "limit": "", "fill": "mean"}) == {
        "steps": f"At most {controls.fields(SCHEMA)['steps']['maximum']:g}"
    }
    assert "default" in controls.wrong(SCHEMA, {"steps": ""})["steps"]
    assert controls.wrong(SCHEMA, {"limit": 1})["limit"] == "At least 2"


def test_a_method_without_settings_says_so() -> None:
    (only,) = controls.drawer({"properties": {"method": {"const": "m"}}}, Method("m"), "a")
    assert "nothing to set" in str(only)


def test_a_bound_of_the_computer_is_not_told_to_a_reader() -> None:
    seed = {"type": "integer", "minimum": 0, "maximum": 2**31 - 1, "default": 0}
    assert controls.described(seed) == "(from 0, default 0)"
    assert controls.described(seed | {"maximum": 5000}) == "(0 to 5000, default 0)"
