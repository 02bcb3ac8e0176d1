"""WFDB's annotations that are no beats: waves, noise, changes, notes."""

from models.vocabularies.base import Vocabulary, table

VOCABULARY = Vocabulary(
    "wfdb",
    "WFDB annotations beside beats",
    table(
        (
            ("~", "Change in signal quality", "Quality", "quality", "Q", None),
            ("|", "Isolated QRS-like artefact", "Artefact", "quality", "Q", None),
            ("+", "Rhythm change", "Rhythm", "change", "Q", None),
            ("s", "ST segment change", "ST", "change", "F", None),
            ("T", "T-wave change", "T change", "change", "F", None),
            ("*", "Systole", "Systole", "wave", "N", None),
            ("D", "Diastole", "Diastole", "wave", "N", None),
            ("(", "Waveform onset", "Onset", "wave", "N", None),
            (")", "Waveform end", "End", "wave", "N", None),
            ("p", "Peak of P wave", "P", "wave", "N", None),
            ("t", "Peak of T wave", "T", "wave", "N", None),
            ("u", "Peak of U wave", "U", "wave", "N", None),
            ("`", "PQ junction", "PQ", "wave", "N", None),
            ("'", "J point", "J", "wave", "N", None),
            ("x", "Non-conducted P wave (blocked premature)", "Blocked P", "beat", "A", None),
            ("^", "Pacemaker spike that did not capture", "Spike", "beat", "/", None),
            ("[", "Ventricular flutter or fibrillation", "VF", "ventricular", "V", None),
            ("!", "Ventricular flutter wave", "Flutter wave", "ventricular", "V", None),
            ("]", "End of ventricular flutter or fibrillation", "VF end", "ventricular", "V", None),
            ("=", "Measurement", "Measurement", "note", "Q", None),
            ("@", "Link to other data", "Link", "note", "Q", None),
            ('"', "Note", "Note", "note", "Q", None),
        )
    ),
)
