"""Judgements of maps and their words: what several pages say of trust."""

from collections.abc import Sequence
from typing import Any

from frontend import explanations, format
from frontend.address import parse_method
from frontend.api import JSON, Api
from frontend.ui.components import tag
from frontend.ui.elements import Element, html
from frontend.view import View

MARKS = {  # verdict → icon, words, their short form, kind of tag
    "holds up": ("okc", "Holds up", "Holds up", ""),
    "partly holds": ("half", "Partly holds", "Partly holds", "w"),
    "not faithful": ("bad", "Not faithful: do not rely on it", "Not faithful", "w"),
    "nothing found": (None, "Nothing found", "Nothing found", ""),
}
FAINT = 0.5  # strength of a map that is not faithful
ROOM = 0.2  # of probability, between the whole beat and the deleted one: less hardly tells maps apart
WORDS = ((0.7, "close"), (0.4, "moderate"), (0.2, "weak"), (-0.2, "none"))


def verdict(trust: JSON, short: bool = False) -> Element:
    """The verdict as a tag."""
    mark, long, brief, kind = MARKS[trust["verdict"]]
    return tag(brief if short else long, kind, mark, title=reason(trust))


def reason(trust: JSON) -> str:
    """`beats random on deletion only`, from the two curves."""
    least = 0.95
    passed = [name for name in ("deletion", "insertion") if trust[name]["better_than"] >= least]
    masks = trust["settings"]["random_masks"]
    if trust["verdict"] == "nothing found":
        return "the map hardly moved: there is nothing to judge"
    if len(passed) == 2:
        return "beats random, deleting and inserting"
    if passed:
        return f"beats random on {passed[0]} only"
    return f"neither curve beats 95% of {masks} random masks"


def caveat(trust: JSON, name: str) -> Element:
    """The note that the curves hardly differ, where the beat with everything deleted is of the same class."""
    whole, gone = trust["deletion"]["map"][0], trust["all_deleted"][trust["target"]["symbol"]]
    if whole - gone >= ROOM:
        return None
    return html.Span(f"; but with everything deleted {name} is still {format.probability(gone)}", className="warn")


def strength(one: JSON | None) -> float:
    """How strongly a map is drawn: half where it is judged not faithful."""
    trust = one and one["trust"]
    return FAINT if trust and trust["verdict"] == "not faithful" else 1.0


def of_maps(api: Api, view: View, jobs: Sequence[JSON]) -> JSON:
    """What is known by wave and by judgement of the maps that are done: the answer, with `of`: explanation → map."""
    if api.beat(view.record, view.at, view.lead, view.model)["window"] is None:
        return {"of": {}, "maps": [], "regions": [], "covered": [], "words": [], "agreement": []}
    done = [job["id"] for job in jobs if job["status"] == "done"]
    chosen = {name: getattr(view, name) for name in ("lead", "model", "target") if getattr(view, name)}
    body = {"recording": view.record, "at": view.at, "explanations": list(dict.fromkeys(done)), **chosen}
    answer = api.by_wave(body)
    return {**answer, "of": {one["id"]: one for one in answer["maps"]}}


def wanted(view: View, jobs: Sequence[JSON], answer: JSON) -> list[JSON]:
    """What the page's script asks to be judged: maps that are done, and whose judgement is not known."""
    found = []
    for job in jobs:
        one = answer["of"].get(job.get("id"))
        if job["status"] == "done" and one and one["trust_id"] and not one["trust"]:
            ask = explanations.body(view, parse_method(job["method"])) | {"urgency": "secondary"}
            found.append({"id": one["trust_id"], "slot": f"trust-{job['slot']}", "title": job["title"], "ask": ask})
    return found


def agreement(rho: float | None) -> str:
    """`0.29 weak`."""
    if rho is None:
        return "not defined: a map is flat"
    word = next((word for least, word in WORDS if rho >= least), "opposed")
    return f"{format.number(rho)} {word}"


def stable(values: Sequence[float | None]) -> str:
    """`0.89`: the mean of what is defined."""
    known = [value for value in values if value is not None]
    return format.number(sum(known) / len(known)) if known else "not defined"


def signed(value: float) -> str:
    """`+0.25`, `−0.14`; zero has no sign."""
    text = format.number(value)
    return f"+{text}" if value > 0 and float(f"{value:.2f}") else text


def span(low: float, high: float, write: Any = format.percent) -> str:
    """`64–80%`: a range in the form that `write` gives its ends."""
    first, last = write(low), write(high)
    return first if first == last else f"{first.removesuffix('%')}–{last}"
