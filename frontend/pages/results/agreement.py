"""How far readers agree, with each other, with the reference and with the model: as tables."""

from collections.abc import Sequence
from typing import Any

from frontend import format
from frontend.api import JSON
from frontend.pages.blind.labels import named
from frontend.ui.elements import Element, html

FEW = 3  # pairs of readers that have a column each in the table by label
Column = tuple[str, JSON]  # its head, and the agreement at that step


def table(heads: Sequence[Any], rows: list[list[Any]], id: str) -> Element:
    """Names in the first column, numbers in the others."""
    top = html.Tr([html.Th(words, className="r" if i else "") for i, words in enumerate(heads)])
    body = [html.Tr([html.Td(cell, className="r" if i else "") for i, cell in enumerate(row)]) for row in rows]
    return html.Div(html.Table([html.Thead(top), html.Tbody(body)], className="facts", id=id), className="scroll")


def estimate(one: JSON) -> str:
    """`0.82 (0.71 to 0.93)`."""
    if one["value"] is None:
        return "not determined"
    if one["low"] is None or one["high"] is None:
        return f"{format.number(one['value'])} (no interval)"
    return f"{format.number(one['value'])} ({format.number(one['low'])} to {format.number(one['high'])})"


def names_of(found: JSON) -> dict[str | None, str]:
    """Readers' names by id."""
    return {one["id"]: one["name"] for one in found["readers"]}


def agreement(found: JSON) -> Element:
    """κ of each pair, of all, and of each reader with reference and model: before the reveal and at last."""
    names, columns = names_of(found), steps(found)
    rows = [_row(columns, "pairs", i, f"{names[pair['a']]} and {names[pair['b']]}")
            for i, pair in enumerate(found["final"]["pairs"])]  # fmt: skip
    if len(found["readers"]) > 1:
        rows.append(["All readers, Fleiss' κ", *_together(columns)])
    for key, words in (("reference", "the reference"), ("model", "the model")):
        rows += [_row(columns, key, i, f"{names[one['a']]} and {words}") for i, one in enumerate(found["final"][key])]
    heads = ["Cohen's κ", *(part for words, _ in columns for part in (words, "same label"))]
    return html.Div([html.H2("Agreement"), table(heads, rows, "results-agreement")])


def steps(found: JSON) -> list[Column]:
    """Before the reveal and at last; of an open session at last alone."""
    first = [("before the reveal", found["first"])] if found["first"] else []
    return [*first, ("at last", found["final"])]


def _row(columns: Sequence[Column], key: str, index: int, name: str) -> list[Any]:
    """One pair at each step."""
    found = [step[key][index] for _, step in columns]
    return [name, *(part for one in found for part in (estimate(one), same(one["agree"], one["items"])))]


def _together(columns: Sequence[Column]) -> list[Any]:
    """All readers at each step."""
    return [part for _, step in columns for part in (estimate(step["fleiss"]), same(step["agree"], step["items"]))]


def same(agree: int, items: int) -> str:
    """`9 of 12`."""
    return f"{format.count(agree)} of {format.count(items)}"


def by_label(found: JSON) -> Element:
    """κ of each label against all others; the step before the reveal first, the other folded."""
    made = [(words, label_table(found, step, words)) for words, step in steps(found) if step["labels"]]
    if not made:
        return None
    (words, shown), *rest = made
    folded = [html.Details([html.Summary(name, className="s m"), drawn]) for name, drawn in rest]
    note = html.P("Each label against all others: Cohen's κ of two, Fleiss' κ of all.", className="s m w")
    return html.Div([html.H2(f"κ by label, {words}"), shown, *folded, note])


def label_table(found: JSON, step: JSON, words: str) -> Element:
    """One step: a row for each label, a column for all readers, each with the reference, and few pairs."""
    names = names_of(found)
    pairs = step["pairs"] if len(step["pairs"]) <= FEW else []
    together = len(found["readers"]) > 1
    heads = [
        "Label",
        *(["all readers"] if together else []),
        *(f"{names[one['a']]} and {names[one['b']]}" for one in pairs),
        *(f"{names[one['a']]} and the reference" for one in step["reference"]),
    ]
    rows = [
        [
            named(one["label"]),
            *([estimate(one["fleiss"])] if together else []),
            *(estimate(value) for value in one["pairs"][: len(pairs)]),
            *(estimate(value) for value in one["reference"]),
        ]
        for one in step["labels"]
    ]
    return table(heads, rows, f"results-labels-{words.split()[0]}")


def tables(found: JSON) -> Element:
    """Labels of each reader by those of each other, and by the reference; on the diagonal they are the same."""
    names = names_of(found) | {None: "Reference"}
    made = [confusion(names[one["a"]], names[one["b"]], one) for one in found["final"]["tables"] if one["labels"]]
    if not made:
        return None
    return html.Details([html.Summary(html.H2("Label by label")), html.Div(made, className="confusions")], open=True)


def confusion(rows: str, columns: str, one: JSON) -> Element:
    """One table; what is not on its diagonal in bold."""
    cells = [
        [named(label), *(html.B(n) if n and i != j else str(n or "") for j, n in enumerate(one["counts"][i]))]
        for i, label in enumerate(one["labels"])
    ]
    heads = (f"{rows} ↓ {columns} →", *(named(label) for label in one["labels"]))
    return table(heads, cells, f"confusion-{one['a']}-{one['b'] or 'reference'}")
