"""Findings of which several hold at once, as a 12-lead ECG is reported."""

from models.vocabularies.base import Vocabulary, table

FINDINGS = Vocabulary(
    "stub_findings",
    "Findings of a whole ECG",
    table(
        (
            ("NORM", "Normal ECG", "Normal", "normal", "N", "n"),
            ("MI", "Myocardial infarction", "Infarction", "ischaemia", "V", "m"),
            ("STTC", "ST/T change", "ST/T", "ischaemia", "A", "s"),
        )
    ),
)
