"""MIT-BIH beat symbols: spelled-out name, short name and AAMI class (EC57)."""

from typing import NamedTuple


class Symbol(NamedTuple):
    """One kind of beat."""

    name: str
    short: str
    aami: str  # N, S, V, F, Q


BEATS: dict[str, Symbol] = {
    "N": Symbol("Normal", "Normal", "N"),
    "L": Symbol("Left bundle branch block", "LBBB", "N"),
    "R": Symbol("Right bundle branch block", "RBBB", "N"),
    "B": Symbol("Bundle branch block, unspecified", "BBB", "N"),
    "e": Symbol("Atrial escape", "Atrial esc.", "N"),
    "j": Symbol("Nodal (junctional) escape", "Nodal esc.", "N"),
    "n": Symbol("Supraventricular escape", "Supravent. esc.", "N"),
    "A": Symbol("Atrial premature", "Atrial prem.", "S"),
    "a": Symbol("Aberrated atrial premature", "Aberr. atrial", "S"),
    "J": Symbol("Nodal (junctional) premature", "Nodal prem.", "S"),
    "S": Symbol("Supraventricular premature", "Supravent. prem.", "S"),
    "V": Symbol("Ventricular premature", "PVC", "V"),
    "E": Symbol("Ventricular escape", "Ventr. esc.", "V"),
    "r": Symbol("R-on-T ventricular premature", "R-on-T", "V"),
    "F": Symbol("Fusion of ventricular and normal", "Fusion", "F"),
    "/": Symbol("Paced", "Paced", "Q"),
    "f": Symbol("Fusion of paced and normal", "Paced fusion", "Q"),
    "Q": Symbol("Unclassifiable", "Unclass.", "Q"),
    "?": Symbol("Not classified during learning", "Unclass.", "Q"),
}
