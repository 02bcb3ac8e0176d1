"""Label sets: what readers of a session may call a window."""

from collections.abc import Sequence

from backend.readings.schemas import OTHERS
from models.cards import Card
from models.errors import InvalidError
from models.vocabularies import labels_of, vocabularies, vocabulary
from models.vocabularies import name_of as name_in

MITBIH, AAMI = "mitbih", "aami"
OWN = "own"  # a session's own labels
LEARNING = "?"  # "not classified during learning": a program's word, no reader's


def check_set(label_set: str | None, card: Card) -> str:
    """The label set that a session about this model has: its vocabulary, any other that is known, or "own".

    InvalidError for one that is not known. What the set cannot say of reference and model is compared with nothing.
    """
    name = label_set or card.vocabulary
    options = tuple(dict.fromkeys((card.vocabulary, *vocabularies(), OWN)))
    if name not in options:
        message = f"Label set {name!r}: there is {', '.join(options)}"
        raise InvalidError(message, field="label_set", options=options)
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


def name_of(label_set: str, label: str, spoken: str) -> str:
    """A label spelled out; one of an own set that is a code of the model's vocabulary `spoken` is called as there."""
    if label in OTHERS:
        return label.capitalize()
    return name_in(spoken if label_set == OWN else label_set, label)


def spoken_in(label_set: str, known: str | None) -> str:
    """The vocabulary of reference and model: as kept; of sessions made before it was, the one their set belongs to."""
    return known or (MITBIH if label_set in (OWN, AAMI) else label_set)


def in_set(label_set: str, code: str | None, spoken: str, labels: Sequence[str]) -> str | None:
    """A code of reference or model, in the vocabulary `spoken`, as one of the set's labels; None: it cannot say it."""
    if code is not None and label_set == AAMI and spoken == MITBIH:
        label = vocabulary(MITBIH).get(code)
        code = label.group if label else None
    elif label_set not in (spoken, OWN):
        return None
    return code if code in labels else None
