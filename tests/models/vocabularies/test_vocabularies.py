"""Vocabularies: found, without doubles, and never one in place of another."""

import pytest

import frontend.vocabulary
from frontend import tokens
from models.cards import Card
from models.errors import NotFoundError
from models.records.marks import RHYTHM_CHANGE
from models.vocabularies import Vocabulary, labels_of, name_of, vocabularies, vocabulary
from models.vocabularies.mitbih import BEATS

EVERY = vocabularies().values()


def test_every_file_is_a_vocabulary_by_its_name() -> None:
    assert {"mitbih", "aami", "rhythm", "cinc2017", "wfdb", "outcome"} <= set(vocabularies())
    assert all(found.name == name for name, found in vocabularies().items())
    with pytest.raises(NotFoundError, match=r"Unknown vocabulary 'x': there is .*mitbih"):
        vocabulary("x")


@pytest.mark.parametrize("found", EVERY, ids=lambda found: found.name)
def test_codes_and_keys_are_each_taken_once_and_colours_are_known(found: Vocabulary) -> None:
    codes = [label.code for label in found.labels]
    keys = [label.key for label in found.labels if label.key]
    assert len(set(codes)) == len(codes)
    assert len(set(keys)) == len(keys)
    assert {"x", "u"}.isdisjoint(keys)  # artefact, cannot say
    assert {label.colour_group for label in found.labels} <= set(tokens.CLASSES)
    assert all(label.name and label.short and label.group for label in found.labels)


def test_the_pages_write_beats_of_old_links_as_this_vocabulary_does() -> None:
    written = [(one.code, one.name, one.short, one.colour_group, one.key) for one in frontend.vocabulary.MITBIH]
    assert written == [(one.code, one.name, one.short, one.colour_group, one.key) for one in BEATS.values()]


def test_every_beat_has_one_of_aamis_classes() -> None:
    assert {label.group for label in BEATS.values()} == {label.code for label in vocabulary("aami").labels}
    assert RHYTHM_CHANGE not in BEATS


def test_an_a_is_what_its_own_vocabulary_and_card_say() -> None:
    assert name_of("mitbih", "A") == "Atrial premature"
    assert name_of("cinc2017", "A") == "Atrial fibrillation"
    assert name_of("nobody's", "A") == "A"
    labels = labels_of(rhythm_card("cinc2017"))
    assert [(label.code, label.name) for label in labels] == [("A", "Fibrillation of the atria"), ("Z", "Zebra")]
    assert labels[0].short == "AF"
    assert [label.name for label in labels_of(rhythm_card("its own"))] == ["Fibrillation of the atria", "Zebra"]


def rhythm_card(vocabulary: str) -> Card:
    return Card.model_validate(
        {
            "id": "r", "title": "R", "summary": "", "architecture": "lstm", "network": {}, "weights_sha256": "0",
            "input": {"fs": 300.0}, "vocabulary": vocabulary,
            "classes": [{"symbol": "A", "name": "Fibrillation of the atria"}, {"symbol": "Z", "name": "Zebra"}],
        }
    )  # fmt: skip
