"""What reached the model, in words, from its card; and facts of a beat that several pages need."""

import re
from collections.abc import Sequence

from frontend import format
from frontend.api import JSON
from frontend.wording.classes import short

PATIENT = re.compile(r"-?\d+ [MF?]\b|<(?:age|sex)>:")  # `23 F 2546 N/A x1`; `<age>: 51`
TAG = re.compile(r"<(\w+)>:")  # `<diagnoses>:`


def sentence(spec: JSON, beat: JSON, leads: Sequence[str]) -> str:
    """`It saw 600 ms of MLII, 3–45 Hz. RR did not reach it.`; `spec` is a card's input, `leads` the record's."""
    read = together(present(beat) or leads[: spec["leads"]])
    band = "".join(
        f", {step['low']:g}–{step['high']:g} Hz" for step in spec["preprocessing"] if step["step"] == "bandpass"
    )
    if told := masked(beat):
        never = len(told & {*beat.get("missing", ())})
        unknown = f" {never} of them are not in this recording." if never else ""
        return f"It saw {length(beat, spec)} of {len(told)} variables, and when each was measured.{unknown}"
    whole = f"It saw {length(beat, spec)} of {read}{band}.{absent(beat)}"
    if beat.get("kind", "beat") != "beat":  # how far beats are from each other lies in what it saw, or there are none
        return whole
    return f"{whole} {'RR reached it.' if spec['reads_rr'] else 'RR did not reach it.'}"


def masked(beat: JSON) -> set[str]:
    """Names of the variables of which the model is told when they were measured."""
    masks = (beat["window"] or {}).get("masks") or ()
    return {beat["channels"][row] for row, mask in enumerate(masks) if mask is not None}


def present(beat: JSON) -> list[str]:
    """Names of the leads that were read: `V5 in place of V1`; none of those that the recording has not."""
    stands = {lead: channel for channel, lead in beat.get("stand_ins", {}).items()}
    there = [name for name in beat.get("channels") or () if name not in beat.get("missing", ())]
    return [f"{name} in place of {stands[name]}" if name in stands else name for name in there]


def absent(beat: JSON) -> str:
    """` V1 is not recorded: a flat line stood for it.`; empty where nothing is missing."""
    if not (missing := beat.get("missing")):
        return ""
    return f" {together(missing)} {'is' if len(missing) == 1 else 'are'} not recorded: a flat line stood for it."


def channels(beat: JSON) -> list[str]:
    """What stands at each lead of a map: its name, and that it is not recorded."""
    missing = beat.get("missing", ())
    return [f"{name}, not recorded" if name in missing else name for name in beat.get("channels") or ()]


def length(beat: JSON, spec: JSON) -> str:
    """`600 ms`: how much the model reads of a window, or at most reads."""
    count = beat["window"]["samples"] if beat["window"] else longest(spec["window"])
    return format.span(count * 1000 / spec["fs"])


def together(names: Sequence[str]) -> str:
    """`I and II`; `HR, Temp and GCS`."""
    return " and ".join([*([", ".join(names[:-1])] if len(names) > 1 else []), names[-1]]) if names else "nothing"


def untrained(leads: Sequence[str]) -> str:
    """`V2 is not a lead this model was trained on; the probability is not calibrated for it`; empty for none."""
    if not leads:
        return ""
    one = len(leads) == 1
    said = f"{leads[0]} is not a lead" if one else f"{' and '.join(leads)} are not leads"
    return f"{said} this model was trained on; the probability is not calibrated for {'it' if one else 'them'}"


def preparation(spec: JSON) -> str:
    """`3–45 Hz, z-score, 216 samples at 360 Hz`, from a card's input."""
    names = {"zscore": "z-score", "carried_forward": "last values carried forward, scaled"}
    steps = [
        f"{s['low']:g}–{s['high']:g} Hz" if s["step"] == "bandpass" else names.get(s["step"], s["step"])
        for s in spec["preprocessing"]
    ]
    often = format.rate(spec["fs"])
    read = f"{samples(spec['window'])} samples{' at' if often.endswith('Hz') else ','} {often}"
    return ", ".join([*steps, read])


def longest(window: JSON) -> int:
    """The samples of a card's longest window."""
    if window["kind"] == "beat":
        return int(window["before"] + window["after"])
    return int(window["samples"] if window["kind"] == "span" else window["longest"])


def samples(window: JSON) -> str:
    """How many samples a card's window has: `216`, `up to 18300`."""
    return f"up to {longest(window)}" if window["kind"] == "whole" else str(longest(window))


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


def capital(text: str) -> str:
    """`detector (sleepecg)` → `Detector (sleepecg)`."""
    return text[:1].upper() + text[1:]


def remarks(comments: Sequence[str]) -> str:
    """What a header says beside age and sex, in one line."""
    lines = [" ".join(comment.split()) for comment in comments]
    said = [line for line in lines if line and line != "None" and not PATIENT.match(line)]
    return " ".join(TAG.sub(lambda tag: f"{tag[1].capitalize()}:", line) for line in said)


def all_deleted(scale: JSON) -> str:
    """`RBBB 0.77`: the likeliest class of the window with everything deleted."""
    symbol = max(scale["all_deleted"], key=scale["all_deleted"].__getitem__)
    return f"{short(symbol)} {format.probability(scale['all_deleted'][symbol])}"
