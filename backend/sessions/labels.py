"""Label sets: what readers of a session may call a window."""

from collections.abc import Sequence

from backend.readings.schemas import OTHERS
from models.cards import Card
from models.errors import InvalidError
from models.vocabularies import labels_of, vocabularies, vocabulary
from models.vocabularies import name_of as name_in

OWN = "own"  # a session's own labels
LEARNING = "?"  # "not classified during learning": a program's word, no reader's


def check_set(label_set: str | None, card: Card) -> str:
    """The label set that a session about this model has: its vocabulary, one that its labels belong to, or "own".

    InvalidError for any other: the reference and the model's output could not be said in it.
    """
    name = label_set or card.vocabulary
    options = (card.vocabulary, *(("aami",) if card.vocabulary == "mitbih" else ()), OWN)
    if name not in options:
        message = f"Label set {name!r}: {card.id} and its reference speak {card.vocabulary}; there is"
        raise InvalidError(f"{message} {', '.join(options)}", field="label_set", options=options)
    return name


def labels_in(label_set: str, own: Sequence[str], card: Card) -> list[str]:
    """The labels of a set, in order; artefact and "cannot say" may always be said."""
    if label_set == OWN:
        listed = list(own)
    elif label_set in vocabularies():
        listed = [label.code for label in vocabulary(label_set).labels if label.code != LEARNING]
    else:  # a vocabulary that only the model's card knows
        listed = [label.code for label in labels_of(card)]
    return list(dict.fromkeys((*listed, *OTHERS)))


def name_of(label_set: str, label: str) -> str:
    """A label spelled out."""
    if label in OTHERS:
        return label.capitalize()
    return label if label_set == OWN else name_in(label_set, label)


def in_set(label_set: str, code: str | None) -> str | None:
    """A label of reference or model as one of the set's: an AAMI class where beats are read by AAMI's classes."""
    if code is None or label_set != "aami":
        return code
    label = vocabulary("mitbih").get(code)
    return label.group if label else None
