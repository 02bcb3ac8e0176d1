"""What a day comes to, in words: every number is counted from the windows."""

from frontend import format
from frontend.api import JSON
from frontend.pages.day.course import Course, Moment
from frontend.pages.rhythm import labels


def sentences(course: Course) -> str:
    """`12 of 38 windows with reference N have the output Other. They hold 3.8 premature beats each, …`."""
    parts = [disagreement(course), unread(course)]
    return " ".join(part for part in parts if part)


def disagreement(course: Course) -> str:
    """The commonest difference between reference and output, and whether ectopic beats go with it."""
    pairs: dict[tuple[str, str], list[Moment]] = {}
    for one in course.moments:
        if one.differs and one.longest and one.output:
            pairs.setdefault((one.longest["label"], one.output["symbol"]), []).append(one)
    if not pairs:
        return "" if not course.marks else "Every output is the class that the reference counts as."
    (rhythm, symbol), members = max(pairs.items(), key=lambda pair: len(pair[1]))
    alike = [one for one in course.moments if one.longest and one.longest["label"] == rhythm]
    name = labels.short(next(kind for kind in course.classes if kind["symbol"] == symbol))
    of_all = f"{format.count(len(members))} of {format.plural(len(alike), 'window')}"
    said = f"{of_all} with reference {rhythm} have the output {name}."
    right = [one for one in alike if one.output and not one.differs]
    return f"{said} {ectopy(course, members, right)}".strip()


def ectopy(course: Course, members: list[Moment], right: list[Moment]) -> str:
    """How many premature beats windows hold where the output differs and where it does not."""
    if not right or not any(course.beats["aami"]):
        return ""
    own, others = (sum(one.premature for one in part) / len(part) for part in (members, right))
    return f"They hold {own:.1f} premature beats each, against {others:.1f} where the output is the reference's."


def unread(course: Course) -> str:
    """How many windows have no output."""
    count = sum(one.chances is None for one in course.moments)
    return f"{format.plural(count, 'window')} without an output: a gap in the signal." if count else ""


def span(one: Moment) -> str:
    """`19:30 to 20:00`."""
    return f"{format.length(one.start)} to {format.length(one.end)}"


def chances(one: Moment, classes: list[JSON]) -> str:
    """`AF 0.96, Other 0.03`: the two most probable classes."""
    if one.chances is None:
        return "no output: the window touches a gap"
    order = sorted(range(len(classes)), key=lambda i: -(one.chances or [])[i])[:2]
    return ", ".join(f"{labels.short(classes[i])} {format.probability(one.chances[i])}" for i in order)


def reference(one: Moment) -> str:
    """`N 21%, AFIB 79%`."""
    whole = one.end - one.start
    return ", ".join(f"{mark['label']} {format.percent(s / whole)}" for mark, s in one.reference) or "none"


def intervals(one: Moment) -> str:
    """`598 ± 220 ms`."""
    if one.spread is None:
        return "not known"
    mean = sum(one.rr) / len(one.rr)
    return f"{mean:.0f} ± {one.spread * mean:.0f} ms"
