"""Judgements of maps and their words: what several pages say of trust."""

from collections.abc import Sequence
from typing import Any

from frontend import explanations, format
from frontend.address import parse_method
from frontend.api import JSON, Api
from frontend.ui.components import tag
from frontend.ui.elements import Element, html
from frontend.view import View
from frontend.wording import classes

MARKS = {  # verdict → icon, words, their short form, kind of tag; the better first
    "holds up": ("okc", "Holds up", "Holds up", ""),
    "better than chance": ("half", "Better than chance only", "Better than chance", "w"),
    "partly holds": ("half", "Partly holds", "Partly holds", "w"),  # of links frozen by rule 1
    "not told from chance": (None, "Not told from chance", "Not told from chance", "w"),
    "cannot be judged": (None, "This window cannot tell", "Cannot tell", "w"),
    "not faithful": ("bad", "Not faithful: do not rely on it", "Not faithful", "w"),  # … by rule 1
    "nothing found": (None, "Nothing found", "Nothing found", ""),
}
DOUBTED = ("not told from chance", "cannot be judged", "not faithful")
GAIN = 0.05  # of probability, that a map has to be ahead
FAINT = 0.5  # strength of a map that rule 1 called not faithful
ROOM = 0.2  # of probability, between the whole beat and the deleted one: less hardly tells maps apart
WORDS = ((0.7, "close"), (0.4, "moderate"), (0.2, "weak"), (-0.2, "none"))


def verdict(trust: JSON, short: bool = False) -> Element:
    """The verdict as a tag."""
    mark, long, brief, kind = MARKS[trust["verdict"]]
    return tag(brief if short else long, kind, mark, title=f"{reason(trust)}. {error_rates(trust)}".strip())


def rule(trust: JSON) -> int:
    """By which rule the verdict was made: links that were frozen before say nothing of it."""
    return int(trust.get("rule", 1))


def reason(trust: JSON) -> str:
    """Why, from the figures: `1 of 300 random masks does as well; 0.21 ahead of |x|`."""
    if trust["verdict"] == "nothing found":
        return "the map hardly moved: there is nothing to judge"
    if rule(trust) == 1:
        return earlier_reason(trust)
    if trust["verdict"] == "cannot be judged":
        return (
            f"replaced by {replacement(trust)}, the class falls by {format.probability(max(0.0, trust['room']))} only"
        )
    masks = trust["settings"]["random_masks"]
    as_well = format.percent(trust["chance"]) if trust["chance"] > 1 / masks else "none"
    chance = f"{as_well} of {masks} random masks do as well"
    return chance if trust["verdict"] == "not told from chance" else f"{chance}; {ahead(trust)}"


def ahead(trust: JSON) -> str:
    """`0.21 ahead of |x|`, `0.02 behind the triangle at R, which knows no model`."""
    best = max(trust["baselines"], key=lambda one: one["gain"])
    lead = trust["lead"]
    side = "ahead of" if lead >= 0 else "behind"
    note = ", which knows no model" if lead < GAIN else ""
    return f"{format.probability(abs(lead))} {side} {best['name']}{note}"


def replacement(trust: JSON) -> str:
    """`3 windows of PVC`, `0`: what stood in for the samples that the map names."""
    found = trust["replacement"]
    if found["symbol"] is None:
        return str(found["name"])
    return f"{found['windows']} windows of {classes.short(found['symbol'], {found['symbol']: found['name']})}"


def error_rates(trust: JSON) -> str:
    """How often a verdict like this is wrong, as far as anybody measured it."""
    found = trust.get("error_rates")
    if rule(trust) == 1:
        return "Judged by an earlier rule: by it |x|, which knows no model, held up on a fifth of beats."
    if found is None:
        return "How often maps that cannot know hold up was not measured for this model."
    title, share = max(found["false"].items(), key=lambda one: one[1])
    worst = f"{format.percent(share)} (95% interval to {format.percent(found['worst_high'])}), {title}"
    return f"Maps that cannot know held up in {worst}, or less; {found['windows']} windows, unseen patients."


def earlier_reason(trust: JSON) -> str:
    """`beats random on deletion only`, from the two curves, by rule 1."""
    least = 0.95
    passed = [name for name in ("deletion", "insertion") if trust[name]["better_than"] >= least]
    masks = trust["settings"]["random_masks"]
    if len(passed) == 2:
        return "beats random, deleting and inserting"
    if passed:
        return f"beats random on {passed[0]} only"
    return f"neither curve beats 95% of {masks} random masks"


def caveat(trust: JSON, name: str) -> Element:
    """The note that the curves hardly differ, where the beat with everything deleted is of the same class."""
    whole, gone = trust["deletion"]["map"][0], trust["all_deleted"][trust["target"]["symbol"]]
    if rule(trust) > 1 or whole - gone >= ROOM:  # today's rule gives such a window a verdict of its own
        return None
    return html.Span(f"; but with everything deleted {name} is still {format.probability(gone)}", className="warn")


def strength(one: JSON | None) -> float:
    """How strongly a map is drawn: half where rule 1 judged it not faithful; what is not shown is no fault."""
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


def doubted(one: JSON | None) -> bool:
    """Whether a map's head says its verdict: where nothing tells it from chance."""
    trust = one and one["trust"]
    return bool(trust and trust["verdict"] in DOUBTED)
