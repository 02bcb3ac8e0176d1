"""How a stay in hospital ended."""

from models.vocabularies.base import Vocabulary, table

VOCABULARY = Vocabulary(
    "outcome",
    "Outcome of a hospital stay",
    table(
        (
            ("survived", "Survived the stay", "Survived", "survived", "N", "s"),
            ("died", "Died in hospital", "Died", "died", "Q", "d"),
        )
    ),
)
