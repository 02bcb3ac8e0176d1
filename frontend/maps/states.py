"""What stands in a map's place: nothing found, refused, failed, cancelled."""

from frontend import format, tracks
from frontend.api import JSON, Api, ApiError
from frontend.ui.components import icon, tag
from frontend.ui.elements import Element, html


def plain(words: str) -> Element:
    """One sentence."""
    return html.Div(words, className="note m w")


def map_state(api: Api, job: JSON | None, found: JSON | None) -> Element:
    """The state of a map, with what to do as buttons; None where the map says it all."""
    if found is not None:
        return nothing(found) if tracks.shows_relevance(found) and found["scale"]["nothing_found"] else None
    now = job["status"] if job else ""
    if job is None or now in ("queued", "running", "done"):
        return None
    if now == "cancelled":
        return note(job, "Cancelled", "Nothing was kept of it.", again(job))
    title = f"{job['title']} failed" if now == "failed" else f"{job['title']} cannot be computed"
    return note(
        job,
        title,
        job.get("error") or "No reason was given.",
        *options(api, job),
        *([again(job)] if now == "failed" else []),
        warn=True,
    )


def nothing(found: JSON) -> Element:
    """The map is empty and is not stretched."""
    scale = found["scale"]
    least = 0.05 * scale["full"]
    moved = f"The map moved at most {format.short(scale['maximum'])}, less than {format.short(least)}."
    words = f"{moved} Left empty, not stretched."
    return html.Div([tag("Nothing found"), html.Span(words, className="xs m w")], className="row nothing")


def note(job: JSON, title: str, words: str, *actions: Element, warn: bool = False) -> Element:
    """Title, reason and buttons."""
    head = html.Div([icon("bad") if warn else None, title], className="state-title" + (" warn" if warn else ""))
    return html.Div(
        [head, html.Div(words, className="s m w"), html.Div(list(actions), className="row g8 wrap")], className="note"
    )


def again(job: JSON) -> Element:
    """A button that asks once more."""
    return html.Button("Explain again", className="btn sm", **{"data-again": str(job["slot"])})


def options(api: Api, job: JSON) -> list[Element]:
    """What would work, as buttons: methods among the options, else the instant methods where the queue is missing."""
    if job.get("sealed"):
        return []
    try:
        known = api.explainers(api.model(job["key"]["model"], job["key"]["record"])["id"])
        methods = {entry["method"]: entry for entry in known if not entry.get("not_offered")}
    except ApiError:
        return []
    offered = [name for name in job.get("options") or [] if name in methods]
    if not offered and job.get("status") == "refused":
        offered = [
            name
            for name, entry in methods.items()
            if entry["cost"] == "instant" and name != job["method"].split(",")[0]
        ]
    return [
        html.Button(
            f"Use {format.uncapital(methods[name]['title'])}",
            className="btn sm",
            **{"data-method": name, "data-slot": str(job["slot"])},
        )
        for name in offered
    ]
