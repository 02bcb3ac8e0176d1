"""Rhythms as WFDB's rhythm changes name them (their text is the code behind a bracket: "(AFIB")."""

from models.vocabularies.base import Vocabulary, table

VOCABULARY = Vocabulary(
    "rhythm",
    "Rhythms (WFDB)",
    table(
        (
            ("N", "Normal sinus rhythm", "Sinus", "sinus", "N", "n"),
            ("SBR", "Sinus bradycardia", "Sinus brady.", "sinus", "N", None),
            ("AFIB", "Atrial fibrillation", "AF", "fibrillation", "A", "a"),
            ("AFL", "Atrial flutter", "Flutter", "flutter", "A", "l"),
            ("AB", "Atrial bigeminy", "Atrial bigem.", "atrial", "A", None),
            ("SVTA", "Supraventricular tachyarrhythmia", "SVT", "atrial", "A", "s"),
            ("NOD", "Nodal (junctional) rhythm", "Nodal", "nodal", "N", None),
            ("J", "Junctional rhythm", "Junctional", "nodal", "N", None),
            ("PREX", "Pre-excitation (WPW)", "Pre-exc.", "conduction", "L", None),
            ("BII", "Second-degree heart block", "Block II°", "conduction", "L", None),
            ("B", "Ventricular bigeminy", "Bigeminy", "ventricular", "V", "b"),
            ("T", "Ventricular trigeminy", "Trigeminy", "ventricular", "V", "t"),
            ("IVR", "Idioventricular rhythm", "IVR", "ventricular", "V", None),
            ("VT", "Ventricular tachycardia", "VT", "ventricular", "V", "v"),
            ("VFL", "Ventricular flutter", "Ventr. flutter", "ventricular", "V", None),
            ("VF", "Ventricular fibrillation", "VF", "ventricular", "V", "f"),
            ("VFIB", "Ventricular fibrillation", "VF", "ventricular", "V", None),
            ("ASYS", "Asystole", "Asystole", "asystole", "Q", None),
            ("P", "Paced rhythm", "Paced", "paced", "/", "p"),
        )
    ),
)
