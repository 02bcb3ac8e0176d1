"""What a shared document says, for its page and for its sheet."""

from itertools import pairwise

from frontend import explanations, format, tracks, trust_view
from frontend.api import JSON
from frontend.explanations import Size
from frontend.figures import strip
from frontend.figures.desk import SHEET
from frontend.figures.paper import Figure
from frontend.figures.stay.variables import is_stay
from frontend.figures.tracks import Row
from frontend.sheets.provenance import LETTERS
from frontend.wording import classes, input_text

NOTICE = ("Research use only", "Not for clinical decisions")


def heading(document: JSON) -> str:
    """A sheet's title."""
    return document["title"] or f"Model output for one {'stay' if is_stay(document['beat']) else 'beat'}"


def subject(document: JSON) -> str:
    """`Record 208 · 23 y · F · beat at 00:00:23.106 · MLII`; the patient only where the maker asked for it."""
    where, patient = document["record"], document.get("patient")
    facts = [format.patient(patient["age"], patient["sex"])] if patient else []
    if is_stay(document["beat"]):
        hours = format.span(1000 * (where["end"] - where["start"]) / where["fs"])
        return " · ".join([f"Stay {where['name']}", *facts, f"first {hours}"])
    noun = "beat" if document["beat"].get("kind", "beat") == "beat" else "window"
    parts = [f"Record {where['name']}", *facts, f"{noun} at {format.hms(where['time'])}", where["lead"]]
    return " · ".join(part for part in parts if part != format.NONE)


def has_strip(document: JSON) -> bool:
    """Whether there is an ECG to be drawn at true scale."""
    return str(document["record"].get("kind", "ecg")) == "ecg"


def strip_of(document: JSON) -> strip.Strip:
    """The frozen strip, cut to the sheet's width around the beat."""
    frozen, where, beat = document["strip"], document["record"], document["beat"]
    times = frozen.get("time") or []
    shown = strip.seconds(SHEET)
    begin = max(frozen["start"], min(where["time"] - shown / 2, times[-1] - shown)) if times else frozen["start"]
    keep = [i for i, t in enumerate(times) if begin <= t <= begin + shown]
    signal = {
        "time": [times[i] for i in keep],
        "value": [frozen["value"][i] for i in keep],
        "start": begin,
        "fs": where["fs"],
        "lead": where["lead"],
        "filter": "none",
    }
    read = input_text.span(beat, where["fs"])
    window = read and (max(read[0], begin), min(read[1], begin + shown))  # nothing is drawn beside the paper
    return strip.Strip(signal, columns(document), where["sample"], window, True, where["synthetic"], "light", SHEET)


def scale(shown: strip.Strip) -> str:
    """`25 mm/s · 10 mm/mV · MLII · raw, no filter · 360 Hz`."""
    return f"{shown.scale.words} · {strip.facts(shown.signal)}"


def rhythm(shown: strip.Strip) -> Figure:
    """The strip without the scale and the time on its paper, where they would hide the signal."""
    figure, left_out = strip.figure(shown), (scale(shown), format.hms(shown.begin))
    notes = [note for note in figure["layout"]["annotations"] if note["text"] not in left_out]
    return figure | {"layout": figure["layout"] | {"annotations": notes}}


def columns(document: JSON) -> JSON:
    """The strip's beats as columns; RR between neighbours."""
    beats, where = document["strip"]["beats"], document["record"]
    times = [beat["time"] for beat in beats]
    known = any(one.get("rr") or one.get("rr_note") for one in beats)
    nearest = min(range(len(times)), key=lambda i: abs(times[i] - where["time"]), default=None)
    samples = [where["sample"] if i == nearest else -1 for i in range(len(times))]
    margins = [1.0 if beat.get("margin") is None else beat["margin"] for beat in beats]
    if nearest is not None and document["prediction"]:
        margins[nearest] = document["prediction"]["margin"]
    return {
        "time": times,
        "sample": samples,
        "symbol": [beat["symbol"] for beat in beats],
        "rr": [one.get("rr") for one in beats] if known else _rr(document, times),
        "rr_note": [one.get("rr_note") for one in beats],
        "prediction": [beat["prediction"] for beat in beats],
        "margin": margins,
        "classes": document["beat"]["classes"],
    }


def _rr(document: JSON, times: list[float]) -> list[float | None]:
    """RR in ms of a document that has none: between neighbours, none across missing signal; of beats alone."""
    if document["beat"]["kind"] != "beat":
        return [None] * len(times)
    frozen = document["strip"]
    lost = [time for time, value in zip(frozen["time"], frozen["value"], strict=True) if value is None]
    pairs = list(pairwise(times))
    steps = [(b - a) * 1000 if b > a and not any(a <= t <= b for t in lost) else None for a, b in pairs]
    return [None, *steps][: len(times)]


def maps(document: JSON) -> list[JSON]:
    """The frozen explanations; none where the model could not read the beat."""
    found: list[JSON] = document["explanations"]
    return found if document["beat"]["window"] is not None else []


def lettered(document: JSON, most: int | None = None) -> list[tuple[str, JSON]]:
    """Letter and explanation of at most so many; a decision over time makes room for a map."""
    every = list(zip(LETTERS, maps(document), strict=False))
    first = sorted(every, key=lambda one: not tracks.shows_relevance(one[1]))[:most]
    return [one for one in every if one in first]


def key(document: JSON, most: int | None = None) -> list[tuple[str, str]]:
    """Token and meaning of the colours, where there are two."""
    shown = [one for _, one in lettered(document, most) if tracks.shows_relevance(one)]
    return [("rel", "raises it"), ("neg", "lowers it")] if any(one["signed"] for one in shown) else []


def drawn(document: JSON, explanation: JSON, size: Size) -> tuple[Figure, str]:
    """One map over its beat with its waves, and the same in words."""
    regions = (document.get("by_wave") or {}).get("regions", ())
    strong = trust_view.strength(of(document, explanation))
    fs = document["record"]["fs"]
    return explanations.drawn(document["beat"], fs, explanation, "light", size, regions=regions, strength=strong)


def beside(document: JSON, explanation: JSON, size: Size) -> list[Row]:
    """Every track that is not the map."""
    return explanations.beside(document["beat"], document["record"]["fs"], explanation, "light", size)


def of(document: JSON, explanation: JSON) -> JSON | None:
    """What was said of a map by wave, and its judgement; None where nothing was frozen."""
    maps = (document.get("by_wave") or {}).get("maps", [])
    return next((one for one in maps if one["id"] == explanation["id"]), None)


def trust(document: JSON, explanation: JSON) -> JSON | None:
    """A map's judgement, where it was known."""
    found: JSON | None = (of(document, explanation) or {}).get("trust")
    return found


def judged(document: JSON, most: int | None = None) -> list[tuple[str, JSON, JSON]]:
    """Letter, explanation and judgement of those among the first maps that were judged."""
    every = [(letter, one, trust(document, one)) for letter, one in lettered(document, most)]
    return [(letter, one, known) for letter, one, known in every if known]


def unjudged(document: JSON, most: int | None = None) -> str:
    """Which maps were not judged; nothing where all were."""
    known = [letter for letter, *_ in judged(document, most)]
    unjudged_letters = [
        letter for letter, one in lettered(document, most) if letter not in known and not tracks.over_time(one)
    ]
    return f"{', '.join(unjudged_letters)}: not judged yet when this was frozen." if unjudged_letters else ""


def curved(document: JSON, most: int | None = None) -> tuple[str, JSON] | None:
    """Letter and judgement of the first map that has something to judge: its curves are shown."""
    found = [(letter, known) for letter, _, known in judged(document, most) if known["verdict"] != "nothing found"]
    return found[0] if found else None


def legend(letter: str, known: JSON) -> str:
    """What the curves of a map's judgement show."""
    entry, masks = known["target"], known["settings"]["random_masks"]
    name = classes.short(entry["symbol"], {entry["symbol"]: entry["name"]})
    return f"Curves of {letter}: probability of {name}. Dashed and grey: {masks} random masks, mean and 5–95%."


def full(explanation: JSON) -> str:
    """`logit, full scale 4`, `logit, full scale 2.9, its own` or `logit, nothing found`; nothing without a map."""
    scale = explanation["scale"]
    if scale is None:
        return ""
    found = "nothing found" if scale["nothing_found"] else explanations.full_scale(scale)
    return f"{scale['unit']}, {found}"


def most(explanation: JSON) -> str:
    """`max 0.54`; nothing where nothing was found, and where there is no map."""
    scale = explanation["scale"]
    return f"max {format.number(scale['maximum'])}" if scale and not scale["nothing_found"] else ""


def target(document: JSON) -> str:
    """The class whose score is explained, as pages name it."""
    entry = maps(document)[0]["target"]
    return classes.short(entry["symbol"], {entry["symbol"]: entry["name"]})


def words(document: JSON, most: int | None = None) -> str:
    """What the first maps say of the waves and of each other; else what deleting the marked samples did."""
    by_wave = document.get("by_wave")
    shown = [one for _, one in lettered(document, most) if tracks.shows_relevance(one)]
    if by_wave:
        ids = {one["id"] for one in shown}
        lines = dict.fromkeys(one["words"] for one in by_wave["maps"] if one["id"] in ids)
        return " ".join(classes.named_short(line, by_wave) for line in [*lines, *by_wave["words"]])
    return " ".join(deleted(one) for one in shown)


def deleted(explanation: JSON) -> str:
    """What deleting the marked samples did, in one sentence."""
    scale, name = explanation["scale"], classes.short(explanation["target"]["symbol"])
    if scale["nothing_found"]:
        return f"{explanation['title']}: nothing found."
    share = format.percent(scale["deleted_fraction"])
    before, after = format.probability(scale["probability_before"]), format.probability(scale["probability_after"])
    return f"{explanation['title']}: deleting the marked {share} of the beat moves {name} from {before} to {after}."


def no_reference(beat: JSON, rhythm: JSON | None = None) -> str:
    """What stands where nobody labelled the window: the rhythms of the reference in it, if there are any."""
    if rhythm and rhythm["marks"]:
        return rhythms(beat, rhythm["marks"])
    return "none: beats by a detector" if beat.get("kind", "beat") == "beat" else "none"


def rhythms(beat: JSON, marks: list[JSON]) -> str:
    """`N 21%, AFIB 79%`: how much of a window each rhythm lasts."""
    found: dict[str, float] = {}
    for mark in marks:
        shared = min(beat["end"], mark["end"]) - max(beat["start"], mark["start"])
        found[mark["label"]] = found.get(mark["label"], 0.0) + shared / (beat["end"] - beat["start"])
    return ", ".join(f"{label} {format.percent(share)}" for label, share in found.items())


def saw(document: JSON) -> str:
    """What reached the model, and which classes it knows."""
    where, model = document["record"], document["model"]
    leads = [where["lead"], *(lead for lead in where["leads"] if lead != where["lead"])]
    known = [classes.short(entry["symbol"], {entry["symbol"]: entry["name"]}) for entry in document["beat"]["classes"]]
    read = input_text.sentence(model["input"], document["beat"], leads)
    return f"{read} Classes it knows: {', '.join(known)}."
