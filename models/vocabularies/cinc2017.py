"""The four answers of the PhysioNet/CinC Challenge 2017, of a recording as a whole."""

from models.vocabularies.base import Vocabulary, table

VOCABULARY = Vocabulary(
    "cinc2017",
    "Rhythm of a short recording (CinC 2017)",
    table(
        (
            ("N", "Normal rhythm", "Normal", "sinus", "N", "n"),
            ("A", "Atrial fibrillation", "AF", "fibrillation", "A", "a"),
            ("O", "Other rhythm", "Other", "other", "F", "o"),
            ("~", "Too noisy", "Noisy", "noise", "Q", "z"),
        )
    ),
)
