"""What the browser draws of a day: the lanes' figure, and for each window what a pointer shows."""

from frontend import format
from frontend.api import JSON
from frontend.figures.desk import desk
from frontend.figures.rhythm import lanes
from frontend.figures.rhythm.lanes import Lanes, Window
from frontend.figures.typed import typed
from frontend.pages.day import words
from frontend.pages.day.course import Course, Moment
from frontend.pages.rhythm import labels
from frontend.pages.rhythm.panels.record import references
from frontend.tokens import CLASSES, Theme

MOST = 20_000  # dots of the tachogram: more are thinned
ORDER = ("N", "A", "V", "F", "Q")  # AAMI-like groups, the commonest below


def shown(course: Course, theme: Theme, window: float) -> JSON:
    """Figure, and for each window what a pointer shows."""
    figure = drawn(course, theme, float(desk(window).content))
    return {
        "figure": typed(lanes.figure(figure)),
        "words": lanes.words(figure),
        "gutter": lanes.GUTTER,
        "height": lanes.HEIGHT,
        "width": figure.width,
        "length": course.record["seconds"],
        "seconds": course.day["seconds"],
        "record": course.record["id"],
        "lead": course.lead,
        "fs": course.record["fs"],
        "moments": [pointer_facts(one, course) for one in course.moments],
        "queues": {"differ": course.worst, "unsure": course.unsure},
    }


def pointer_facts(one: Moment, course: Course) -> JSON:
    """What is said of a window under the pointer."""
    output = one.output
    return {
        "start": one.start,
        "end": one.end,
        "span": words.span(one),
        "letters": labels.letters(output) if output else "–",
        "colour": f"--c{labels.colour_key(output)}" if output else "--ink3",
        "symbol": output and output["symbol"],
        "best": format.probability(max(one.chances)) if one.chances else "–",
        "output": words.chances(one, course.classes),
        "reference": words.reference(one),
        "rr": words.intervals(one),
        "differs": one.differs,
    }


def drawn(course: Course, theme: Theme, width: float) -> Lanes:
    """What the lanes show."""
    windows = [
        Window(
            one.start, one.end,
            labels.letters(one.output) if one.output else "",
            labels.colour(one.output, theme) if one.output else CLASSES["Q"].colour(theme),
            bool(one.output and labels.is_normal(one.output)),
            one.uncertain, one.differs, one.chances, one.spread,
        )
        for one in course.moments
    ]  # fmt: skip
    classes = [(labels.short(kind), labels.colour(kind, theme), labels.is_normal(kind)) for kind in course.classes]
    reference = references(course.api, course.record, course.card, theme)
    return Lanes(course.record["seconds"], width, reference, windows, classes, tachogram(course, theme), theme)


def tachogram(course: Course, theme: Theme) -> list[tuple[str, list[float], list[float]]]:
    """RR of each group of beats, thinned where there are too many to draw."""
    columns, colours = course.beats, {"S": "A"}
    step = -(-len(columns["time"]) // MOST)
    found: dict[str, tuple[list[float], list[float]]] = {}
    rows = zip(columns["time"], columns["rr"], columns["aami"], strict=True)
    for i, (time, rr, group) in enumerate(rows):
        if rr is not None and i % step == 0:
            key = colours.get(group, group) or "N"
            times, values = found.setdefault(key if key in ORDER else "Q", ([], []))
            times.append(time)
            values.append(rr)
    return [(CLASSES[key].colour(theme), *found[key]) for key in ORDER if key in found]
