"""Annotation sessions on screen: keys of labels, what the form asks for, how estimates are written."""

from typing import Any

import pytest

from frontend.pages.blind_content import TAKEN, keys
from frontend.pages.results import asked, estimate
from frontend.pages.sessions import request

CHOSEN: dict[str, Any] = {
    "title": "Round", "recordings": ["mitdb~200"], "how": "stratified", "symbol": None, "count": 5, "seed": 3,
    "labels": "mitbih", "own": "", "blind": True, "readers": ["a" * 32],
}  # fmt: skip


def test_every_label_has_a_key_of_its_own() -> None:
    found = keys(["N", "n", "A", "a", "/", "artefact", "cannot say", "tachycardia", "noise"])
    assert found["N"] == "n"
    assert found["n"] == "shift+n"
    assert found["/"] == "p"
    assert (found["artefact"], found["cannot say"]) == ("x", "u")
    assert len(set(found.values())) == 9
    assert not TAKEN & set(found.values())


def test_a_label_without_a_letter_has_no_key() -> None:
    assert keys(["?"]) == {}


@pytest.mark.parametrize(
    ("changes", "choice"),
    [
        ({}, {"how": "stratified", "each": 5, "seed": 3}),
        ({"how": "random"}, {"how": "random", "count": 5, "seed": 3}),
        ({"how": "queue:uncertain"}, {"how": "queue", "queue": "uncertain", "count": 5, "seed": 3}),
        (
            {"how": "queue:class", "symbol": "V"},
            {"how": "queue", "queue": "class", "symbol": "V", "count": 5, "seed": 3},
        ),
    ],
)
def test_the_form_asks_for_the_beats_that_were_chosen(changes: dict[str, Any], choice: dict[str, Any]) -> None:
    assert request(CHOSEN | changes)["choice"] == choice


def test_own_labels_belong_to_the_own_set_alone() -> None:
    assert request(CHOSEN | {"labels": "own", "own": "sinus, ectopic ,"})["labels"] == ["sinus", "ectopic"]
    assert request(CHOSEN | {"own": "sinus"})["labels"] == []


def test_the_form_says_what_is_missing() -> None:
    with pytest.raises(ValueError, match="a title, a reader"):
        request(CHOSEN | {"title": "", "readers": []})


def test_estimates_name_their_interval() -> None:
    assert estimate({"value": -0.1, "low": -0.5, "high": 0.3}) == "−0.10 (−0.50 to 0.30)"
    assert estimate({"value": None, "low": None, "high": None}) == "not determined"
    assert estimate({"value": 0.5, "low": None, "high": None}) == "0.50"


def test_the_session_of_an_address() -> None:
    assert asked("?session=abc&place=3") == "abc"
    assert asked(None) == ""
