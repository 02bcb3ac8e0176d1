"""Annotation sessions on screen: keys of labels, what the form asks for, how estimates are written."""

from datetime import UTC, datetime, timedelta
from typing import Any

import flask
import httpx
import pytest
from plotly.io.json import to_json_plotly

from frontend.api import Api
from frontend.pages.blind.labels import TAKEN, keys, label
from frontend.pages.results.agreement import estimate
from frontend.pages.results.page import asked
from frontend.pages.sessions import form
from frontend.pages.sessions.form import request
from frontend.pages.sessions.page import deadline

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


class House:
    """A service with one model and two vocabularies, one of them unlike the model's."""

    def recordings(self) -> Any:
        return {"recordings": [{"id": "mitdb~200", "name": "200"}]}

    def models(self) -> Any:
        return [{"id": "tiny", "title": "Tiny", "vocabulary": "mitbih"}]

    def vocabularies(self) -> Any:
        labels = [{"code": "V", "name": "Ventricular premature"}]
        names = (("mitbih", "MIT-BIH beats"), ("aami", "AAMI classes"), ("stub", "A stub's words"))
        return [{"name": name, "title": title, "labels": labels} for name, title in names]

    def draw(self, body: Any) -> Any:
        self.asked = body
        classes = [
            {"label": "V", "name": "Ventricular premature", "items": 5},
            {"label": None, "name": "none", "items": 1},
        ]
        return {"items": 6, "recordings": 1, "classes": classes, "seconds": 20.0, "timed": 0}


def text(found: Any) -> str:
    return str(to_json_plotly(found))


def test_the_form_offers_every_vocabulary_and_every_model() -> None:
    drawn = text(form.form(House(), {"id": "local", "name": "L", "role": "administrator", "accounts": False}))  # type: ignore[arg-type]
    for words in ("MIT-BIH beats", "AAMI classes", "A stub's words", "Own labels", "Tiny"):
        assert words in drawn
    assert [one["value"] for one in form.symbols(House(), "stub")] == ["V"]  # type: ignore[arg-type]


def test_what_would_be_drawn_stands_in_the_form_and_how_long_it_takes() -> None:
    house = House()
    shown = text(form.preview(house, CHOSEN))  # type: ignore[arg-type]
    assert house.asked == {k: v for k, v in request(CHOSEN).items() if k in ("recordings", "model", "choice")}
    for words in ("6 beats of 1 recording", "About 2 min for the reader, at 20 s a beat (assumed"):
        assert words in shown
    assert "not compared" not in shown
    assert "not compared" in text(form.preview(house, CHOSEN | {"labels": "stub"}))  # type: ignore[arg-type]
    assert "Choose a class" in text(form.preview(house, CHOSEN | {"how": "queue:class"}))  # type: ignore[arg-type]


def test_a_deadline_is_so_many_days_from_now_or_none() -> None:
    assert request(CHOSEN)["deadline"] is None
    asked = datetime.fromisoformat(request(CHOSEN | {"days": 3})["deadline"]) - datetime.now(UTC)
    assert timedelta(days=2, hours=23) < asked < timedelta(days=3, hours=1)


def test_a_deadline_that_is_past_is_in_amber_while_its_session_is_open() -> None:
    past = {"deadline": "2020-01-01T00:00:00Z", "closed": None}
    assert "was due 2020-01-01" in text(deadline(past))
    assert "warn" not in text(deadline(past | {"closed": "2020-02-01T00:00:00Z"}))
    assert deadline({"deadline": None, "closed": None}) == []


def test_a_label_is_never_written_as_its_code_twice() -> None:
    for entry in ({"label": "V", "name": "Ventricular premature"}, {"label": "N", "name": "Normal"}):
        drawn = text(label(entry, {}, narrow=False))
        assert f'"children":"{entry["label"]}","className":"cut"' not in drawn
