"""What a signal's name says it is: an ECG lead, something else, or nothing we know."""

import re
from collections.abc import Sequence

STANDARD = 8  # leads of a standard ECG that are measured; the others are computed from them
_STANDARD = re.compile(
    r"(?:lead[\s_:-]*|mod\.?)?(?:i{1,3}|-?av[rlf]|v(?:[1-9]r?)?|v[xyz]|[xyz]|m?l(?:i{1,3}|[1-3])|d[1-3]"
    r"|ml?v[1-6]|mcl?[1-6]|c[mcbsh][1-6]|cl[1-6]|ml[al]|ra|la|ll|(?:ra|la|ll|rl)[-_](?:ra|la|ll|rl)|e-?s|a-?s|a-?i)",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?<![a-z])(?:ecg|ekg)(?![a-z])|^holter|^(?:ecg|ekg)|(?<![a-z])(?:lead)\s*(?:[iv]|\d)", re.IGNORECASE
)
_EXPLICIT = re.compile(r"ecg|ekg", re.IGNORECASE)
_PREFIX = re.compile(r"^\s*(?:ECG|EKG)\b[\s:_-]*(?!\d)", re.IGNORECASE)
_ELECTRODE = r"(?:fp|af|fc|ft|f|cp|c|tp|t|po|p|o|a|m)(?:z|\d{1,2})"  # of the 10–20 system
_OTHER = re.compile(
    r"^(?:eeg|eog|emg|erg|egg|ieog|loc|roc|e[12](?![a-z0-9])|l-?eye|r-?eye|chin|leg|tib|abp|art|bp|nbp|cvp|pap|icp|map|pleth|ppg|spo2|sao2|sat"
    r"|resp|rip|flow|airflow|nasal|thor|chest|abdo|snor|mic|sound|co2|etco2|temp|pos|light|acc|gyro|hr$|pulse|puls\b"
    r"|bpm$|heart[\s_-]?rate|rr(?:[\s_-]?i(?:nterval)?)?$|r[\s_-]?peaks?$|peaks?$|beats?$|class$|target$|symbols?$|quality|sqi$|flags?$"
    r"|status|trigger|event|marker|edf annotations|bdf annotations|annotation|label|gsr|eda|scg|bcg|pcg|impedance)"
    rf"|^{_ELECTRODE}(?:[-:_/ ].*)?$|^{_ELECTRODE}-?(?:{_ELECTRODE}|ref|le|avg)?$",
    re.IGNORECASE,
)
_CHEST = re.compile(r"C[1-6]", re.IGNORECASE)
_SCALP = re.compile(r"(?:EEG|FP?[Z1-9]|O[Z1-9]|P[Z1-9]|T[Z1-9]|CZ)\b", re.IGNORECASE)


def is_named_ecg(name: str) -> bool:
    """Whether the name says ECG, or is one of a surface lead."""
    return bool(_NAMED.search(name) or _STANDARD.fullmatch(name.strip()))


def is_other(name: str) -> bool:
    """Whether the name is that of a signal which is no ECG."""
    return not is_named_ecg(name) and bool(_OTHER.match(name.strip()))


def primary(names: Sequence[str]) -> int:
    """Index of the lead that a recording opens on: II where there are all of the limbs and some of the chest."""
    plain = [name.strip().upper() for name in names]
    return plain.index("II") if len(plain) >= STANDARD and {"I", "II"} <= set(plain) else 0


def without_prefix(name: str) -> str:
    """`ECG II` is lead II; `ECG1` and `ECG 1` stay whole."""
    return _PREFIX.sub("", name).strip() or name.strip()


def chosen(names: list[str], strict: bool = False) -> list[int]:
    """Indices of what is shown as ECG: all but what is named otherwise.

    Where a name says ECG itself, or strict is set and one is that of a lead, signals of unknown names are left out:
    so it is in polysomnography, whose other signals bear any name.
    """
    chest = _has_chest_leads(names)
    named = [i for i, name in enumerate(names) if is_named_ecg(name) or (chest and _CHEST.fullmatch(name.strip()))]
    if named and (strict or any(_EXPLICIT.search(names[index]) for index in named)):
        return named
    return [index for index, name in enumerate(names) if index in named or not is_other(name)]


def _has_chest_leads(names: list[str]) -> bool:
    """Whether C1 to C6 are the chest leads of IEC rather than electrodes of an EEG: all six, and none of F, O, P, T."""
    found = {name.strip().upper() for name in names}
    return found >= {f"C{number}" for number in range(1, 7)} and not any(_SCALP.match(name) for name in found)
