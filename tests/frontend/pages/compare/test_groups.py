"""Groups of methods: folded ones ask for nothing, and each is ordered by what held up."""

from dataclasses import replace
from typing import Any

import pytest

from frontend import methods
from frontend.api import Api
from frontend.pages.compare import groups, ranking
from frontend.pages.compare import page as compare
from frontend.view import View

VIEW = View("test~1", 1037)


def parts(api: Api, view: View) -> dict[str, Any]:
    return {panel.name: panel.update(api, view) for panel in compare.panels(api) if panel.update}


def test_at_first_the_desks_methods_and_the_output_over_time_are_unfolded(api: Api) -> None:
    assert groups.unfolded(api, VIEW) == {"perturbation", "network"}
    assert groups.unfolded(api, replace(VIEW, a="input_derivative")) >= {"gradient"}
    assert groups.unfolded(api, replace(VIEW, open=frozenset({"gradient"}))) == {"gradient"}


def test_what_is_folded_is_never_asked_for(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    explain = api.explain
    monkeypatch.setattr(api, "explain", lambda body: asked.append(body["explainer"]["method"]) or explain(body))
    found = parts(api, replace(VIEW, open=frozenset({"gradient"})))
    expected = {entry["method"] for entry in api.explainers() if methods.group_of(entry) == "gradient"}
    assert set(asked) == expected
    for entry in api.explainers():
        state = found[f"cell-{entry['method']}"].props[f"cell-{entry['method']}"]
        assert state["hidden"] == (entry["method"] not in expected)
    asked.clear()
    parts(api, replace(VIEW, open=frozenset({groups.NONE})))
    assert asked == []


def test_a_head_says_whether_it_is_unfolded_and_what_it_holds(api: Api) -> None:
    found = parts(api, replace(VIEW, open=frozenset({"gradient"})))
    opened, folded = (found[f"group-{name}"].props for name in ("gradient", "perturbation"))
    assert opened["group-gradient"] == {"hidden": False, "data-open": "yes"}
    assert folded["group-perturbation"] == {"hidden": False, "data-open": None}
    heads = [
        props[f"group-head-{name}"]["children"] for name, props in (("gradient", opened), ("perturbation", folded))
    ]
    assert [getattr(head, "aria-expanded") for head in heads] == ["true", "false"]
    assert "Learned mask, Occlusion" in str(heads[1])
    assert "Input derivative" not in str(heads[0])


def test_a_method_of_an_unknown_group_stands_among_the_others() -> None:
    assert methods.group_of({"group": "sorcery"}) == methods.group_of({}) == "other"


def judged(verdict: str, gap: float) -> dict[str, Any]:
    curves = {name: {"mean": mean, "better_than": 0.5} for name, mean in (("deletion", 0.5), ("insertion", 0.5 + gap))}
    return {"trust": {"rule": 1, "verdict": verdict, "settings": {"random_masks": 300}, **curves}}


def test_a_group_is_ordered_by_what_held_once_all_its_maps_are_judged(api: Api) -> None:
    entries = [entry for entry in methods.all_of(api) if methods.group_of(entry) == "perturbation"]
    jobs = [{"id": f"id-{entry['method']}", "slot": entry["method"]} for entry in entries]
    first, second = (job["slot"] for job in jobs)
    answer = {"of": {f"id-{first}": judged("not told from chance", 0.3), f"id-{second}": judged("holds up", 0.1)}}
    props = ranking.in_place(entries, jobs, answer)
    places = {name: props[f"cell-{name}"]["style"]["order"] for name in (first, second)}
    assert places[second] < places[first] < 0
    assert props["held-perturbation"] == {"children": "1 holds up, 1 not told from chance"}
    del answer["of"][f"id-{first}"]
    assert ranking.in_place(entries, jobs, answer)[f"cell-{second}"]["style"] == {}
