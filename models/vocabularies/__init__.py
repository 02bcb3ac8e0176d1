"""Vocabularies: each a file of this package that defines one Vocabulary; discovered, never listed."""

from dataclasses import replace
from functools import cache

from models.cards import Card
from models.discovery import discover_values, named
from models.errors import unknown
from models.vocabularies.base import Label, Vocabulary

__all__ = ["Label", "Vocabulary", "labels_of", "name_of", "vocabularies", "vocabulary"]


@cache
def vocabularies() -> dict[str, Vocabulary]:
    """Every vocabulary by name."""
    found: dict[str, Vocabulary] = {}
    for item in discover_values(__name__, Vocabulary, "vocabularies"):
        named(found, item.name, item)
    return dict(sorted(found.items()))


def vocabulary(name: str) -> Vocabulary:
    """The vocabulary called `name`; NotFoundError names those there are."""
    known = vocabularies()
    if name not in known:
        raise unknown("vocabulary", name, tuple(known), field="vocabulary")
    return known[name]


def labels_of(card: Card) -> tuple[Label, ...]:
    """The labels of the card's classes, in order: named as the card does, drawn as its vocabulary has them."""
    known = vocabularies().get(card.vocabulary)
    found = []
    for kind in card.classes:
        own = Label(kind.symbol, kind.name, kind.name, kind.symbol, "Q")
        label = known and known.get(kind.symbol)
        found.append(replace(label, name=kind.name) if label else own)
    return tuple(found)


def name_of(vocabulary: str, code: str) -> str:
    """A label spelled out; the code itself where there is no such label."""
    known = vocabularies().get(vocabulary)
    return known.name_of(code) if known else code
