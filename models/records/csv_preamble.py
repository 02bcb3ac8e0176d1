"""What stands above the numbers of a CSV file: statements such as `# fs: 360` or `Sample Rate,512 hertz`."""

import math
import re
from dataclasses import dataclass
from pathlib import Path

from models.errors import BadRecordError
from models.records.stated import FASTEST, SLOWEST
from models.records.units import KNOWN, millivolts

_KEYS = {
    "fs": r"fs|sfreq|sf|sps|hz|rate|sr|frequency|(?=.*(?:sampl|abtast|mess|[ée]chantil|muestr|campion|amostr|bemonst))"
    r".*(?:rate|fr[eé]q|frec|per[\s_-]*s).*",
    "unit": r"(?:ecg|ekg|voltage|amplitude|signal|value)?\s*units?|einheit(?:en)?|unit[éàa]s?"
    r"|unidad(?:es)?|eenheid|enhet",
    "lead": r"leads?|ableitung|d[ée]rivation|derivaci[óo]n|derivazione|deriva[çc][ãa]o|afleiding|avledning|channel"
    r"|kanal",
    "samples": r"samples",
}
_COMMENT = re.compile(r"#+\s*([^:=,;\t]+?)\s*[:=,;\t]\s*(.+?)\s*")
_PLAIN = re.compile(r"([^:=,;\t]+?)\s*[:=,;\t]\s*(.+?)\s*")
_HERTZ = re.compile(r"([\d.,]+(?:[eE][-+]?\d+)?)\s*(k?)\s*(?:hz|hertz|sps|samples?\s*(?:/|per)\s*s\w*)", re.IGNORECASE)


@dataclass
class Said:
    """What has been stated, the first statement of each kind."""

    fs: float | None = None
    unit: str | None = None
    lead: str | None = None
    samples: int | None = None

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
        self._keep(path, number, kind, value)
        return True

    def _keep(self, path: Path, number: int, kind: str, value: str) -> None:
        if kind == "fs" and self.fs is None:
            self.fs = _checked_fs(path, number, value)
        elif kind == "unit" and self.unit is None:
            if millivolts(value) is None:
                raise BadRecordError(str(path), f"line {number}: unit {value[:40]!r}: known are {KNOWN}")
            self.unit = value
        elif kind == "samples" and self.samples is None:
            if not (value.isascii() and value.isdigit() and len(value) < 16):
                raise BadRecordError(str(path), f"line {number}: {value[:40]!r} is no number of samples")
            self.samples = int(value)
        elif kind == "lead" and self.lead is None:
            self.lead = value


def _checked_fs(path: Path, number: int, value: str) -> float:
    match = _HERTZ.fullmatch(value)
    text = (match[1] if match else value).replace(",", ".")
    try:
        fs = float(text) * (1000.0 if match and match[2] else 1.0)
    except ValueError:
        fs = math.nan
    if not SLOWEST <= fs <= FASTEST:
        reason = f"line {number}: sampling frequency {value[:40]!r}: expected {SLOWEST:g} to {FASTEST:g} (Hz)"
        raise BadRecordError(str(path), reason)
    return fs
