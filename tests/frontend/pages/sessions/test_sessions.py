"""Annotation sessions on screen: keys of labels, what the form asks for, how estimates are written."""

from typing import Any

import flask
import httpx
import pytest

from frontend.api import Api
from frontend.pages.blind.labels import TAKEN, keys
from frontend.pages.results.agreement import estimate
from frontend.pages.results.page import asked
from frontend.pages.sessions.form import request

CHOSEN: dict[str, Any] = {
    "title": "Round", "recordings": ["mitdb~200"], "how": "stratified", "symbol": None, "count": 5, "seed": 3,
    "labels": "mitbih", "own": "", "blind": True, "readers": ["a" * 32], "model": "tiny", "days": "",
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
    assert estimate({"value": 0.5, "low": None, "high": None}) == "0.50 (no interval)"


WINDOW = {"at": 100, "label": None, "window": None, "beat": None}  # what an answer about one has at least


def test_the_session_of_an_address() -> None:
    assert asked("?session=abc&place=3") == "abc"
    assert asked(None) == ""


def test_an_answer_is_not_kept_beyond_a_change_of_what_may_be_seen() -> None:
    version, asked = "1-0-None", []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        me = {"id": "1", "role": "annotator", "accounts": True, "visibility_version": version}
        return httpx.Response(200, json=me | WINDOW | {"said": version})

    api, browser = Api("http://service", httpx.MockTransport(answer)), flask.Flask("browser")

    def beat() -> str:
        with browser.test_request_context("/_view"):
            return str(api.beat("mitdb~200", 100, None, None)["said"])

    assert [beat(), beat()] == ["1-0-None", "1-0-None"]
    assert asked.count("/api/recordings/mitdb~200/windows/100") == 1
    for version in ("2-0-None", "2-0-7"):  # a session was opened; something was revealed
        assert beat() == version


def test_where_nobody_signs_in_a_new_session_forgets_what_was_kept() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(200, json={"id": "local", "role": "administrator", "accounts": False} | WINDOW)

    api = Api("http://service", httpx.MockTransport(answer))
    for change in (lambda: api.create_session({}), lambda: api.close_session("1")):
        before = len(asked)
        api.beat("mitdb~200", 100, None, None)
        change()
        api.beat("mitdb~200", 100, None, None)
        assert asked[before:].count("/api/recordings/mitdb~200/windows/100") == 1 + (before == 0)
