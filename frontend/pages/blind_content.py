"""One beat of a session as its reader may see it now: first alone, then with the model, then with the reference."""

from dataclasses import dataclass
from typing import Any

import dash
from flask import Response, request
from plotly.io.json import to_json_plotly

from frontend import classes, explaining, format, judging, seeing
from frontend.address import Method
from frontend.api import JSON, Api, ApiError
from frontend.elements import Element, html
from frontend.explaining import Size
from frontend.figures import beat as beat_figure
from frontend.figures.desk import desk
from frontend.pages import map_facts, maps, output
from frontend.pages.settings import SLOTS
from frontend.parts import chip, facts, icon, kbd, section, seen, synthetic, tag
from frontend.strip import MM, within
from frontend.tokens import NAME
from frontend.view import View

NARROW = 12  # labels from which on they stand in two columns
SPECIAL = {"/": "p", "artefact": "x", "cannot say": "u"}  # labels whose key is not their letter
TAKEN = frozenset("hmwt")  # keys with another meaning on this page


@dataclass(frozen=True)
class Wish:
    """Which beat of which session, and how wide the window is."""

    session: str
    place: int | None = None  # None: the one that waits
    anew: bool = False  # whether something was revealed since the last answer
    width: float = 1440.0
    mm: float = View.mm
    theme: Any = "light"


def register(app: dash.Dash, api: Api) -> None:
    """Serve `_blind?session=…&place=…`."""

    def answer() -> Response:
        try:
            body, status = shown(api, read()), 200
        except (KeyError, ValueError) as error:
            body, status = {"detail": f"The beat cannot be read: {error}"}, 400
        except ApiError as error:
            body, status = {"detail": error.detail}, error.status or 502
        return Response(to_json_plotly(body), status, {"Cache-Control": "no-store"}, mimetype="application/json")

    app.server.add_url_rule(f"{app.config.routes_pathname_prefix}_blind", "blind", answer)


def read() -> Wish:
    """The wish of the browser's request; KeyError or ValueError where it holds none."""
    query = request.args
    return Wish(
        session=query["session"],
        place=int(query["place"]) if query.get("place") else None,
        anew="anew" in query,
        width=float(query.get("width", Wish.width)),
        mm=within(query, "mm", View.mm, MM),
        theme="dark" if query.get("theme") == "dark" else "light",
    )


def shown(api: Api, wish: Wish) -> JSON:
    """All of one beat of a session that this person may see now: Dash properties, and facts for the script."""
    if wish.anew:
        api.forget()
    me, session = api.me(), api.session(wish.session)
    item = api.session_item(wish.session, wish.place)
    known = {"user": me["id"], "session": session}
    if item is None:
        return known | {"item": None}
    record = api.recording(item["recording"])
    view = View(
        item["recording"],
        item["sample"],
        item["lead"],
        session["model"],
        width=wish.width,
        mm=wish.mm,
        theme=wish.theme,
    )
    view = View(**{**vars(view), **methods(session)})
    size = Size(desk(wish.width).beat, mm=wish.mm)
    props, drawn = alone(item, record, view, size)
    props |= frame(session, item, record, size, drawn)
    jobs: list[JSON] = []
    if item["output"] is not None:
        more, jobs = revealed(api, item, view, size)
        props |= more
    told = {
        name: item[name]
        for name in (
            "place",
            "items",
            "expects",
            "recording",
            "lead",
            "sample",
            "entries",
            "previous",
            "next",
            "output",
            "reference",
        )
    }
    region = {
        "first": drawn.span[0],
        "last": drawn.span[1],
        "left": beat_figure.AXIS,
        "top": beat_figure.HEAD,
        "height": drawn.paper,
    }
    return known | {"item": told, "props": props, "jobs": jobs, "region": region, "leads": record["leads"]}


def methods(session: JSON) -> JSON:
    """The first two of the session's methods, as a view names them."""
    texts = [
        str(Method(known["method"], {k: v for k, v in known.items() if k != "method"})) for known in session["methods"]
    ]
    return dict(zip(SLOTS, texts, strict=False))


def frame(session: JSON, item: JSON, record: JSON, size: Size, drawn: beat_figure.Beat) -> JSON:
    """Name, labels, counts: what is there at every step."""
    words = " · ".join(
        part
        for part in (format.patient(record["age"], record["sex"]), seeing.remarks(record["comments"]))
        if part and part != format.NONE
    )
    name = [
        html.H1(f"Record {format.record(record['name'])}"),
        html.Span(words, className="m cut"),
        synthetic() if record["synthetic"] else None,
    ]
    keyed = keys([entry["label"] for entry in session["labels"]])
    children: JSON = {
        "blind-record": name,
        "blind-count": f"{format.count(item['place'] + 1)} of {format.count(item['items'])}",
        "blind-labels": [label(entry, keyed, len(session["labels"]) >= NARROW) for entry in session["labels"]],
        "blind-others": [label(entry, keyed, True) for entry in session["labels"]],
        "blind-tools": tools(item, drawn),
        "blind-session": standing(session, item),
        "blind-reference": reference(item),
        "blind-model": [],
    }
    return {name: {"children": found} for name, found in children.items()}


def keys(labels: list[str]) -> dict[str, str]:
    """One key for each label: its first free letter; with shift where another label took it."""
    found = {label: SPECIAL[label] for label in labels if label in SPECIAL}
    for label in [label for label in labels if label not in found]:
        letters = [letter for letter in label.lower() if letter.isascii() and letter.isalpha()]
        wanted = [*letters, *(f"shift+{letter}" for letter in letters)]
        free = next((key for key in wanted if key not in found.values() and key not in TAKEN), None)
        if free:
            found[label] = free
    return found


def label(entry: JSON, keyed: dict[str, str], narrow: bool) -> Element:
    """One label as a button with its key; `narrow` where they stand in two columns."""
    symbol, key = entry["label"], keyed.get(entry["label"], "")
    written = key.replace("shift+", "⇧").upper()
    mark = chip(symbol) if symbol in NAME else None
    usual = {"data-label": symbol, "data-key": key, "data-name": short(entry), "aria-pressed": "false"}
    return html.Button(
        [
            mark,
            html.Span(short(entry) if narrow else entry["name"], className="cut", title=entry["name"]),
            html.Span(className="sp"),
            *(kbd(written) if written else []),
        ],
        className="blind-label",
        **usual,
    )


def short(entry: JSON) -> str:
    """A label's short name."""
    return classes.short(entry["label"]) if entry["name"] == NAME.get(entry["label"]) else str(entry["name"])


def tools(item: JSON, drawn: beat_figure.Beat) -> list[Element]:
    """When the beat is, and at what scale it is drawn."""
    speed, gain = drawn.scale
    standard = (speed, gain) == (25.0, 10.0)
    words = f"{format.short(speed)} mm/s · {format.short(gain)} mm/mV" + ("" if standard else ": not standard")
    return [
        html.Span(f"Beat at {format.hms(item['beat']['time'])}", className="h"),
        tag(words, "" if standard else "w"),
        html.Span(className="sp"),
        html.Span([icon("lock", 13), "Maps hidden"], className="tag", id="blind-maps-hidden"),
    ]


def alone(item: JSON, record: JSON, view: View, size: Size) -> tuple[JSON, beat_figure.Beat]:
    """The beat without anything of the model, and what was measured."""
    beat = item["beat"]
    if beat["window"] is None:
        raise ApiError(beat["note"] or "The model cannot read this beat.")
    drawn = beat_figure.Beat(
        beat["window"],
        seeing.context(beat, record["fs"]),
        theme=view.theme,
        width=size.width,
        mm=size.mm,
        rr=(beat["rr_before"], beat["rr_after"]),
    )
    before = beat["rr_before"]
    rows = [
        ("RR before", f"{format.milliseconds(before)} ms"),
        ("RR after", f"{format.milliseconds(beat['rr_after'])} ms"),
        ("Rate from RR before", f"{60_000 / before:.0f} bpm" if before else format.NONE),
        ("Lead", item["lead"]),
    ]
    words = html.Div([html.H2("Measured", className="h"), facts([(name, html.B(value)) for name, value in rows])])
    props: JSON = {
        "graph-r": {"figure": beat_figure.figure(drawn)},
        "blind-measured": {"children": words},
    }
    return props, drawn


def revealed(api: Api, item: JSON, view: View, size: Size) -> tuple[JSON, list[JSON]]:
    """The model's output and maps, and the jobs that are still to draw them."""
    beat = item["beat"]
    jobs = {slot: explaining.ask(api, view, slot, str(view.method(slot)), f"graph-{slot}") for slot in SLOTS}
    answer = judging.of_maps(api, view, list(jobs.values()))
    props: JSON = {}
    for slot, job in jobs.items():
        props |= maps.drawing(api, job, view, size, answer["of"].get(job.get("id")))
        title_ = html.Span(job["title"], className="h")
        props[f"map-head-{slot}"] = {"children": [title_, *(props[f"map-head-{slot}"]["children"])]}
    props["blind-model"] = {"children": model(item, beat)}
    props["blind-said"] = {"children": " ".join(one["words"] for one in answer["of"].values())}
    name = [html.Span("Regions that changed the score", className="h"), html.Span("for", className="m")]
    name += [chip(beat["prediction"]["symbol"]) if beat["prediction"] else None, short(item["output"])]
    props["blind-tools"] = {"children": [*name, html.Span(className="sp"), map_facts.scale(api, view, size)]}
    return props, list(jobs.values())


def model(item: JSON, beat: JSON) -> list[Element]:
    """One's own committed reading and the model's output beside each other, its bars, whether it saw the patient."""
    first = next((entry for entry in item["entries"] if entry["step"] == "first"), None)
    said = beat["prediction"]
    cards = [card("Model output", item["output"]["label"], short(item["output"]), probability(said))]
    if first:
        seconds = f" · {first['seconds']:.1f} s" if first["seconds"] is not None else ""
        cards.insert(
            0,
            card("You, committed", first["label"], named(first["label"]), f"sure {first['confidence']} of 5{seconds}"),
        )
    bars = output.bars(beat) if said else None
    return [html.Div(cards, className="blind-cards"), bars, html.Div(seen(beat["seen"]), className="gap")]


def probability(said: JSON | None) -> str:
    """`0.78, margin 0.64`."""
    if said is None:
        return "no output"
    return f"{format.probability(max(said['probabilities']))}, margin {format.probability(said['margin'])}"


def named(symbol: str) -> str:
    """A label's short name, of which only the label is at hand."""
    return classes.short(symbol) if symbol in NAME else symbol[:1].upper() + symbol[1:]


def card(head_: str, symbol: str, name: str, words: str) -> Element:
    """One reading: whose, which, how sure."""
    mark = chip(symbol, "md") if symbol in NAME else None
    parts = [
        html.Div(head_, className="s m"),
        html.Div([mark, html.Span(name)], className="row g8 blind-name"),
        html.Div(words, className="s m"),
    ]
    return html.Div(parts, className="blind-card")


def reference(item: JSON) -> list[Element]:
    """The reference and what the other readers say, once this reader has decided."""
    if item["others"] is None and item["reference"] is None:
        locked = html.Span([icon("lock", 13), "shown after you decide"], className="row g6 s m")
        return [
            html.Div([html.Span("Reference", className="h"), html.Span(className="sp"), locked], className="row sec")
        ]
    truth = item["reference"]
    mark = (
        [chip(truth["label"]) if truth["label"] in NAME else None, html.Span(truth["name"], className="b cut")]
        if truth
        else [html.Span("none", className="b")]
    )
    rows = [html.Div([html.Span("Reference", className="h"), html.Span(className="sp"), *mark], className="row g8")]
    for other in item["others"] or []:
        sure = f" sure {other['confidence']} of 5" if other["confidence"] else ""
        rows.append(
            html.Div(
                [
                    html.Span(other["name"], className="m cut"),
                    html.Span(className="sp"),
                    html.Span(named(other["label"]), className="b"),
                    html.Span(sure, className="s m"),
                ],
                className="row g6 gap",
            )
        )
    return [html.Div(rows, className="sec")]


def standing(session: JSON, item: JSON) -> list[Element]:
    """How far one is; what came of the reveals only after this one is decided."""
    mine = item["mine"]
    if mine is None:
        return []
    rows = [("Read blind" if session["blind"] else "Read", format.count(mine["read"]))]
    if session["blind"] and item["expects"] == "correction":
        share = f" ({format.percent(mine['changed'] / mine['decided'])})" if mine["decided"] else ""
        rows += [
            ("Model differed", format.count(mine["differed"])),
            (
                "You changed after the reveal",
                f"{format.count(mine['changed'])} of {format.count(mine['decided'])}{share}",
            ),
            ("of these, toward the reference", format.count(mine["toward_reference"])),
        ]
    return [section(html.H2("This session", className="h"), facts(rows))]
