"""The five classes of beats of AAMI EC57."""

from models.vocabularies.base import Vocabulary, table

VOCABULARY = Vocabulary(
    "aami",
    "AAMI classes",
    table(
        (
            ("N", "Normal, bundle branch block, escape", "Normal", "N", "N", "n"),
            ("S", "Supraventricular ectopic", "Supravent.", "S", "A", "s"),
            ("V", "Ventricular ectopic", "Ventricular", "V", "V", "v"),
            ("F", "Fusion of ventricular and normal", "Fusion", "F", "F", "f"),
            ("Q", "Paced or unclassifiable", "Paced, uncl.", "Q", "Q", "q"),
        )
    ),
)
