"""Asking for explanations and what comes back: the job that a page watches, and its picture."""

from dataclasses import dataclass
from typing import Any

from frontend import classes, format, seeing
from frontend.address import parse_method
from frontend.api import JSON, Api, ApiError
from frontend.controls import fields
from frontend.figures import beat as map_figure
from frontend.figures import temporal
from frontend.figures.paper import Figure
from frontend.tokens import Theme

BEAT = ("record", "lead", "model", "beat", "target")  # what a job belongs to


@dataclass(frozen=True)
class Size:
    """Of a map, in px."""

    width: float
    paper: float = 200.0
    minor: bool = True
    gain: float | None = None  # mm/mV


def ask(api: Api, wanted: JSON, slot: str, store: Any, graph: Any) -> JSON:
    """Ask for the explanation that `wanted` describes; the job that the page keeps in `store` and draws in `graph`."""
    method = parse_method(wanted["method"])
    key = {name: wanted.get(name) for name in BEAT}
    job = {
        "key": key,
        "method": wanted["method"],
        "slot": slot,
        "store": store,
        "graph": graph,
        "n": wanted.get("n", 0),
    }
    try:
        schema = schema_of(api, method.name)
        status = api.explain(body(key, method.body))
    except ApiError as error:
        return job | {
            "status": "refused",
            "title": title_of(api, method.name),
            "error": error.detail,
            "options": list(error.options),
        }
    steps = method.parameters.get("steps", fields(schema["schema"]).get("steps", {}).get("default"))
    known = {"title": schema["title"], "cost": schema["cost"], "steps": steps, "signed": schema["signed"]}
    cached = status["status"] == "done" and schema["cost"] == "queued"
    progress = {name: status.get(name) for name in ("id", "status", "position", "error")}
    return job | known | progress | {"cached": cached}


def body(key: JSON, explainer: JSON) -> JSON:
    """What the service is asked; a lead or model that is not chosen is left to it."""
    chosen = {name: key[name] for name in ("lead", "model", "target") if key.get(name)}
    return {"recording": key["record"], "beat": key["beat"], "explainer": explainer, "urgency": "interactive", **chosen}


def schema_of(api: Api, name: str) -> JSON:
    """The service's description of a method."""
    known = api.explainers()
    found = next((entry for entry in known if entry["method"] == name), None)
    if found is None:
        options = tuple(entry["method"] for entry in known)
        raise ApiError(f"Unknown method {name!r}: there is {', '.join(options)}", options=options)
    return found


def title_of(api: Api, name: str) -> str:
    """A method's title; its name where the service does not know it."""
    try:
        return str(schema_of(api, name)["title"])
    except ApiError:
        return name


def result(api: Api, job: JSON | None, where: JSON | None) -> JSON | None:
    """The explanation of a job that is done and belongs to the beat on the page."""
    if not job or not where or job.get("status") != "done" or not belongs(job, where):
        return None
    try:
        found: JSON | None = api.explanation(job["id"]).get("result")
    except ApiError:
        return None
    return found


def belongs(job: JSON, where: JSON) -> bool:
    """Whether a job is of the beat on the page."""
    return all(job["key"].get(name) == where.get(name) for name in BEAT)


def status(job: JSON | None, where: JSON | None) -> str:
    """State of a map: loading, queued, running, done, failed, cancelled or refused."""
    return str(job["status"]) if job and where and belongs(job, where) else "loading"


def picture(api: Api, job: JSON | None, where: JSON, theme: Theme, size: Size) -> tuple[Figure, str]:
    """The map of a job, and the same in words; the beat alone while there is no result."""
    beat = api.beat(where["record"], where["beat"], where.get("lead"), where.get("model"))
    if beat["window"] is None:
        raise ApiError(beat["note"] or "The model cannot read this beat.")
    fs = api.recording(where["record"])["fs"]
    return drawn(beat, fs, result(api, job, where), theme, size, bool(job and job.get("signed")))


def drawn(
    beat: JSON, fs: float, explanation: JSON | None, theme: Theme, size: Size, signed: bool = False
) -> tuple[Figure, str]:
    """The map of an explanation over its beat; `fs` is the record's."""
    shown = map_figure.Beat(
        beat["window"],
        seeing.context(beat, fs),
        explanation,
        theme=theme,
        width=size.width,
        paper=size.paper,
        minor=size.minor,
        gain=size.gain,
        will_be_signed=signed,
    )
    if explanation and over_time(explanation):
        panel = timeline(explanation, beat, theme, size.width, shown.height, shown.span)
        return temporal.figure(panel), changed(panel)
    return map_figure.figure(shown), map_figure.words(shown)


def over_time(explanation: JSON) -> bool:
    """Whether it is a decision over time rather than a map."""
    return bool(explanation["extras"].get("probabilities"))


def timeline(
    explanation: JSON, beat: JSON, theme: Theme, width: float, height: float, span: tuple[float, float] | None = None
) -> temporal.Temporal:
    """The decision over time of a beat; `span` in ms where it is to stand beside maps."""
    return temporal.Temporal(explanation, beat["window"], beat["classes"], theme, width, height, span)


def changed(panel: temporal.Temporal) -> str:
    """`Paced from 336 ms`."""
    names = {entry["symbol"]: entry["name"] for entry in panel.classes}
    return temporal.sentence(panel, {symbol: classes.short(symbol, names) for symbol in names})


def note(job: JSON, explanation: JSON) -> str:
    """How the result came: from the cache, or computed just now."""
    return "already computed" if job.get("cached") else f"computed in {format.duration(explanation['seconds'])}"
