"""Beside the maps: how much of each lies on each wave, what hiding that wave does, and the numbers in words."""

from frontend import explanations, format, methods, trust_view
from frontend.address import SLOTS
from frontend.api import JSON, Api
from frontend.panel import Panel, PanelUpdate
from frontend.ui.components import chip
from frontend.ui.elements import Element, html
from frontend.view import View
from frontend.wording import classes

FAR = 0.1  # of a probability: a change that is set in bold


def layout() -> Element:
    """The table and the paragraph."""
    return html.Div(id="facts", className="map-facts", **{"data-part": "by_wave"})


def update(api: Api, view: View) -> PanelUpdate:
    """What both maps say of each wave."""
    jobs = [explanations.ask(api, view, slot, methods.text(api, view, slot), f"graph-{slot}") for slot in SLOTS]
    answer = trust_view.of_maps(api, view, jobs)
    found = [answer["of"].get(job.get("id")) for job in jobs]
    shown = [table(answer, found), boundaries(answer), paragraph(answer, found)]
    return PanelUpdate({"facts": {"children": shown}})


def table(answer: JSON, found: list[JSON | None]) -> Element:
    """One row for each region: the share of both maps, and the change of the probability with it set to 0."""
    if not answer["regions"]:
        return None
    head = [html.Th("By wave"), *(html.Th(f"{slot.upper()} %", className="r") for slot in SLOTS)]
    moved = "its range as each boundary moves by its measured error"
    head.append(html.Th("covered, Δ", className="r", title=f"Change of the probability when it is set to 0; {moved}"))
    rows = [row(answer, i, region, found) for i, region in enumerate(answer["regions"])]
    return html.Table([html.Thead(html.Tr(head)), html.Tbody(rows)], className="facts by-wave", title=source(answer))


def row(answer: JSON, i: int, region: JSON, found: list[JSON | None]) -> Element:
    """Name, shares and change; the ranges stand below in small."""
    part_of = "part" if region["within"] else ""
    cells = [html.Td(region["name"], className=part_of or "b")]
    shared = [one["shares"][i] if one and one["trust_id"] else None for one in found]  # a decision over time has none
    cells += [html.Td(share(part) if part else format.NONE, className="r") for part in shared]
    return html.Tr([*cells, html.Td(change(answer, i), className="r")], className=part_of)


def share(one: JSON) -> list[Element]:
    """`68` over `61–74`."""
    whole = html.Span(format.percent(one["value"]).removesuffix("%"))
    return [whole, error_range(trust_view.span(one["low"], one["high"]).removesuffix("%"))]


def change(answer: JSON, i: int) -> list[Element]:
    """`−0.14` over its range, and the class that is then most probable where that is another one; covers on a click."""
    one, region = answer["covered"][i], answer["regions"][i]
    value = trust_view.signed(one["value"])
    other = chip(one["symbol"], "sm") if one["symbol"] != answer["top"] else None
    ends = f"{trust_view.signed(one['low'])} … {trust_view.signed(one['high'])}"
    unsure = {"className": "reach warn", "title": "Its sign depends on the boundaries"}
    words = html.Button(
        [html.B(value) if abs(one["value"]) >= FAR else value, other],
        className="row g4 end region",
        title=f"Cover this: {region['name']}",
        **{"data-region": region["key"]},
    )
    return [words, html.Span(ends, **(unsure if one["changes_sign"] else {"className": "reach"}))]


def error_range(words: str) -> Element:
    """A range, small."""
    return html.Span(words, className="reach")


def boundaries(answer: JSON) -> Element:
    """The source of the boundaries, and what the small numbers are."""
    if not answer["regions"]:
        return None
    who = answer["source"]["QRS onset"].split(",")[0]
    words = f"Small: range over the boundaries' errors. Boundaries: {who}"
    return html.P(words, className="reach wide", title=f"Lead {answer['lead']}\n{source(answer)}\n{errors(answer)}")


def errors(answer: JSON) -> str:
    """How far each boundary may be from where it was found."""
    held = f"{answer['held']:.0%} of measured boundaries lie within:" if answer.get("held") else ""
    edges = [
        (region, side, region.get(f"{side}_moves_ms")) for region in answer["regions"] for side in ("start", "end")
    ]
    moved = [
        f"{region['name']} {side}: " + f"{moves[0]:+.0f} … {moves[1]:+.0f} ms".replace("-", "−")
        for region, side, moves in edges
        if moves and any(moves)
    ]
    return "\n".join([held, *moved])


def paragraph(answer: JSON, found: list[JSON | None]) -> Element:
    """Each map's sentence, what the two have in common, and RR."""
    of_maps = list(dict.fromkeys(one["words"] for one in found if one))
    lines = [classes.named_short(line, answer) if of_maps else line for line in [*of_maps, *answer["words"]]]
    return html.Div([html.P(line) for line in lines], id="in-words", className="in-words w")


def source(answer: JSON) -> str:
    """The source of each boundary."""
    return "\n".join(f"{name}: {who}" for name, who in answer["source"].items())


PANEL = Panel("by_wave", place="maps", layout=layout, update=update, turn=6)
