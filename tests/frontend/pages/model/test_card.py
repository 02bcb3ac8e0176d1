"""What the model page says of a card is the card's own."""

from pathlib import Path
from typing import Any

import pytest

import models
from frontend.pages.model import card as cards
from frontend.pages.model import learnt, side
from models.cards import Card

FOLDER = Path(models.__file__).parent
CARDS = {file.parent.name: file for file in sorted(FOLDER.glob("*/*/card.json"))}
NONE = {"accuracy": None, "majority_rate": None, "interval": None, "text": "Its card reports no test."}


def card(name: str) -> dict[str, Any]:
    """A card as the service sends it."""
    found: dict[str, Any] = Card.model_validate_json(CARDS[name].read_text()).model_dump(mode="json")
    return found


@pytest.mark.parametrize("name", CARDS)
def test_every_card_is_shown(name: str) -> None:
    found = card(name)
    shown = str(side.content(found, NONE)) + str(learnt.content(found))
    assert all(words in shown for words in (found["architecture"].replace("_", " "), *found["limits"][:1]))


@pytest.mark.parametrize("name", CARDS)
def test_counts_by_class_are_the_rows_of_the_confusion(name: str) -> None:
    for one in cards.measured(card(name)):
        classes = one.values["per_class"].values()
        assert [sum(row) for row in one.values["confusion"]] == [entry[one.noun + "s"] for entry in classes]
        assert sum(map(sum, one.values["confusion"])) == one.count


def test_what_is_shown_first_is_what_readers_see_elsewhere() -> None:
    first, *others = cards.measured(card("mitbih-lstm"))
    assert (first.name, first.count) == ("reference", 19_311)
    assert [one.name for one in others] == ["test", "validation"]
    assert "19,311 reference beats" in first.words


def test_runs_from_other_seeds_and_splits_hold_the_weights_in_use() -> None:
    found = cards.spreads(card("mitbih-lstm"))
    assert [one.words for one in found] == ["Other seeds", "Other splits"]
    for one in found:
        assert one.own in one.values
        assert len(one.values) == card("mitbih-lstm")["evaluation"]["spread"][one.words.split()[1]]["runs"]
    assert cards.spreads(card("mitbih-lstm-pooled")) == []


def test_a_card_without_a_confusion_shows_its_areas() -> None:
    found = card("icu-mortality")
    assert cards.measured(found) == []
    test = found["evaluation"]["test"]
    assert cards.areas(found)["auroc"] == test["auroc"]
    assert f"{test['auroc']['value']:.3f}" in str(side.content(found, NONE))
    assert sum(one.count for one in cards.calibration_curve(found)) == test["stays"]


def test_an_interval_that_is_not_known_is_not_made_up() -> None:
    found = card("cinc-conv7")
    headline = {"accuracy": 0.86, "majority_rate": 0.6, "interval": None, "text": ""}
    assert "no interval" in str(side.content(found, headline))
    wide = {**headline, "interval": (0.5, 0.9)}
    assert "50–90% over patients" in str(side.content(found, wide))
    assert "wide" in str(side.agreement(found, wide, cards.measured(found)[0]))
