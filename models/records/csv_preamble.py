"""What stands above the numbers of a CSV file: statements such as `# fs: 360` or `Sample Rate,512 hertz`."""

import math
import re
from dataclasses import dataclass, field
from pathlib import Path

from models.errors import BadRecordError
from models.records.stated import FASTEST, SLOWEST
from models.records.units import KNOWN, millivolts

_KEYS = {
    "fs": r"fs|sfreq|sf|sps|sr|(?=.*(?:sampl|abtast|mess|[ée]chantil|muestr|campion|amostr|bemonst))"
    r".*(?:rate|fr[eé]q|frec|per[\s_-]*s(?:ec\w*|ek\w*|eg)?\b).*",
    "weak fs": r"hz|rate|frequency",  # may be said of anything
    "step": r"(?=.*sampl).*(?:interval|period|step).*|dt",
    "gain": r"(?:ecg|ekg|adc)?\s*(?:gain|verst[äa]rkung|scale|scaling|lsb|multiplier|factor|resolution)(?:\s*factor)?",
    "unit": r"(?:ecg|ekg|voltage|amplitude|signal|value)?\s*units?|einheit(?:en)?|unit[éàa]s?"
    r"|unidad(?:es)?|eenheid|enhet",
    "lead": r"leads?|ableitung|d[ée]rivation|derivaci[óo]n|derivazione|deriva[çc][ãa]o|afleiding|avledning|channel"
    r"|kanal",
    "samples": r"samples",
}
_OTHERS = re.compile(
    r"(?<![a-z])(?:acc\w*|gyro\w*|mag\w*|ppg|pleth\w*|resp\w*|eeg|emg|eog|eda|gsr|abp|bp|hr|heart|temp\w*|spo2|audio|video"
    r"|original|display|screen|imu|motion)(?![a-z])",
    re.IGNORECASE,
)
_ECG = re.compile(r"ecg|ekg", re.IGNORECASE)
_VALUE = re.compile(r"[-+.,\d]*\d")
ALIKE = 0.01  # part by which two statements of a rate may differ: periods are rounded
_TICKED = re.compile(r"([\d.,]+(?:[eE][-+]?\d+)?)\s*(s|ms|us|µs|μs)?(?:ec\w*)?", re.IGNORECASE)
_COMMENT = re.compile(r"#+\s*([^:=,;\t]+?)\s*[:=,;\t]\s*(.+?)\s*")
_PLAIN = re.compile(r"([^:=,;\t]+?)\s*[:=,;\t]\s*(.+?)\s*")
_HERTZ = re.compile(r"([\d.,]+(?:[eE][-+]?\d+)?)\s*(k?)\s*(?:hz|hertz|sps|samples?\s*(?:/|per)\s*s\w*)", re.IGNORECASE)


@dataclass
class Said:
    """What has been stated; BadRecordError where two statements of a kind differ."""

    unit: str | None = None
    lead: str | None = None
    samples: int | None = None  # stated: this file was settled, and what came before is what counts
    notes: list[str] = field(default_factory=list)
    _fs: dict[str, float] = field(default_factory=dict)  # Hz by the kind of statement

    @property
    def fs(self) -> float | None:
        """Hz; a line that may be about anything counts where there is no better one."""
        return self._fs.get("fs", self._fs.get("weak fs"))

    def take(self, path: Path, number: int, line: str) -> bool:
        """Whether the line states something; BadRecordError where its value is none."""
        match = (_COMMENT if line.startswith("#") else _PLAIN).fullmatch(line)
        if match is None:
            return False
        key = re.sub(r"\s*[(\[].*?[)\]]\s*", "", match[1]).strip("'\" ").lower()
        value = match[2].strip("'\" ,;\t")
        kind = next((kind for kind, pattern in _KEYS.items() if re.fullmatch(pattern, key)), None)
        if kind is None or (kind == "samples" and not line.startswith("#")):
            return False
        if kind in ("step", "gain") and not _VALUE.match(value):
            return False  # the name of a column
        if kind in ("fs", "step") and _OTHERS.search(match[1]) and not _ECG.search(match[1]):
            return True  # of another signal
        bracketed = re.search(r"[(\[]\s*(.*?)\s*[)\]]", match[1])
        self._keep(path, number, kind, key, value, bracketed[1].lower() if bracketed else "")
        return True

    def _keep(self, path: Path, number: int, kind: str, key: str, value: str, unit: str) -> None:
        if kind == "fs":
            khz = unit == "khz" and not _HERTZ.fullmatch(value)
            self._set_fs(path, number, kind, _checked_fs(path, number, f"{value} kHz" if khz else value))
        elif kind == "weak fs" and SLOWEST <= (fs := _hertz(value)) <= FASTEST:
            self._set_fs(path, number, kind, fs)
        elif kind == "step" and (step := _seconds(value, unit)):
            self._set_fs(path, number, "fs", _checked_fs(path, number, f"{1 / step:.9g}"))
        elif kind == "gain" and _hertz(value) != 1:
            note = f"The file states {key} {value[:40]}: it was not applied, its values were read as they stand."
            self.notes += [note] if note not in self.notes else []
        elif kind == "unit":
            self._set_unit(path, number, value)
        elif kind == "samples" and self.samples is None:
            if not (value.isascii() and value.isdigit() and len(value) < 16):
                raise BadRecordError(str(path), f"line {number}: {value[:40]!r} is no number of samples")
            self.samples = int(value)
        elif kind == "lead" and self.lead is None:
            self.lead = value

    def _set_fs(self, path: Path, number: int, kind: str, fs: float) -> None:
        before = self._fs.setdefault(kind, fs)
        if self.samples is None and abs(fs - before) > ALIKE * before:
            both = f"sampling frequency {fs:g} Hz here, {before:g} Hz above"
            raise BadRecordError(str(path), f"line {number}: {both}: state the one of the ECG alone")

    def _set_unit(self, path: Path, number: int, value: str) -> None:
        found = millivolts(value)
        if self.unit is None:
            if found is None:
                raise BadRecordError(str(path), f"line {number}: unit {value[:40]!r}: known are {KNOWN}")
            self.unit = value
        elif self.samples is None and found not in (None, millivolts(self.unit)):
            reason = f"line {number}: unit {value[:40]!r} here, {self.unit!r} above: state one, or each column's own"
            raise BadRecordError(str(path), reason)


def _checked_fs(path: Path, number: int, value: str) -> float:
    fs = _hertz(value)
    if not SLOWEST <= fs <= FASTEST:
        reason = f"line {number}: sampling frequency {value[:40]!r}: expected {SLOWEST:g} to {FASTEST:g} (Hz)"
        raise BadRecordError(str(path), reason)
    return fs


def _hertz(value: str) -> float:
    """A frequency in Hz; NaN for anything else."""
    match = _HERTZ.fullmatch(value)
    try:
        return float((match[1] if match else value).replace(",", ".")) * (1000.0 if match and match[2] else 1.0)
    except ValueError:
        return math.nan


def _seconds(value: str, unit: str) -> float | None:
    """A time in s, its unit behind it or in the brackets of its name; None where none is stated."""
    match = _TICKED.fullmatch(value)
    tick = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "μs": 1e-6}.get((match[2] or unit).lower() if match else "")
    try:
        return (float(match[1].replace(",", ".")) * tick or None) if match and tick else None
    except ValueError:
        return None
