"""From the class alone come the schema, the union, and errors that name field, value and bounds."""

import pytest
from pydantic import TypeAdapter

from models.errors import InvalidError
from models.explainers import AnyExplainer, explainers, parse
from models.networks.protocols import LACKS


def test_the_four_methods_of_paper_000_are_there():
    assert {"temporal_score", "input_derivative", "occlusion", "learned_mask"} <= set(explainers())


def test_a_file_adds_a_method(tmp_path, monkeypatch):
    from models import explainers as package

    (tmp_path / "added.py").write_text(
        "from typing import Literal\nfrom models.explainers.base import Explainer\n"
        "class Added(Explainer):\n    cost = 'instant'\n    method: Literal['added'] = 'added'\n"
    )
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    assert "added" in explainers.__wrapped__()


@pytest.mark.parametrize("kind", explainers().values(), ids=list(explainers()))
def test_a_method_says_what_the_reader_needs(kind):
    assert all([kind.title, kind.source, kind.unit, kind.version, kind.roles])
    assert all(need in LACKS for need in kind.needs)
    assert kind.summary.endswith(".")
    assert kind.cost in {"instant", "queued"}
    for name, entry in kind.model_json_schema()["properties"].items():
        if name == "method":
            continue
        assert entry["title"]
        assert entry["description"].endswith(".")
        if entry["type"] in {"integer", "number"}:
            assert "maximum" in entry
            assert {"minimum", "exclusiveMinimum"} & set(entry)
        else:
            assert "enum" in entry


@pytest.mark.parametrize("name", list(explainers()))
def test_parse_returns_what_was_dumped(name):
    method = parse({"method": name})
    assert parse(method.model_dump()) == method
    assert TypeAdapter(AnyExplainer).validate_json(method.model_dump_json()) == method


def test_the_union_tells_methods_apart_by_name():
    mapping = TypeAdapter(AnyExplainer).json_schema()["discriminator"]
    assert mapping["propertyName"] == "method"
    assert set(mapping["mapping"]) == set(explainers())


@pytest.mark.parametrize(
    ("parameters", "field", "message"),
    [
        ({}, "method", "Unknown method None: there is .*occlusion"),
        ({"method": "oclusion"}, "method", "Unknown method 'oclusion': there is .*occlusion"),
        ({"method": "occlusion", "width": 0}, "width", r"width = 0 .*a whole number from 1 to 5000 \(samples\)"),
        ({"method": "occlusion", "fill": "one"}, "fill", "fill = 'one' .*one of zero, mean, constant"),
        ({"method": "occlusion", "steps": 9}, "steps", "occlusion has no setting 'steps': it has width, stride, fill"),
        ({"method": "temporal_score", "steps": 9}, "steps", "temporal_score has no setting 'steps': it has none"),
        ({"method": "learned_mask", "learning_rate": 0}, "learning_rate", "a number above 0 up to 1"),
        ({"method": "learned_mask", "lambda1": float("nan")}, "lambda1", "lambda1 = nan"),
        ({"method": "learned_mask", "steps": "many"}, "steps", "steps = 'many' .*a whole number from 1 to 5000"),
    ],
)
def test_a_refusal_names_field_value_and_bounds(parameters, field, message):
    with pytest.raises(InvalidError, match=message) as caught:
        parse(parameters)
    assert caught.value.field == field


def test_settings_that_decide_nothing_do_not_tell_methods_apart():
    same = [
        ({"method": "occlusion", "constant": 3}, {"method": "occlusion"}),
        ({"method": "occlusion", "block_rows": 4}, {"method": "occlusion"}),
        ({"method": "learned_mask", "seed": 7}, {"method": "learned_mask"}),
    ]
    for left, right in same:
        assert parse(left) == parse(right)
    assert parse({"method": "learned_mask", "seed": 7, "jitter": 1}).model_dump()["seed"] == 7
