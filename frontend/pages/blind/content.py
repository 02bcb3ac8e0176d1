"""One beat of a session as its reader may see it now: first alone, then with the model, then with the reference."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import dash
from flask import Response, request
from plotly.io.json import to_json_plotly

from frontend import explanations, format, methods, tracks, trust_view
from frontend.address import SLOTS, Method
from frontend.api import JSON, Api, ApiError
from frontend.explanations import Size
from frontend.figures.beat import Beat
from frontend.figures.desk import GAP, desk
from frontend.maps import scale as map_facts
from frontend.maps.frame import drawing
from frontend.pages.blind import rows
from frontend.pages.blind import side as blind_side
from frontend.pages.blind.alone import alone, region_frame
from frontend.pages.blind.labels import keys, label, short
from frontend.query import MM, within
from frontend.rhythm import leads
from frontend.ui.components import chip, synthetic
from frontend.ui.elements import Element, html
from frontend.view import View
from frontend.wording import classes, input_text
from frontend.wording.naming import naming

NARROW = 12  # labels from which on they stand in two columns
DECIDED = ("correction", None)  # what is expected of a reader who has decided, and of somebody who does not read
WIDEST = 440  # px of one beat: the paper ends with the signal around it
SENT = (
    "position", "items", "expects", "recording", "lead", "at", "entries", "previous", "next", "output", "reference",
)  # fmt: skip


@dataclass(frozen=True)
class BlindQuery:
    """Which beat of which session, and how wide the window is."""

    session: str
    position: int | None = None  # None: the one that waits
    anew: bool = False  # whether something was revealed since the last answer
    width: float = 1440.0
    mm: float = View.mm
    theme: Any = "light"


def register(app: dash.Dash, api: Api) -> None:
    """Serve `_blind?session=…&position=…`."""

    def answer() -> Response:
        try:
            body, status = shown(api, read()), 200
        except (KeyError, ValueError) as error:
            body, status = {"detail": f"The beat cannot be read: {error}"}, 400
        except ApiError as error:
            body, status = {"detail": error.detail}, error.status or 502
        return Response(to_json_plotly(body), status, {"Cache-Control": "no-store"}, mimetype="application/json")

    app.server.add_url_rule(f"{app.config.routes_pathname_prefix}_blind", "blind", answer)


def read() -> BlindQuery:
    """The query of the browser's request; KeyError or ValueError where it holds none."""
    query = request.args
    return BlindQuery(
        session=query["session"],
        position=int(query["position"]) if query.get("position") else None,
        anew="anew" in query,
        width=float(query.get("width", BlindQuery.width)),
        mm=within(query, "mm", View.mm, MM),
        theme="dark" if query.get("theme") == "dark" else "light",
    )


def shown(api: Api, wanted: BlindQuery) -> JSON:
    """All of one beat of a session that this person may see now: Dash properties, and facts for the script."""
    if wanted.anew:
        api.forget()
    me, session = api.me(), api.session(wanted.session)
    item = api.session_item(wanted.session, wanted.position)
    known = {"user": me["id"], "session": session}
    if item is None:
        return known | {"item": None}
    if item["expects"] not in DECIDED:
        item = item | {"reference": None}  # in an open session too, one reads without it
    record = api.recording(item["recording"])
    view = View(
        item["recording"],
        item["at"],
        item["lead"],
        session["model"],
        width=wanted.width,
        mm=wanted.mm,
        theme=wanted.theme,
    )
    view = View(**{**vars(view), **session_methods(session)})
    noun = naming(item["beat"]["kind"], item["beat"]["vocabulary"], item["beat"]["classes"]).noun
    known |= {"item": {name: item[name] for name in SENT}, "noun": noun, "sealed": stays_sealed(session, item)}
    if rows.is_rhythm(item):
        return known | in_rows(api, session, item, record, view)
    size = Size(min(WIDEST, (desk(wanted.width).content - GAP) // 2), mm=wanted.mm)
    props, region = alone(api, item, record, view, size)
    props |= frame(session, item, record)
    jobs: list[JSON] = []
    more: JSON = {}
    if item["output"] is not None:
        shown_, jobs, more = revealed(api, item, view, size)
        props |= shown_
    elif revealed_without(session, item):
        props["blind-model"] = {"children": no_output(item, noun)}
    return known | {"props": props, "jobs": jobs, "region": region, **more}


def in_rows(api: Api, session: JSON, item: JSON, record: JSON, view: View) -> JSON:
    """A window of rhythm, which has rows instead of a strip and two maps."""
    shown_, jobs, more = rows.shown(api, item, view)
    props = frame(session, item, record) | shown_
    if item["output"] is None and revealed_without(session, item):
        props["blind-model"] = {"children": no_output(item, "window")}
    return {"props": props, "jobs": jobs, "region": None, **more}


def revealed_without(session: JSON, item: JSON) -> bool:
    """Whether an output would be seen by now, if there were one."""
    return not session["blind"] or any(entry["step"] == "reveal" for entry in item["entries"])


def stays_sealed(session: JSON, item: JSON) -> bool:
    """Whether the model was asked for, and is not shown since another session seals it."""
    return item["output"] is None and revealed_without(session, item) and is_sealed(item)


def is_sealed(item: JSON) -> bool:
    """Whether another session has the window sealed."""
    return str(item["window"].get("note") or "").startswith("Sealed")


def no_output(item: JSON, noun: str) -> Element:
    """In place of the model's output: that it says nothing, or that another session has the window sealed."""
    also = f"The model's output stays sealed: you have this {noun} to read in another session as well."
    return html.P(also if is_sealed(item) else f"The model has no output for this {noun}.", className="gap")


def session_methods(session: JSON) -> JSON:
    """The first two of the session's methods, as a view names them."""
    texts = [
        str(Method(known["method"], {k: v for k, v in known.items() if k != "method"})) for known in session["methods"]
    ]
    return dict(zip(SLOTS, texts, strict=False))


def frame(session: JSON, item: JSON, record: JSON) -> JSON:
    """Name, labels, counts: what is there at every step. Remarks of a header often tell what the beats are."""
    remarks = input_text.remarks(record["comments"]) if item["expects"] in DECIDED else ""
    known = (format.patient(record["age"], record["sex"]), remarks)
    words = " · ".join(part for part in known if part and part != format.NONE)
    name = [
        html.H1(f"Record {format.record(record['name'])}"),
        html.Span(words, className="m cut", title=words),
        synthetic() if record["synthetic"] else None,
    ]
    keyed = keys([entry["label"] for entry in session["labels"]])
    children: JSON = {
        "blind-record": name,
        "blind-count": f"{format.count(item['position'] + 1)} of {format.count(item['items'])}",
        "blind-labels": [label(entry, keyed, len(session["labels"]) >= NARROW) for entry in session["labels"]],
        "blind-others": [label(entry, keyed, True) for entry in session["labels"]],
        "second-name": leads.others(item["lead"], record),
        "blind-session": blind_side.standing(session, item),
        "blind-reference": blind_side.reference(item),
        "blind-log": blind_side.log(item),
        "blind-model": [],
    }
    return {name: {"children": found} for name, found in children.items()}


def revealed(api: Api, item: JSON, view: View, size: Size) -> tuple[JSON, list[JSON], JSON]:
    """The model's output and maps, the jobs that are still to draw them, and what the script does with the maps."""
    beat = item["beat"]
    jobs = {slot: explanations.ask(api, view, slot, methods.text(api, view, slot), f"graph-{slot}") for slot in SLOTS}
    answer = trust_view.of_maps(api, view, list(jobs.values()))
    props: JSON = {}
    for slot, job in jobs.items():
        one = answer["of"].get(job.get("id"))
        props |= drawing(api, job, view, size, one)
        title_ = html.Span(job["title"], className="h")
        props[f"map-head-{slot}"] = {"children": rated(props[f"map-head-{slot}"]["children"], title_, badge(one))}
    props["blind-model"] = {"children": blind_side.model(item, beat)}
    props["blind-said"] = {
        "children": " ".join(classes.named_short(one["words"], answer) for one in answer["of"].values())
    }
    name = [html.Span("Regions that changed the score", className="h"), html.Span("for", className="m")]
    name += [chip(beat["prediction"]["symbol"]) if beat["prediction"] else None, short(item["output"])]
    props["blind-tools"] = {"children": [*name, html.Span(className="sp"), map_facts.scale(api, view, size)]}
    over = [slot for slot, job in jobs.items() if is_map(explanations.result(api, job))]
    more = {"judge": trust_view.wanted(view, list(jobs.values()), answer), "over": over, "map": on_map(beat, size)}
    return props, list(jobs.values()), more


def is_map(result: JSON | None) -> bool:
    """Whether what is drawn is, or will be, a map over the beat: an output over time has another place."""
    return result is None or tracks.shows_relevance(result)


def rated(head: Sequence[Element], title: Element, badge: Element) -> list[Element]:
    """A map's head with its name and judgement; how it was computed gives them room, and the full scale if need be."""
    letter, *rest = (_giving(part) for part in head if getattr(part, "className", "") != "gives")
    rest = [part for part in rest if getattr(part, "children", None) != title.children]  # its name while it is computed
    return [letter, title, *rest[:1], badge, *rest[1:]]


def _giving(part: Element) -> Element:
    """The full scale as words that give way whole; any other part as it is."""
    is_scale = str(getattr(part, "title", "")).startswith("Full scale")
    return html.Span(part, className="gives") if is_scale else part


def badge(one: JSON | None) -> Element:
    """How far a map can be trusted, before its reader rates it; or that this is being judged."""
    if not one or not one["trust_id"]:
        return None
    if not one["trust"]:
        return html.Span("being judged", className="s f")
    said = trust_view.doubted(one)  # by the map's head already
    return None if said else trust_view.verdict(one["trust"], short=True)


def on_map(beat: JSON, size: Size) -> JSON:
    """Where on a map the reader's region lies."""
    paper = max(size.paper, size.lead * len(beat["window"]["millivolts"]))
    return region_frame(Beat(beat["window"], {}, width=size.width, paper=paper, gain=size.gain, mm=size.mm))
