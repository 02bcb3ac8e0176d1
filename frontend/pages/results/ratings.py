"""What readers rated, what they changed after the reveal, and how their regions lie to the maps: as tables."""

from typing import Any

from frontend import format
from frontend.api import JSON
from frontend.pages.results.agreement import estimate, same, table
from frontend.ui.elements import Element, html

RATED = {
    ("certainty", "reader"): "How sure; the reader's label",
    ("certainty", "model"): "How sure; the model's output",
    ("plausibility", "model"): "How plausible the explanation; the model's output",
}
SIDES = (("right", "was the reference"), ("wrong", "was not"))


def ratings(found: list[JSON]) -> Element:
    """How often each score was given, and the mean, by whether reader or model said what the reference says."""
    rows: list[list[Any]] = [
        [f"{RATED[one['rating'], one['of']]} {words}", *map(count_text, one[side]["counts"]), estimate(one[side])]
        for one in found
        for side, words in SIDES
        if sum(one[side]["counts"])
    ]
    if not rows:
        return None
    heads = ("Rated 1 to 5", "1", "2", "3", "4", "5", "mean")
    note = (
        "How sure is what was said at the first reading, before the model was seen. Beats with a reference alone. "
        "Intervals of means: recordings, then their beats, drawn again."
    )
    return html.Div([html.H2("Ratings"), table(heads, rows, "results-ratings"), html.P(note, className="s m w")])


def count_text(number: int) -> str:
    """A count; nothing for none."""
    return format.count(number) if number else ""


def changes(found: JSON) -> Element:
    """How often a reading was changed once the model was seen, split by whether its output was the reference."""
    kinds = (
        ("all", "All readings"),
        ("model_agrees", "Model output was the reference"),
        ("model_differs", "Model output was not the reference"),
    )
    rows = [[words, same(found[name]["count"], found[name]["of"]), estimate(found[name])] for name, words in kinds]
    note = (
        f"{format.count(found['toward_model'])} toward the model output, "
        f"{format.count(found['toward_reference'])} toward the reference."
    )
    heads = ("After the reveal", "Changed", "Share")
    return html.Div(
        [html.H2("Changes after the reveal"), table(heads, rows, "results-changes"), html.P(note, className="s m")]
    )


def regions(found: list[JSON]) -> Element:
    """How far the readers' regions agree with each method's map."""
    rows: list[list[Any]] = [
        [
            one["title"],
            format.count(one["regions"]),
            format.count(one["missing"]),
            estimate(one["pointing"]),
            format.number(one["pointing_by_chance"]),
            estimate(one["iou"]),
            format.number(one["iou_by_chance"]),
        ]
        for one in found
    ]
    heads = ("Method", "Regions", "Without a map", "Pointing game", "by chance", "IoU", "by chance")
    missing = any(one["missing"] for one in found)
    note = html.P("Maps that are missing are being asked for: they count once they are there.", className="s m")
    return html.Div(
        [html.H2("Readers' regions and maps"), table(heads, rows, "results-regions"), note if missing else None]
    )
