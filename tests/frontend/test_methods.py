"""Methods that can explain a model are offered; the others are said, never asked for, and have no cell."""

from dataclasses import replace

import pytest
from dash.development.base_component import Component
from fake_answers import EXPLAINERS

from frontend import explanations, methods
from frontend.api import Api
from frontend.maps.cannot import cannot
from frontend.pages import compare
from frontend.pages.compare import groups
from frontend.view import View

REASON = "a stub has no steps"
VIEW = View("test~1", 1037)


@pytest.fixture
def limited(api: Api, monkeypatch: pytest.MonkeyPatch) -> Api:
    """A service whose model cannot be explained by the method over time."""
    explainers = api.explainers

    def of_model(model: str | None = None) -> list[dict[str, object]]:
        no = {"not_offered": REASON}
        return [e | (no if model and e["roles"][:1] == ["probability"] else {}) for e in explainers()]

    monkeypatch.setattr(api, "explainers", of_model)
    return api


def of_role(api: Api, role: str) -> str:
    return next(str(e["method"]) for e in api.explainers() if e["roles"][:1] == [role])


def test_what_cannot_explain_the_model_is_never_asked_for_and_waits_for_nothing(
    limited: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(limited, "explain", asked.append)
    job = explanations.ask(limited, VIEW, "a", of_role(limited, "probability"), "graph-a")
    assert REASON in job["error"]
    assert asked == []
    assert explanations.complete([job])


def test_digits_and_the_folded_line_share_the_methods_out(limited: Api) -> None:
    [left] = [e for e in methods.of_view(limited, VIEW) if e.get("not_offered")]
    chosen = [e["method"] for e in methods.digits(limited, VIEW)]
    assert len(chosen) == len(EXPLAINERS) - 1
    assert left["method"] not in chosen
    line = str(cannot(methods.of_view(limited, VIEW)))
    assert left["title"] in line
    assert REASON in line
    assert cannot(methods.offered(limited, VIEW)) is None


def test_compare_has_no_cell_and_no_room_for_it(api: Api, limited: Api) -> None:
    name = of_role(limited, "probability")
    parts = {panel.name: panel for panel in compare.page.panels(limited)}
    update = parts[f"cell-{name}"].update
    assert update
    left = update(limited, VIEW)
    assert left.props == {f"cell-{name}": {"hidden": True, "data-state": "not offered"}}
    assert left.complete
    head = parts["head"].update
    assert head
    shown = head(limited, replace(VIEW, open=frozenset(groups.ORDER)))
    last = [one.children for one in shown.props["compare-digits"]["children"] if isinstance(one, Component)][-1]
    assert last == str(len(EXPLAINERS) - 1)


def test_a_menu_has_the_methods_in_their_groups(limited: Api) -> None:
    found = methods.choices(limited, "mitbih-lstm")
    assert [one["group"] for one in found] == ["What the network shows of itself", "Perturbation", "Gradient"]
    items = [item for one in found for item in one["items"]]
    assert {item["value"] for item in items} == {entry["method"] for entry in limited.explainers()}
    assert [item["value"] for item in items if item["disabled"]] == [of_role(limited, "probability")]
