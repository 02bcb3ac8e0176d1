"""The side of a day view: the burden, model against reference, the same in words, and where to look first."""

from frontend import format
from frontend.api import JSON
from frontend.pages.day import words
from frontend.pages.day.course import Course
from frontend.pages.rhythm import labels
from frontend.pages.rhythm.panels.rows import chip_of
from frontend.ui.components import facts, section, seen
from frontend.ui.elements import Element, html

QUEUE = 8  # windows that are named


def content(course: Course) -> list[Element]:
    """The sections in their order."""
    return [burden(course), table(course), in_words(course), queue(course)]


def apart(left: Element, right: Element, style: str = "row s") -> Element:
    """Two things at the ends of a line."""
    return html.Div([left, html.Span(className="sp"), right], className=style)


def burden(course: Course) -> Element:
    """`AF 20 of 60 windows … 33%`."""
    kind, found = course.burdened, course.burden
    share = "–" if found["share"] is None else format.percent(found["share"])
    big = chip_of(kind)
    big.className = "chip lg two"
    read = sum(one.chances is not None for one in course.moments)
    name = html.Div(
        f"{format.count(found['windows'])} of {format.plural(read, 'window')}",
        className="verdict-name",
        id="day-windows",
    )
    below = html.Div(f"output {labels.short(kind)}, by {course.day['seconds']:g} s", className="s m")
    number = html.Div(share, className="verdict-number", id="day-burden")
    verdict = html.Div([big, html.Div([name, below], className="verdict-words"), number], className="row g12 verdict")
    title = html.H2(f"{labels.short(kind)} burden", className="h")
    known = course.record["seen"].get(course.card["id"], "unknown")
    patient = html.Div(seen(known), className="gap")
    return section(
        apart(title, course.card["title"], "row s m side-head"), verdict, *bars(course), rows(course), patient
    )


def bars(course: Course) -> list[Element]:
    """Model and reference as bars, the uncertain part of the model's between two ticks."""
    found, colour = course.burden, f"var(--c{labels.colour_key(course.burdened)})"
    if found["share"] is None:
        return []
    share, sure, possible = (format.percent(found[name]) for name in ("share", "sure", "possible"))
    said = html.B(f"{share}, sure to possible {sure.removesuffix('%')}–{possible}")
    ticks = [html.I(className="threshold", style={"left": f"{found[end] * 100:.1f}%"}) for end in ("sure", "possible")]
    model = [apart(html.Span("Model", className="m"), said, "row s gap"), filled(found["share"], colour, ticks)]
    if course.referenced is None:
        return model
    shares = " · ".join(f"{label} {format.percent(part)}" for label, part in course.referenced.items())
    head = apart(html.Span("Reference", className="m"), html.B(shares or "none", id="day-reference"), "row s gap")
    return [*model, head, filled(sum(course.referenced.values()), colour)]


def filled(share: float, colour: str, ticks: list[Element] | None = None) -> Element:
    """A bar of a share."""
    fill = html.I(style={"width": f"{share * 100:.1f}%", "background": colour})
    return html.Div([fill, *(ticks or [])], className="bar")


def rows(course: Course) -> Element:
    """First window, longest run, uncertain ones."""
    name, run = labels.short(course.burdened), course.longest_run
    first = format.length(course.of_class[0].start) if course.of_class else "none"
    longest = f"{(run[1] - run[0]) / 60:.1f} min, from {format.length(run[0])}" if run else "none"
    return facts(
        [
            (f"First {name} window", html.B(first)),
            ("Longest run", html.B(longest)),
            ("Uncertain, margin below 0.25", html.B(format.plural(len(course.unsure), "window"))),
        ]
    )


def table(course: Course) -> Element:
    """Windows by output and by the longer rhythm."""
    rhythms, counts = course.table()
    if not rhythms:
        return None
    title = html.H2("Model and reference", className="h")
    columns = [html.Th(chip_of(kind), className="r", title=labels.short(kind)) for kind in course.classes]
    names = html.Tr([html.Th("Reference"), *columns, html.Th("all", className="r")])
    lines = [line(course, rhythm, [row[i] for row in counts]) for i, rhythm in enumerate(rhythms)]
    note = "Bold: same meaning. A rhythm for which the model has no class counts as Other where it has that."
    return section(
        apart(title, html.Span("windows, by the longer rhythm", className="s m"), "row"),
        html.Div(
            html.Table([html.Thead(names), html.Tbody(lines)], className="facts"),
            className="day-table",
            tabIndex="0",
            role="region",
            **{"aria-label": "Model and reference"},
        ),
        html.P(note, className="s m w gap"),
    )


def line(course: Course, rhythm: JSON, counts: list[int]) -> Element:
    """One rhythm of the reference, and what the model says of its windows."""
    same = labels.class_of(course.api, rhythm, course.card)
    cells = []
    for kind, count in zip(course.classes, counts, strict=True):
        alike = same and same["symbol"] == kind["symbol"]
        number = format.count(count)
        cells.append(html.Td(html.B(number) if alike else number, className="r"))
    name = [rhythm["label"], html.Span(f" {rhythm['name']}", className="m s")]
    return html.Tr([html.Td(name, className="w"), *cells, html.Td(format.count(sum(counts)), className="r m")])


def in_words(course: Course) -> Element:
    """The page in sentences."""
    said = words.sentences(course)
    if not said:
        return None
    return section(html.H2("In words", className="h"), html.P(said, className="w gap", id="day-words"))


def queue(course: Course) -> Element:
    """The windows that are worth a look: those that differ, those that are uncertain, the first of the class."""
    groups = (("differ", "that differ", course.worst), ("unsure", "uncertain", course.unsure))
    buttons = [
        html.Button(
            f"{format.count(len(found))} {said}", className="btn sm", disabled=not found, **{"data-day-queue": name}
        )
        for name, said, found in groups
    ]
    if course.of_class:
        first = {"data-day-at": str(course.moments.index(course.of_class[0]))}
        buttons.append(html.Button(f"First {labels.short(course.burdened)}", className="btn sm", **first))
    listed = list(dict.fromkeys([*course.worst[: QUEUE // 2], *course.unsure[: QUEUE // 2]]))
    lines = [entry(course, i) for i in listed]
    return section(
        html.H2("Go to", className="h"),
        html.Div(buttons, className="row g8 wrap gap"),
        html.Div(lines, className="day-queue gap", id="day-queue"),
    )


def entry(course: Course, i: int) -> Element:
    """One window of the queue: when, what the model says, and why it is there."""
    one = course.moments[i]
    uncertain = f"margin {format.probability(one.margin)}"
    why = f"reference {one.longest['label']}" if one.differs and one.longest else uncertain
    mark = chip_of(one.output) if one.output else None
    said = [mark, html.Span(words.span(one)), html.Span(className="sp"), html.Span(why, className="m")]
    return html.Button(said, className="row g8 s day-entry", **{"data-day-at": str(i)})
