"""Hidden units: which classes they carry, whether they are wavelets, and which real windows drive them most."""

from statistics import median

from frontend import format
from frontend.api import JSON
from frontend.pages.model.traces import drawn, link, window_origin
from frontend.ui.components import chip, facts
from frontend.ui.elements import Element, html
from frontend.wording.classes import short

HEIGHT = 52  # px of a course
STRONG = 0.7  # a correlation from which on a unit could be called a wavelet


def content(result: JSON, examples: JSON, card: JSON) -> list[Element]:
    """A row of units for each class, what they come to, and each unit closer, one of which is shown."""
    rows = [row(kind, shown, result, card) for kind, shown in zip(card["classes"], result["shown"], strict=True)]
    numbers = list(dict.fromkeys(unit for shown in result["shown"] for unit in shown))
    closer = [close(result["units"][unit], result, examples, card, i > 0) for i, unit in enumerate(numbers)]
    return [
        html.Div([html.Div(rows, className="unit-rows"), html.Div(closer)], className="model-pair gap"),
        html.P(verdict(result), className="s m w"),
    ]


def row(kind: JSON, shown: list[int], result: JSON, card: JSON) -> Element:
    """The units that one class needs most."""
    return html.Div(
        [
            chip(kind["symbol"], name=kind["name"]),
            *(tile(result["units"][unit], card, unit == result["shown"][0][0]) for unit in shown),
        ],
        className="unit-row",
    )


def tile(unit: JSON, card: JSON, chosen: bool) -> Element:
    """One unit's course beside its wavelet's; a click shows it closer."""
    head = html.Span([html.B(str(unit["number"])), f" r {format.number(unit['r'])}"], className="xs")
    return html.Button(
        [head, course(unit, card, HEIGHT)],
        className="unit-tile",
        **{
            "data-unit": str(unit["number"]),
            "aria-pressed": str(chosen).lower(),
            "aria-label": f"Unit {unit['number']}",
        },
    )


def course(unit: JSON, card: JSON, height: int) -> Element:
    """State and wavelet on the window that drives the unit most."""
    found = unit["course"]
    words = f"Unit {unit['number']}: state, and {wavelet(unit)}"
    lines = [("ink", found["state"]), ("dashed", found["wavelet"])]
    return drawn(lines, words, height, window_origin(card["input"]))


def wavelet(unit: JSON) -> str:
    """`Gauss 2, 61 ms, 39 ms later`."""
    later = f", {unit['lag_ms']:g} ms later" if unit["lag_ms"] else ""
    size = "|" if unit["magnitude"] else ""
    return f"{size}{unit['wavelet']}{size}, {unit['scale_ms']:g} ms{later}"


def close(unit: JSON, result: JSON, examples: JSON, card: JSON, hidden: bool) -> Element:
    """One unit: what each class loses without it, its wavelet against chance, the windows that drive it."""
    falls = {kind["symbol"]: fall for kind, fall in zip(card["classes"], unit["falls"], strict=True)}
    names = {kind["symbol"]: kind["name"] for kind in card["classes"]}
    rows: list[tuple[Element, Element]] = [
        (f"{short(symbol, names)} without it", f"{format.number(-fall)} log p") for symbol, fall in falls.items()
    ]
    luck = f"{format.number(abs(unit['r']))}, permuted windows at most {format.number(unit['chance'])}"
    rows += [("Best wavelet", wavelet(unit)), ("Its |r|", luck)]
    rows += [("Of the 100 that drive it most", among(unit))]
    window = drawn([("ink", unit["course"]["samples"][0])], "The window that drives it most", HEIGHT)
    driving = [driven(index, examples, card) for index in unit["activating"]]
    return html.Div(
        [
            html.H3(f"Unit {unit['number']}", className="h"),
            window,
            course(unit, card, 2 * HEIGHT),
            facts(rows),
            html.Div(
                [html.Span("Driven most, each another patient's", className="s m"), *driving], className="row g8 wrap s"
            ),
        ],
        className="unit-close",
        hidden=hidden,
        **{"data-unit-close": str(unit["number"])},
    )


def driven(index: int, examples: JSON, card: JSON) -> Element:
    """The way to a window that drives a unit."""
    record = examples["recordings"][examples["recording"][index]]
    label = examples["label"][index]
    mark = chip(label, "sm") if label else None
    return link(record["id"], examples["at"][index], [mark, format.record(record["name"])], card["id"])


def among(unit: JSON) -> str:
    """`62 V, 14 N, 20 others`."""
    return ", ".join(f"{count} {symbol or 'others'}" for symbol, count in unit["among"].items())


def verdict(result: JSON) -> str:
    """Whether the units are wavelets, and on how many windows that was looked at."""
    every = result["units"]
    sizes = [abs(unit["r"]) for unit in every]
    beyond = sum(abs(unit["r"]) > unit["chance"] for unit in every)
    strong = sum(size >= STRONG for size in sizes)
    said = f"Of all {len(every)} units: median |r| {median(sizes):.2f}, {strong} above {STRONG}; {beyond} beyond what"
    said += (
        f" {result['permutations']} permutations of {result['compared']} windows give. Beyond chance is no wavelet yet."
    )
    return said + f" Without a unit: held at zero throughout, over {result['erased']} windows; units share their work."
