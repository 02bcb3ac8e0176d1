"""Label sets: what readers of a session may call a beat."""

from typing import Literal

from backend.readings.schemas import OTHERS
from models.vocabularies.mitbih import BEATS

LabelSet = Literal["mitbih", "aami", "own"]
LEARNING = "?"  # "not classified during learning": a program's word, no reader's
AAMI = {
    "N": "Normal, bundle branch block, escape",
    "S": "Supraventricular ectopic",
    "V": "Ventricular ectopic",
    "F": "Fusion of ventricular and normal",
    "Q": "Paced or unclassifiable",
}


def labels_of(kind: LabelSet, own: list[str]) -> list[str]:
    """The labels of a set, in order; artefact and "cannot say" may always be said."""
    listed = {"mitbih": [symbol for symbol in BEATS if symbol != LEARNING], "aami": list(AAMI), "own": own}[kind]
    return list(dict.fromkeys((*listed, *OTHERS)))


def name_of(kind: LabelSet, label: str) -> str:
    """A label spelled out."""
    if kind == "aami" and label in AAMI:
        return AAMI[label]
    return (
        BEATS[label].name if kind == "mitbih" and label in BEATS else label.capitalize() if label in OTHERS else label
    )


def in_set(kind: LabelSet, symbol: str | None) -> str | None:
    """A beat symbol of reference or model as one of the set's labels."""
    if symbol is None or kind != "aami":
        return symbol
    return BEATS[symbol].group if symbol in BEATS else None
