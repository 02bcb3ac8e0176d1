"""Units of voltage as files spell them: micro signs of every encoding, escapes, capitals, words."""

import re
from html import unescape

MICRO = "µ"
SPELLINGS = ("µ", "μ", "Âµ", "Î¼", "æ", "mc", "micro")  # both signs, UTF-8 read as Latin-1, CP437 read as Latin-1
_ESCAPE = re.compile(r"\\x([0-9a-f]{2})|\\u([0-9a-f]{4})|%([0-9a-f]{2})", re.IGNORECASE)
_VOLTS = re.compile(r"(m|milli|u|n|nano|)[\s_-]*v(?:olts?)?", re.IGNORECASE)
_IN_MV = {"": 1e3, "m": 1.0, "u": 1e-3, "n": 1e-6}
KNOWN = "mV, µV, uV, V, nV"


def millivolts(unit: str) -> float | None:
    """mV in one `unit`; None where it is no unit of voltage."""
    match = _VOLTS.fullmatch(_plain(unit))
    return _IN_MV[match[1].lower()[:1]] if match else None


def _plain(unit: str) -> str:
    """`unit` without escapes, brackets and quotes, its micro written u. An M is milli: no ECG is in megavolts."""
    text = unescape(unit)
    previous = ""
    while previous != text:  # "%C2%B5", "\\xc2\\xb5": a byte each, then UTF-8 read as Latin-1
        previous, text = text, _ESCAPE.sub(lambda found: chr(int(found[1] or found[2] or found[3], 16)), text)
    text = text.strip().strip("()[]{}<>'\"_.").strip()
    for spelling in sorted(SPELLINGS, key=len, reverse=True):
        if text.lower().startswith(spelling.lower()):
            return "u" + text[len(spelling) :]
    return text
