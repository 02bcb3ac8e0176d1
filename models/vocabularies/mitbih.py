"""MIT-BIH's beat symbols; each one's group is its AAMI class (EC57)."""

from models.vocabularies.base import Label, Vocabulary, table

VOCABULARY = Vocabulary(
    "mitbih",
    "MIT-BIH beats",
    table(
        (
            ("N", "Normal", "Normal", "N", "N", "n"),
            ("L", "Left bundle branch block", "LBBB", "N", "L", "l"),
            ("R", "Right bundle branch block", "RBBB", "N", "R", "r"),
            ("B", "Bundle branch block, unspecified", "BBB", "N", "L", None),
            ("e", "Atrial escape", "Atrial esc.", "N", "N", None),
            ("j", "Nodal (junctional) escape", "Nodal esc.", "N", "N", None),
            ("n", "Supraventricular escape", "Supravent. esc.", "N", "N", None),
            ("A", "Atrial premature", "Atrial prem.", "S", "A", "a"),
            ("a", "Aberrated atrial premature", "Aberr. atrial", "S", "A", None),
            ("J", "Nodal (junctional) premature", "Nodal prem.", "S", "A", None),
            ("S", "Supraventricular premature", "Supravent. prem.", "S", "A", None),
            ("V", "Ventricular premature", "PVC", "V", "V", "v"),
            ("E", "Ventricular escape", "Ventr. esc.", "V", "V", None),
            ("r", "R-on-T ventricular premature", "R-on-T", "V", "V", None),
            ("F", "Fusion of ventricular and normal", "Fusion", "F", "F", "f"),
            ("/", "Paced", "Paced", "Q", "/", "p"),
            ("f", "Fusion of paced and normal", "Paced fusion", "Q", "/", None),
            ("Q", "Unclassifiable", "Unclass.", "Q", "Q", "q"),
            ("?", "Not classified during learning", "Unclass.", "Q", "Q", None),
        )
    ),
)

BEATS: dict[str, Label] = {label.code: label for label in VOCABULARY.labels}
