"""Numbers as the screen writes them: two decimals for probability, whole ms, U+2212 for minus, hh:mm:ss.mmm."""

import re
from collections.abc import Iterable

MINUS = "−"
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
NONE = "–"  # no value


def minus(text: str) -> str:
    """A hyphen before a number becomes a minus."""
    return text.replace("-", MINUS)


def powers(text: str) -> str:
    """`6e-05` as it is written by hand: `6·10⁻⁵`."""
    return re.sub(r"e([+-]\d+)", lambda found: "·10" + str(int(found[1])).translate(RAISED), text)


def number(value: float | None, decimals: int = 2) -> str:
    """`-0.137` → `−0.14`; never `−0.00`."""
    if value is None:
        return NONE
    text = f"{value:.{decimals}f}"
    return minus(text if float(text) else text.lstrip("-"))


def probability(value: float | None) -> str:
    """Two decimals."""
    return number(value, 2)


def short(value: float) -> str:
    """As few digits as say it: `4`, `0.4`, `−1.61`, `1,200`."""
    text = f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"
    return minus(powers(text))


def tight(value: float) -> str:
    """Two digits in at most seven characters, for the margin of an axis: `0.4`, `−.0032`, `−4.7e−5`."""
    text = short(float(f"{value:.2g}"))
    bare = text if len(text) <= 5 else text.replace("0.", ".", 1)
    if len(bare) <= 6 and "·" not in bare:
        return bare
    digits, power = f"{value:.1e}".split("e")
    return minus(f"{digits.removesuffix('.0')}e{int(power)}")


def letters_px(texts: Iterable[str], px: float) -> float:
    """The size at which short texts fit left of an axis: `px`, smaller where one has more than five characters."""
    return min(px, {6: 9.0, 7: 8.0}.get(max(map(len, texts)), px))


def measure(value: float) -> str:
    """Two decimals, or as many digits as a smaller number needs: `0.52`, `0.005`."""
    return number(value) if abs(value) >= 0.01 or not value else minus(powers(f"{value:.1g}"))


def milliseconds(value: float | None) -> str:
    """Whole ms without the unit."""
    return number(value, 0)


def interval(ms: float | None, why: str | None) -> str:
    """`547 ms`; where it is not known `– (no signal in between)`."""
    return f"{milliseconds(ms)} ms" if ms is not None else f"{NONE} ({why})" if why else NONE


def record(name: str) -> str:
    """A record's name without the mark that stands beside it."""
    return name.removeprefix("SYNTHETIC ")


def hms(seconds: float) -> str:
    """`23.106` → `00:00:23.106`."""
    ms = round(seconds * 1000)
    return f"{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d}.{ms % 1000:03d}"


def length(seconds: float) -> str:
    """`1805.6` → `30:06`; hours where there are any."""
    whole = round(seconds)
    hours = f"{whole // 3600}:" if whole >= 3600 else ""
    return f"{hours}{whole // 60 % 60:02d}:{whole % 60:02d}"


def count(value: int) -> str:
    """`2953` → `2,953`."""
    return f"{value:,}"


def percent(fraction: float) -> str:
    """`0.184` → `18%`; what is not zero never shows as 0%."""
    if 0 < fraction < 0.01:
        return "<1%"
    return f"{fraction * 100:.0f}%"


def patient(age: int | None, sex: str | None) -> str:
    """`23 y · F`; what the header does not say is left out."""
    parts = [f"{age} y" if age is not None and age >= 0 else "", sex or ""]
    return " · ".join(part for part in parts if part) or NONE


def span(milliseconds_: float) -> str:
    """How long a window is: `600 ms`, `12.5 s`, `40 h`."""
    seconds = milliseconds_ / 1000
    if seconds < 2:
        return f"{milliseconds(milliseconds_)} ms"
    return f"{seconds:g} s" if seconds < 7200 else f"{short(seconds / 3600)} h"


def rate(fs: float) -> str:
    """How often it is measured: `360 Hz`, `every 1 h`."""
    return f"{fs:g} Hz" if fs >= 0.1 else f"every {short(1 / fs / 3600)} h"


def duration(seconds: float) -> str:
    """`1.7 s`, `12 ms`, `4 min 10 s`."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{seconds // 60:.0f} min {seconds % 60:.0f} s"


def about(seconds: float) -> str:
    """A time still to come: `under 10 s`, `40 s`, `6 min`."""
    if seconds < 10:
        return "under 10 s"
    return f"{seconds / 10:.0f}0 s" if seconds < 95 else f"{max(2, round(seconds / 60))} min"


def plural(n: int, one: str, many: str | None = None) -> str:
    """`1 beat`, `2,953 beats`."""
    return f"{count(n)} {one if n == 1 else many or one + 's'}"


def moment(iso: str) -> str:
    """`2026-11-21 09:14 UTC`, from ISO 8601 in UTC."""
    return f"{iso[:10]} {iso[11:16]} UTC"


def uncapital(name: str) -> str:
    """`Learned mask` → `learned mask`; a name with capitals inside, `LIME` or `DeepLIFT`, stays."""
    return name[0].lower() + name[1:] if name[1:].islower() else name
