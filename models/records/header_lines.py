"""Which line of a WFDB header is at fault, for one that could not be used. Format: header(5) of the WFDB manual."""

import re
from collections.abc import Collection
from pathlib import Path

NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
RECORD = re.compile(
    rf"^[^\s/]+(?:/\d+)?\s+\d+(?:\s+{NUMBER}(?:/{NUMBER}(?:\({NUMBER}\))?)?(?:\s+\d+(?:\s+\S+(?:\s+\S+)?)?)?)?\s*$"
)
SIGNAL = re.compile(
    rf"^(?P<file>\S+)\s+(?P<fmt>\d+)(?:x\d+)?(?::\d+)?(?:\+\d+)?"
    rf"(?:\s+(?P<gain>{NUMBER})(?:\([-+]?\d+\))?(?:/\S+)?(?:\s+.*)?)?$"
)
SEGMENT = re.compile(r"^(?P<file>\S+)\s+\d+\s*$")


def fault(header: Path, formats: Collection[str]) -> tuple[int, str] | None:
    """Number (from 1) and fault of the first line that cannot be used; None where no line is to blame by itself."""
    lines = [
        (number, line.strip())
        for number, line in enumerate(header.read_text("utf-8", errors="replace").splitlines(), 1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    if not lines:
        return 1, "there is nothing but comments"
    number, first = lines[0]
    if not RECORD.match(first):
        return number, f"{first[:60]!r} is not `name leads fs samples`"
    name, count = first.split()[:2]
    segmented = "/" in name
    announced = int(name.split("/")[1] if segmented else count)
    for number, line in lines[1 : announced + 1]:
        if found := _described(line, segmented, header.parent, formats):
            return number, found
    if len(lines) - 1 < announced:
        what = "segments" if segmented else "leads"
        return lines[-1][0], f"ends here, with {len(lines) - 1} of {announced} {what}"
    return None


def _described(line: str, segmented: bool, folder: Path, formats: Collection[str]) -> str | None:
    """What is wrong with the line of a lead or a segment."""
    match = (SEGMENT if segmented else SIGNAL).match(line)
    if match is None:
        return f"{line[:60]!r} is not `{'segment samples' if segmented else 'file format gain(baseline)/unit …'}`"
    name = match["file"]
    if "/" in name or "\\" in name or name.startswith(".."):
        return f"names a file outside its folder: {name!r}"
    if name == "~":
        return None
    if segmented:
        return None if (folder / f"{name}.hea").is_file() else f"the segment {name}.hea is missing"
    if match["fmt"] not in formats:
        return f"unknown signal format {match['fmt']!r}: known are {', '.join(formats)}"
    if match["gain"] is not None and float(match["gain"]) == 0:
        return "gain zero, so its millivolts are unknown"
    return None if (folder / name).is_file() else f"the signal file {name} is missing"
