"""Beside the compared maps: which held up on this beat, how far they agree, and both in words."""

from collections.abc import Sequence
from typing import Any

from frontend import format, trust_view
from frontend.api import JSON
from frontend.methods import group_of, shows_relevance
from frontend.pages.compare import groups
from frontend.ui.components import icon, section
from frontend.ui.elements import Element, html
from frontend.wording import classes, input_text

ORDER = tuple(groups.WORDS)  # of verdicts
MANY = 9  # maps beyond which the table of agreement has no room for numbers
BETTER = 0.95  # of the random masks
SAID = {  # verdict → what one, and what several titles do
    "holds up": ("holds up", "hold up"),
    "better than chance": ("is better than chance, and not than what knows no model",
                           "are better than chance, and not than what knows no model"),
    "not told from chance": ("cannot be told from chance here", "cannot be told from chance here"),
    "cannot be judged": ("cannot be judged on this window", "cannot be judged on this window"),
    "nothing found": ("found nothing", "found nothing"),
}  # fmt: skip


def panel(jobs: Sequence[JSON], answer: JSON, noun: str = "beat") -> list[Element]:
    """The side of the compare page; `answer` as `trust_view.of_maps` gives it, `noun` what its windows are."""
    titles = {job["id"]: job["title"] for job in jobs if job.get("id")}
    maps = [one for one in answer["maps"] if one["trust_id"]]
    judged = [one["trust"] for one in maps if one["trust"]]
    shown = [html.Div(f"Which map held up on this {noun}", className="h")]
    if not jobs:
        shown.append(html.P("Unfold a group: what is folded is not computed.", className="s m w gap"))
    if judged:
        shown += [table(judged), html.P(legend(judged[0]), className="s m w gap")]
    if len(judged) < len(maps):
        words = f"{len(judged)} of {format.plural(len(maps), 'map')} judged so far."
        shown.append(html.P(words, className="s m w gap", id="trust-waiting"))
    ranked = [i for i, one in enumerate(answer["maps"]) if one["trust_id"]]
    rho = [[answer["agreement"][i][j] for j in ranked] for i in ranked]
    names = [titles[answer["maps"][i]["id"]] for i in ranked]
    return [section(*shown), *agreement(names, rho), *in_words(judged, noun)]


def in_place(entries: Sequence[JSON], jobs: Sequence[JSON], answer: JSON) -> dict[str, dict[str, Any]]:
    """On each cell its verdict, and the order in its group: by what held up, once all its maps are judged."""
    props: dict[str, dict[str, Any]] = {}
    by_group: dict[str, list[tuple[str, JSON | None]]] = {}
    for entry, job in zip(entries, jobs, strict=True):
        trust, name = (answer["of"].get(job.get("id")) or {}).get("trust"), job["slot"]
        props[f"verdict-{name}"] = {"children": trust_view.verdict(trust, short=True) if trust else None}
        props[f"cell-{name}"] = {"data-faint": trust and trust["verdict"] == "not faithful", "style": {}}
        if shows_relevance(entry):
            by_group.setdefault(group_of(entry), []).append((name, trust))
    for group, maps in by_group.items():
        judged = [(name, trust) for name, trust in maps if trust]
        props[f"held-{group}"] = {"children": groups.held([trust["verdict"] for _, trust in judged])}
        if len(judged) == len(maps):
            for place, (name, _) in enumerate(sorted(judged, key=lambda one: rank(one[1]))):
                props[f"cell-{name}"]["style"] = {"order": place - len(maps)}
    return props


def table(judged: Sequence[JSON]) -> Element:
    """Mean probability while deleting and inserting, and stability: the methods, then what knows no model."""
    numbers = (html.Th(name, className="r") for name in ("Deletion", "Insertion", "Stable"))
    head = html.Tr([html.Th(html.Span("Verdict", className="unseen")), html.Th("Method"), *numbers])
    rows = [method(trust) for trust in sorted(judged, key=rank)]
    return html.Table([html.Thead(head), html.Tbody([*rows, *blind(judged[0])])], className="facts ranking")


def rank(trust: JSON) -> tuple[int, float]:
    """The better verdict first, then the wider gap between insertion and deletion."""
    return ORDER.index(trust["verdict"]), trust["deletion"]["mean"] - trust["insertion"]["mean"]


def method(trust: JSON) -> Element:
    """One method's row."""
    mark, _, brief, kind = trust_view.MARKS[trust["verdict"]]
    said = html.Span(brief, className="unseen")
    verdict = html.Span([icon(mark) if mark else None, said], className="row", title=brief)
    curves = [figure(trust[name]["mean"], trust[name]["better_than"]) for name in ("deletion", "insertion")]
    stable = html.Td(trust_view.stable(trust["stability"]["noise"]), className="r")
    return html.Tr([html.Td(verdict, className="warn" if kind else ""), html.Td(trust["title"]), *curves, stable])


def figure(value: float, better_than: float) -> Element:
    """A mean probability; bold where it beats the random masks."""
    text = format.probability(value)
    return html.Td(html.B(text) if better_than >= BETTER else text, className="r")


def blind(trust: JSON) -> list[Element]:
    """What knows no model, judged alike: random masks and simple shapes."""
    masks = trust["settings"]["random_masks"]
    means = [trust["deletion"]["random_mean"], trust["insertion"]["random_mean"]]
    rows = [(f"Random, mean of {masks}", [html.Td(format.probability(mean), className="r") for mean in means])]
    for one in trust["baselines"]:
        pair = [figure(one[name], one[f"{name}_better_than"]) for name in ("deletion", "insertion")]
        rows.append((capital(one["name"]) + (", knows no model" if len(rows) == 1 else ""), pair))
    dash = html.Td(format.NONE, className="r")
    return [html.Tr([html.Td(), html.Td(name), *cells, dash], className="blind") for name, cells in rows]


def legend(trust: JSON) -> str:
    """What the numbers are."""
    name = classes.short(trust["target"]["symbol"], {trust["target"]["symbol"]: trust["target"]["name"]})
    most = format.percent(trust["fractions"][-1])
    return (
        f"Mean probability of {name} over 0–{most} of samples. Deletion: low is good. Insertion: high is good. "
        f"Bold: better than {format.percent(BETTER)} of {trust['settings']['random_masks']} random masks."
    )


def agreement(names: Sequence[str], rho: Sequence[Sequence[float | None]]) -> list[Element]:
    """Rank correlation of every two maps, below the diagonal; nothing for fewer than two."""
    if len(names) < 2:
        return []
    rows = []
    for i, name in enumerate(names):
        cells = [cell(rho[i][j], f"{name} and {format.uncapital(names[j])}") for j in range(i)]
        rows.append(html.Tr([html.Th(name, scope="row"), *cells]))
    kind = "agreement many" if len(names) > MANY else "agreement"
    head = [html.Span("Agreement between maps", className="h"), html.Span("rank correlation", className="s m")]
    return [section(html.Div(head, className="row g8"), html.Table(html.Tbody(rows), className=kind))]


def cell(rho: float | None, words: str) -> Element:
    """`.5` on a grey that grows with agreement."""
    if rho is None:
        return html.Td(format.NONE, title=f"{words}: not defined, a map is flat")
    text = format.number(rho, 1)
    short = text if abs(rho) >= 0.95 else text.replace("0.", ".")
    grey = round(max(0.0, rho) * 60)
    style = {"background": f"color-mix(in srgb, var(--ink3) {grey}%, var(--surface))"}
    return html.Td(short, style=style, title=f"{words}: {format.number(rho)}")


def in_words(judged: Sequence[JSON], noun: str) -> list[Element]:
    """What the table says, in sentences; nothing before a map is judged."""
    if not judged:
        return []
    return [section(html.Div("In words", className="h"), html.P(sentence(judged, noun), className="w gap"))]


def sentence(judged: Sequence[JSON], noun: str = "beat") -> str:
    """Which maps got which verdict, what a map that knows no model does, and how often the verdict is wrong."""
    parts = []
    for verdict, (one, many) in SAID.items():
        titles = [trust["title"] for trust in judged if trust["verdict"] == verdict]
        if titles:
            parts.append(f"{joined(titles)} {one if len(titles) == 1 else many}.")
    first = judged[0]
    parts += plain(first, noun)
    if replaced := input_text.all_deleted(first):
        parts.append(f"Replaced whole by {trust_view.replacement(first)} it gives {replaced}.")
    return " ".join([*parts, trust_view.error_rates(first)])


def plain(trust: JSON, noun: str = "beat") -> list[str]:
    """A warning where a shape that knows no model is as far ahead of the random masks as a map has to be."""
    found = [one for one in trust["baselines"] if one["gain"] >= trust_view.GAIN]
    best = max(found, key=lambda one: one["gain"], default=None)
    if best is None:
        return []
    gain = format.probability(best["gain"])
    return [f"{capital(best['name'])}, which knows no model, is {gain} ahead of random masks on this {noun} too."]


def capital(text: str) -> str:
    """`triangle at R` → `Triangle at R`."""
    return text[:1].upper() + text[1:]


def joined(names: Sequence[str]) -> str:
    """`A, B and C`: the first with its capital, the others without."""
    lower = [names[0], *map(format.uncapital, names[1:])]
    return lower[0] if len(lower) == 1 else f"{', '.join(lower[:-1])} and {lower[-1]}"
