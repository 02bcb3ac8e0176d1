"""What a shared document says, for its page and for its sheet."""

from itertools import pairwise

from frontend import classes, explaining, format, judging, seeing
from frontend.api import JSON
from frontend.explaining import Size
from frontend.figures import strip
from frontend.figures.desk import SHEET
from frontend.figures.paper import Figure

LETTERS = "ABCDEFGHIJKLMNOPQRST"  # of the methods
NOTICE = ("Research use only", "Not for clinical decisions")


def heading(document: JSON) -> str:
    """Its title."""
    return document["title"] or "Model output for one beat"


def place(document: JSON) -> str:
    """`Record 208 · 23 y · F · beat at 00:00:23.106 · MLII`; the patient only where the maker asked for it."""
    where, patient = document["record"], document.get("patient")
    facts = [format.patient(patient["age"], patient["sex"])] if patient else []
    parts = [f"Record {where['name']}", *facts, f"beat at {format.hms(where['time'])}", where["lead"]]
    return " · ".join(part for part in parts if part != format.NONE)


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
    window = seeing.span(beat, where["fs"])
    return strip.Strip(signal, columns(document), where["sample"], window, True, where["synthetic"], "light", SHEET)


def columns(document: JSON) -> JSON:
    """The strip's beats as columns; RR between neighbours."""
    beats, where = document["strip"]["beats"], document["record"]
    times = [beat["time"] for beat in beats]
    nearest = min(range(len(times)), key=lambda i: abs(times[i] - where["time"]), default=None)
    samples = [where["sample"] if i == nearest else -1 for i in range(len(times))]
    rr = [None, *[(b - a) * 1000 for a, b in pairwise(times)]]
    margins = [1.0 if beat.get("margin") is None else beat["margin"] for beat in beats]
    if nearest is not None and document["prediction"]:
        margins[nearest] = document["prediction"]["margin"]
    return {
        "time": times,
        "sample": samples,
        "symbol": [beat["symbol"] for beat in beats],
        "rr": rr[: len(times)],
        "prediction": [beat["prediction"] for beat in beats],
        "margin": margins,
        "classes": document["beat"]["classes"],
    }


def maps(document: JSON) -> list[JSON]:
    """The frozen explanations; none where the model could not read the beat."""
    found: list[JSON] = document["explanations"]
    return found if document["beat"]["window"] is not None else []


def drawn(document: JSON, explanation: JSON, size: Size) -> tuple[Figure, str]:
    """One map over its beat with its waves, and the same in words."""
    regions = (document.get("by_wave") or {}).get("regions", ())
    strong = judging.strength(of(document, explanation))
    fs = document["record"]["fs"]
    return explaining.drawn(document["beat"], fs, explanation, "light", size, regions=regions, strength=strong)


def of(document: JSON, explanation: JSON) -> JSON | None:
    """What was said of a map by wave, and its judgement; None where nothing was frozen."""
    told = (document.get("by_wave") or {}).get("maps", [])
    return next((one for one in told if one["id"] == explanation["id"]), None)


def trust(document: JSON, explanation: JSON) -> JSON | None:
    """A map's judgement, where it was known."""
    found: JSON | None = (of(document, explanation) or {}).get("trust")
    return found


def judged(document: JSON) -> list[tuple[str, JSON, JSON]]:
    """Letter, explanation and judgement of the maps that were judged."""
    every = [(LETTERS[i], one, trust(document, one)) for i, one in enumerate(maps(document))]
    return [(letter, one, known) for letter, one, known in every if known]


def full(explanation: JSON) -> str:
    """`logit, full scale 4`; nothing for a decision over time."""
    scale = explanation["scale"]
    return "" if explaining.over_time(explanation) else f"{scale['unit']}, full scale {format.short(scale['full'])}"


def target(document: JSON) -> str:
    """The class whose score is explained, as pages name it."""
    entry = maps(document)[0]["target"]
    return classes.short(entry["symbol"], {entry["symbol"]: entry["name"]})


def words(document: JSON) -> str:
    """What the maps say of the waves and of each other; else what deleting the marked samples did."""
    told = document.get("by_wave")
    if told:
        return " ".join([*dict.fromkeys(one["words"] for one in told["maps"]), *told["words"]])
    return " ".join(deleted(one) for one in maps(document) if not explaining.over_time(one))


def deleted(explanation: JSON) -> str:
    """What deleting the marked samples did, in one sentence."""
    scale, name = explanation["scale"], classes.short(explanation["target"]["symbol"])
    if scale["nothing_found"]:
        return f"{explanation['title']}: nothing found."
    share = format.percent(scale["deleted_fraction"])
    before, after = format.probability(scale["probability_before"]), format.probability(scale["probability_after"])
    return f"{explanation['title']}: deleting the marked {share} of the beat moves {name} from {before} to {after}."


def saw(document: JSON) -> str:
    """What reached the model, and which classes it knows."""
    where, model = document["record"], document["model"]
    leads = [where["lead"], *(lead for lead in where["leads"] if lead != where["lead"])]
    known = [classes.short(entry["symbol"], {entry["symbol"]: entry["name"]}) for entry in document["beat"]["classes"]]
    return f"{seeing.sentence(model, leads)} Classes it knows: {', '.join(known)}."
