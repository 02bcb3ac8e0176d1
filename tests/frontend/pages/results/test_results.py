"""Results of a session on screen: who is offered what, what a lead sees before deciding, and the strip of a row."""

import json
import re
from typing import Any

import pytest
from plotly.io.json import to_json_plotly

from frontend.api import ApiError
from frontend.figures import paper
from frontend.pages.results import adjudication, agreement, ratings, strip
from frontend.pages.results.page import content

READERS = [
    {"id": "r1", "name": "Rita", "items": 4, "read": 4, "decided": 4, "differed": 1, "changed": 1, "seconds": 3.0},
    {"id": "r2", "name": "Sam", "items": 4, "read": 4, "decided": 2, "differed": 1, "changed": 0, "seconds": None},
]
SESSION = {
    "id": "5" * 32, "title": "Round", "blind": True, "closed": None, "items": 4, "deadline": None, "readers": READERS,
    "mine": None, "labels": [{"label": "N", "name": "Normal"}, {"label": "V", "name": "Ventricular premature"},
                             {"label": "F", "name": "Fusion"}],
}  # fmt: skip
ESTIMATE = {"value": 0.5, "low": 0.1, "high": 0.9}
PAIR = ESTIMATE | {"a": "r1", "b": "r2", "items": 4, "agree": 3}
STEP = {
    "pairs": [PAIR], "reference": [PAIR | {"b": None}, PAIR | {"a": "r2", "b": None}], "fleiss": ESTIMATE,
    "model": [PAIR | {"b": None}, PAIR | {"a": "r2", "b": None}], "items": 4, "agree": 3, "tables": [],
    "labels": [{"label": "V", "pairs": [ESTIMATE], "reference": [ESTIMATE, ESTIMATE], "fleiss": ESTIMATE}],
}  # fmt: skip
SHARE = ESTIMATE | {"count": 1, "of": 4}
RESULTS = {
    "readers": READERS, "first": STEP, "final": STEP, "regions": [], "intervals": "Of 95 %.",
    "changes": {"all": SHARE, "model_agrees": SHARE, "model_differs": SHARE, "toward_model": 1, "toward_reference": 0},
    "ratings": [{"rating": "certainty", "of": "reader", "right": ESTIMATE | {"counts": [0, 1, 0, 2, 0]},
                 "wrong": {"value": None, "low": None, "high": None, "counts": [0, 0, 0, 0, 0]}}],
}  # fmt: skip
DISPUTED = {
    "position": 2, "recording": "mitdb~208", "lead": "MLII", "at": 1378, "time": 3.828, "adjudicated": None,
    "labels": [{"name": "Sam", "label": "V", "comment": "wide", "confidence": 4, "reader": "r2", "first": "V"},
               {"name": "Rita", "label": "N", "comment": "", "confidence": 2, "reader": "r1", "first": "N"}],
    "output": "/", "output_name": "Paced", "reference": "F", "reference_name": "Fusion of ventricular and normal",
}  # fmt: skip
DECIDED = {"by": "Lena", "label": "V", "comment": "", "at": "2026-11-21T03:22:00Z"}


class Service:
    """What the page asks; `sealed`: the results are refused."""

    def __init__(self, role: str, mine: dict[str, Any] | None = None, sealed: bool = False) -> None:
        self.role, self.mine, self.sealed = role, mine, sealed

    def me(self) -> Any:
        return {"id": "r1", "name": "Rita", "role": self.role, "accounts": True}

    def session(self, _: str) -> Any:
        return SESSION | {"mine": self.mine} | ({} if self.role == "lead" else {"readers": None})

    def session_results(self, _: str) -> Any:
        if self.sealed or self.role != "lead":
            raise ApiError("Sealed until you have read all beats of this session", status=403)
        return RESULTS

    def disagreements(self, _: str) -> Any:
        return {"open": 1, "items": [DISPUTED]}


def shown(service: Any, hide: bool = True) -> str:
    return str(to_json_plotly(content(service, SESSION["id"], hide)))


OFFERS = ("export?format=", '"type":"close"', '"type":"decide"')


@pytest.mark.parametrize(
    ("role", "sealed", "offered"),
    [("lead", False, (True, True, True)), ("lead", True, (False, True, False)), ("annotator", False, (False,) * 3)],
)
def test_nothing_is_offered_that_would_be_refused(role: str, sealed: bool, offered: tuple[bool, ...]) -> None:
    mine = {"items": 4, "read": 3, "decided": 2} if role == "annotator" or sealed else None
    text = shown(Service(role, mine, sealed))
    assert tuple(words in text for words in OFFERS) == offered
    assert ("Go on reading" in text) == (mine is not None)


def test_names_model_and_reference_stand_there_once_a_lead_has_decided_and_before_only_if_wanted() -> None:
    secret = ("Rita", "Sam", "Paced", "Fusion", "review?")

    def row(decided: bool, hide: bool) -> str:
        one = DISPUTED | ({"adjudicated": DECIDED} if decided else {})
        session = SESSION | {"labels": SESSION["labels"][:2]}
        return str(to_json_plotly(adjudication.queue(session, {"open": 1, "items": [one]}, hide)))

    assert not [words for words in secret if words in row(decided=False, hide=True)]
    assert "wide" in row(decided=False, hide=True)  # what was remarked is an argument, not a name
    for shown_ in (row(decided=True, hide=True), row(decided=False, hide=False)):
        assert [words for words in secret if words in shown_] == list(secret)


def test_hidden_readings_stand_in_an_order_that_tells_nothing() -> None:
    turned = DISPUTED | {"labels": DISPUTED["labels"][::-1]}
    rows = [to_json_plotly(adjudication.readings(one, hidden=True)) for one in (DISPUTED, turned)]
    assert rows[0] == rows[1]


def test_every_number_of_agreement_is_on_the_page() -> None:
    text = str(to_json_plotly([agreement.agreement(RESULTS), agreement.by_label(RESULTS)]))
    for words in ("Rita and Sam", "All readers", "Rita and the reference", "Sam and the model", "3 of 4"):
        assert words in text
    assert text.count("0.50 (0.10 to 0.90)") == 2 * 6 + 2 * 4  # six rows and four columns, at two steps


def test_ratings_are_counted_by_who_was_right_and_empty_rows_left_out() -> None:
    table = json.loads(str(to_json_plotly(ratings.ratings(RESULTS["ratings"]))))
    text = json.dumps(table)
    assert "the reader's label was the reference" in text
    assert "was not" not in text


def points(svg: str) -> list[list[tuple[float, float]]]:
    """The pieces of the trace in px."""
    path = re.findall(r'<path d="([^"]*)" fill="none" stroke="var\(--trace\)"', svg)[0]
    pieces = [piece for piece in path.split("M") if piece]
    return [[tuple(map(float, pair.split())) for pair in piece.split("L")] for piece in pieces]  # type: ignore[misc]


def test_the_strip_of_a_row_is_at_true_scale_and_marks_its_beat() -> None:
    time = [10 + i * 0.01 for i in range(600)]
    value = [1.0 if i == 300 else 0.0 for i in range(600)]
    svg = strip.drawn({"time": time, "value": value}, 10.0, 13.0)
    (trace,) = points(svg)
    top = min(trace, key=lambda point: point[1])
    assert top[0] == pytest.approx(3 * paper.px_per_second(), abs=0.1)
    assert trace[0][1] - top[1] == pytest.approx(paper.px_per_mv(), abs=0.1)
    assert f"M{top[0] - 5:.1f} 0h10" in svg


def test_where_there_is_no_signal_the_strip_of_a_row_is_broken() -> None:
    value = [0.0] * 100 + [None] * 50 + [0.0] * 100
    svg = strip.drawn({"time": [i / 100 for i in range(250)], "value": value}, 0.0, 1.0)
    assert [len(piece) for piece in points(svg)] == [100, 100]
