"""Asking for explanations and what comes back: the job that a page watches, and its picture."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from frontend import format, methods, tracks
from frontend.address import Method, parse_method
from frontend.api import JSON, Api, ApiError
from frontend.figures import beat as map_figure
from frontend.figures import temporal
from frontend.figures import tracks as track_figures
from frontend.figures.paper import PX_PER_MM, Figure
from frontend.figures.stay import frozen
from frontend.figures.stay.variables import is_stay
from frontend.tokens import Theme
from frontend.ui.controls import fields
from frontend.view import View
from frontend.wording import classes, input_text

NOT_FOUND = 404
FORBIDDEN = 403  # of what is sealed from whoever asks: no other method would be allowed
NOT_ASKED = "not asked"  # a status: neither known nor under way, and no worker was to be asked


@dataclass(frozen=True)
class Size:
    """Of a map, in px."""

    width: float
    paper: float = 200.0
    minor: bool = True
    gain: float | None = None  # mm/mV
    mm: float = PX_PER_MM  # px
    lead: float = map_figure.LEAD  # px that one of many leads has at least; 0: all share the paper


def ask(api: Api, view: View, slot: str, text: str, graph: Any, start: bool = True) -> JSON:
    """Ask for the explanation of a view by the method `text`; the job that the page watches and draws in `graph`.

    Without `start` no worker is asked: what is neither there nor under way is "not asked".
    """
    method, held = parse_method(text), view.held.get(text)
    job = {"key": view.where, "method": text, "slot": slot, "graph": graph}
    try:
        schema = methods.schema_of(api, method.name)
        if reason := methods.why_not(api, view, method.name):
            never = {"status": "refused", "lasting": True, "error": reason, "options": []}
            return job | never | {"title": schema["title"]}
        status = ended(api, held) if held else api.explain(body(view, method) | ({} if start else {"start": False}))
    except ApiError as error:
        if not start and error.status == NOT_FOUND:
            return job | {"status": NOT_ASKED, "lasting": True, "title": schema["title"], "cost": schema["cost"]}
        refused: JSON = {"status": "refused", "error": error.detail, "options": list(error.options)}
        refused |= {"sealed": error.status == FORBIDDEN}
        return job | refused | {"title": methods.title_of(api, method.name)}
    steps = method.parameters.get("steps", fields(schema["schema"]).get("steps", {}).get("default"))
    known = {"title": schema["title"], "cost": schema["cost"], "steps": steps, "signed": schema["signed"]}
    known["roles"] = schema["roles"]
    cached = status["status"] == "done" and schema["cost"] == "queued" and status["id"] not in view.fresh
    progress = {name: status.get(name) for name in ("id", "status", "position", "error")}
    return job | known | progress | {"cached": cached}


def ended(api: Api, explanation: str) -> JSON:
    """The status of a job that the reader saw fail or be cancelled; a worker may not have noticed yet."""
    try:
        status = api.explanation(explanation)
    except ApiError:
        status = {"status": "unknown"}
    return status if status["status"] in ("done", "failed") else {"id": explanation, "status": "cancelled"}


def complete(jobs: Iterable[JSON]) -> bool:
    """Whether nothing about these jobs changes any more."""
    return all(job["status"] == "done" or job.get("lasting") for job in jobs)


def body(view: View, method: Method) -> JSON:
    """What the service is asked; a lead, model or target that is not chosen is left to it."""
    chosen = {name: getattr(view, name) for name in ("lead", "model", "target") if getattr(view, name)}
    where = {"recording": view.record, "at": view.at, "urgency": view.urgency}
    return where | {"explainer": method.body} | chosen


def result(api: Api, job: JSON | None) -> JSON | None:
    """The explanation of a job that is done."""
    if not job or job["status"] != "done":
        return None
    found: JSON | None = api.explanation(job["id"]).get("result")
    return found


def rows(api: Api, job: JSON, view: View, size: Size) -> list[track_figures.Row]:
    """The tracks of a job beside its map; none while there is no result."""
    found = result(api, job)
    if found is None:
        return []
    beat = api.beat(view.record, view.at, view.lead, view.model)
    return beside(beat, api.recording(view.record)["fs"], found, view.theme, size)


def picture(api: Api, job: JSON, view: View, size: Size, strength: float = 1.0) -> tuple[Figure, str]:
    """The map of a job, and the same in words; the beat alone while there is no result. `strength` of its colours."""
    beat = api.beat(view.record, view.at, view.lead, view.model)
    if beat["window"] is None:
        raise ApiError(beat["note"] or "The model cannot read this beat.")
    fs = api.recording(view.record)["fs"]
    regions = api.waves(view.record, view.at, view.lead, view.model)["regions"]
    signed = bool(job.get("signed"))
    return drawn(beat, fs, result(api, job), view.theme, size, signed, regions=regions, strength=strength)


def drawn(
    beat: JSON, fs: float, explanation: JSON | None, theme: Theme, size: Size, signed: bool = False, **more: Any
) -> tuple[Figure, str]:
    """The map of an explanation over its beat; `fs` is the record's, `more` is what else a map can show."""
    if is_stay(beat):
        return of_stay(beat, explanation, theme, size)
    shown = enlarged(beat, fs, explanation, theme, size, will_be_signed=signed, **more)
    if explanation and tracks.over_time(explanation):
        panel = timeline(explanation, beat, theme, size.width, shown.height, shown.span)
        return temporal.figure(panel), changed(panel)
    return map_figure.figure(shown), map_figure.words(shown)


def of_stay(beat: JSON, explanation: JSON | None, theme: Theme, size: Size) -> tuple[Figure, str]:
    """The same of a window of measurements that were carried forward."""
    if explanation and tracks.over_time(explanation):
        panel = timeline(explanation, beat, theme, size.width, size.paper)
        return temporal.figure(panel), changed(panel)
    return frozen.picture(beat, explanation, theme, size.width, size.paper)


def enlarged(beat: JSON, fs: float, explanation: JSON | None, theme: Theme, size: Size, **more: Any) -> map_figure.Beat:
    """A window as a map shows it."""
    return map_figure.Beat(
        beat["window"],
        input_text.context(beat, fs),
        explanation if explanation and explanation["relevance"] else None,
        theme=theme,
        width=size.width,
        paper=max(size.paper, size.lead * len(beat["window"]["millivolts"])),
        minor=size.minor,
        gain=size.gain,
        mm=size.mm,
        rr=(beat["rr_before"], beat["rr_after"]),
        rr_note=(beat["rr_note_before"], beat["rr_note_after"]),
        channels=input_text.channels(beat),
        around_beat=beat.get("kind", "beat") == "beat",
        sees=tracks.sees(explanation) if explanation else None,
        **more,
    )


def beside(beat: JSON, fs: float, explanation: JSON | None, theme: Theme, size: Size) -> list[track_figures.Row]:
    """Every track of an explanation that is not its map, below it on the same time axis."""
    if explanation is None or beat["window"] is None or not explanation["tracks"] or is_stay(beat):
        return []
    scale = explanation["scale"] or {"unit": "", "full": None}
    frame = track_figures.Frame(
        beat["window"],
        enlarged(beat, fs, explanation, theme, size).span,
        size.width,
        theme,
        beat["classes"],
        beat.get("channels") or (),
        explanation["signed"],
        scale["unit"],
        scale["full"],
        tracks.centres(explanation),
    )
    return track_figures.rows(explanation, frame)


def full_scale(scale: JSON) -> str:
    """`full scale 4.7`, the same for every map of the method and model; else `full scale 2.9, its own`."""
    return f"full scale {format.short(scale['full'])}{'' if scale['full_is_fixed'] else ', its own'}"


def timeline(
    explanation: JSON, beat: JSON, theme: Theme, width: float, height: float, span: tuple[float, float] | None = None
) -> temporal.Temporal:
    """The decision over time of a beat; `span` in ms where it is to stand beside maps."""
    track = tracks.over_time(explanation)
    return temporal.Temporal(track.values if track else [], beat["window"], beat["classes"], theme, width, height, span)


def changed(panel: temporal.Temporal) -> str:
    """`Paced from 336 ms`."""
    names = {entry["symbol"]: entry["name"] for entry in panel.classes}
    return temporal.sentence(panel, {symbol: classes.short(symbol, names) for symbol in names})


def note(job: JSON, explanation: JSON) -> str:
    """How the result came: from the cache, or computed just now."""
    return "already computed" if job.get("cached") else f"computed in {format.duration(explanation['seconds'])}"
