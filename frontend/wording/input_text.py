"""What reached the model, in words, from its card; and facts of a beat that several pages need."""

import re
from collections.abc import Sequence

from frontend import format
from frontend.api import JSON
from frontend.wording.classes import short

PATIENT = re.compile(r"-?\d+ [MF?]\b")  # `23 F 2546 N/A x1`


def sentence(card: JSON, leads: Sequence[str]) -> str:
    """`It saw 600 ms of MLII, 3–45 Hz. RR did not reach it.`"""
    spec = card["input"]
    window = spec["window"]
    length = (window["before"] + window["after"]) / spec["fs"]
    read = " and ".join(leads[: spec["leads"]])
    band = "".join(
        f", {step['low']:g}–{step['high']:g} Hz" for step in spec["preprocessing"] if step["step"] == "bandpass"
    )
    rhythm = "RR reached it." if spec["reads_rr"] else "RR did not reach it."
    amount = f"{length * 1000:.0f} ms" if length < 2 else f"{length:g} s"
    return f"It saw {amount} of {read}{band}. {rhythm}"


def untrained(leads: Sequence[str]) -> str:
    """`V2 is not a lead this model was trained on; the probability is not calibrated for it`; empty for none."""
    if not leads:
        return ""
    one = len(leads) == 1
    said = f"{leads[0]} is not a lead" if one else f"{' and '.join(leads)} are not leads"
    return f"{said} this model was trained on; the probability is not calibrated for {'it' if one else 'them'}"


def preparation(spec: JSON) -> str:
    """`3–45 Hz, z-score, 216 samples at 360 Hz`, from a card's input."""
    names = {"zscore": "z-score"}
    steps = [
        f"{s['low']:g}–{s['high']:g} Hz" if s["step"] == "bandpass" else names.get(s["step"], s["step"])
        for s in spec["preprocessing"]
    ]
    return ", ".join([*steps, f"{samples(spec['window'])} samples at {spec['fs']:g} Hz"])


def samples(window: JSON) -> str:
    """How many samples a card's window has: `216`, `up to 18300`."""
    if window["kind"] == "beat":
        return str(window["before"] + window["after"])
    return str(window["samples"]) if window["kind"] == "span" else f"up to {window['longest']}"


def span(beat: JSON, fs: float) -> tuple[float, float] | None:
    """First and last second of the beat's window; `fs` is the record's."""
    window = beat["window"]
    if window is None:
        return None
    begin = beat["r"] / fs - window["before"] / window["fs"]
    return begin, begin + window["samples"] / window["fs"]


def context(beat: JSON, fs: float) -> JSON:
    """The signal around the window, in ms from R; `fs` is the record's."""
    r = beat["r"] / fs
    return {"time": [round((t - r) * 1000, 2) for t in beat["context"]["time"]], "value": beat["context"]["value"]}


def source_label(source: str) -> str:
    """What stands left of the labels' row: who placed the beats."""
    return "Detector" if source.startswith("detector") else "Truth" if source.startswith("truth") else "Reference"


def source(text: str) -> str:
    """`detector (sleepecg)` → `Detector (sleepecg)`."""
    return text[:1].upper() + text[1:]


def remarks(comments: Sequence[str]) -> str:
    """What a header says beside age and sex, in one line."""
    lines = [" ".join(comment.split()) for comment in comments]
    return " ".join(line for line in lines if line and line != "None" and not PATIENT.match(line))


def all_deleted(scale: JSON) -> str:
    """`RBBB 0.77`: the likeliest class of the window with everything deleted."""
    symbol = max(scale["all_deleted"], key=scale["all_deleted"].__getitem__)
    return f"{short(symbol)} {format.probability(scale['all_deleted'][symbol])}"
