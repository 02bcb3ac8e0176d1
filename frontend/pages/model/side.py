"""Beside the model: how often it agrees with the reference, where it errs, what its probabilities are worth."""

from frontend import format
from frontend.api import JSON
from frontend.pages.model import card as cards
from frontend.pages.model.card import Measured
from frontend.ui.components import chip, facts, section, tag
from frontend.ui.elements import Element, html
from frontend.wording.classes import short

WIDE = 0.2  # an interval at least so wide is called wide
SHADE = 30  # percent of ink at a share of one: numbers are read on it, light and dark


def content(card: JSON, headline: JSON) -> list[Element]:
    """All of it, from the card and the headline made of it."""
    sets = cards.measured(card)
    return [
        agreement(card, headline, sets[0] if sets else None),
        *(confusion(card, one) for one in sets[:1]),
        *(classes(card, one) for one in sets[:1]),
        calibration(card),
        limits(card),
    ]


def agreement(card: JSON, headline: JSON, shown: Measured | None) -> Element:
    """The headline with its interval, and what other runs of the same training gave."""
    if headline["accuracy"] is None or shown is None:
        return figures(card, headline)
    known_interval = headline["interval"] is not None
    low, high = headline["interval"] or (0.0, 0.0)
    known = "patients also seen in training" if card["leaks_patients"] else "unseen patients"
    patients = shown.values.get("patients")
    right = f"{format.count(patients)} {known}" if patients else "held out"
    over = f"{low * 100:.0f}–{high * 100:.0f}% over patients" if known_interval else "no interval: not by patient"
    words = [
        html.Div(over, className="b s"),
        html.Div(f"always the commonest: {headline['majority_rate']:.1%}", className="s m"),
    ]
    wide = tag("wide", "w") if high - low >= WIDE else None
    number = html.Div(f"{headline['accuracy']:.1%}", className="model-number", id="model-accuracy")
    return section(
        heading("Agrees with the reference", right),
        html.Div([number, html.Div(words), html.Span(className="sp"), wide], className="row g12 gap"),
        scale(headline),
        *(dots(one) for one in cards.spreads(card)),
        html.P(headline["text"], className="s m w gap"),
        id="model-agreement",
    )


def heading(title: str, right: str = "") -> Element:
    """A section's title, and a note at its right."""
    return html.Div(
        [html.H2(title, className="h"), html.Span(className="sp"), html.Span(right, className="s f")], className="row"
    )


def figures(card: JSON, headline: JSON) -> Element:
    """The figures with intervals of a card that counts no classes; what it says where there are none."""
    names = {"auroc": "AUROC", "auprc": "AUPRC", "score_1": "Score 1", "brier": "Brier score"}
    rows = [
        (
            names.get(name, name.replace("_", " ").capitalize()),
            f"{one['value']:.3f} ({one['low']:.3f}–{one['high']:.3f})",
        )
        for name, one in cards.areas(card).items()
    ]
    return section(
        heading("How good it is", "95% interval" if rows else ""),
        facts(rows),
        html.P(headline["text"], className="s m w gap"),
        id="model-agreement",
    )


def scale(headline: JSON) -> Element:
    """The accuracy on 0 to 100 % with its interval, and that of always saying the same."""
    low, high = headline["interval"] or (0.0, 0.0)
    band = {"left": f"{low * 100:.1f}%", "width": f"{(high - low) * 100:.1f}%"}
    marks = [
        html.I(className="model-band", style=band),
        html.I(className="model-always", style={"left": f"{headline['majority_rate'] * 100:.1f}%"}),
        html.I(className="model-own", style={"left": f"{headline['accuracy'] * 100:.1f}%"}),
    ]
    ticks = [html.Span(f"{at}%", style={"left": f"{at}%"}) for at in (0, 50, 100)]
    said = f"{headline['accuracy']:.1%}; dashed: always the commonest class, {headline['majority_rate']:.1%}"
    return html.Div(
        [html.Div(marks, className="model-scale", role="img", **{"aria-label": said}), html.Div(ticks)],
        className="model-axis",
    )


def dots(spread: cards.Spread) -> Element:
    """A dot for each other run, filled for the weights in use."""
    marks = [
        html.I(className="own" if value == spread.own else "", style={"left": f"{value * 100:.1f}%"})
        for value in sorted(spread.values, key=lambda value: value == spread.own)
    ]
    said = f"{spread.words} in test: {', '.join(f'{value:.1%}' for value in spread.values)}"
    line = html.Div(marks, className="model-dots", role="img", title=said, **{"aria-label": said})
    return html.Div([html.Span(f"{spread.words}, test", className="s m"), line], className="model-run")


def confusion(card: JSON, shown: Measured) -> Element:
    """How often each class of the reference was answered by each class: counts, shaded by the share of their row."""
    kinds, matrix = card["classes"], shown.values["confusion"]
    head = [html.Th(chip(kind["symbol"], name=kind["name"]), title=kind["name"], scope="col") for kind in kinds]
    rows = []
    for kind, counts in zip(kinds, matrix, strict=True):
        total = sum(counts) or 1
        cells = [html.Td(format.count(n), style=shade(n / total)) for n in counts]
        rows.append(
            html.Tr([html.Th(chip(kind["symbol"], name=kind["name"]), title=kind["name"], scope="row"), *cells])
        )
    table = html.Table([html.Thead(html.Tr([html.Td(), *head])), html.Tbody(rows)], className="confusion")
    return section(
        heading("Confusion", "row: reference · column: model"),
        html.Div(table, className="scrolls gap"),
        html.P(shown.words, className="s m w gap"),
        id="model-confusion",
    )


def shade(share: float) -> dict[str, str]:
    """The background of a share of a row."""
    return {"background": f"color-mix(in srgb, var(--ink) {share * SHADE:.0f}%, var(--sunken))"}


def classes(card: JSON, shown: Measured) -> Element:
    """Sensitivity, positive predictive value and F1 of each class."""
    rows = []
    for kind in card["classes"]:
        one = shown.values["per_class"].get(kind["symbol"], {})
        name = short(kind["symbol"], {kind["symbol"]: kind["name"]})
        said = [
            format.NONE if one.get(key) is None else f"{one[key] * 100:.1f}" for key in ("sensitivity", "ppv", "f1")
        ]
        count = format.count(one.get(shown.noun + "s", 0))
        first = html.Td(html.Div([chip(kind["symbol"], "sm", kind["name"]), name], className="row g6"))
        rows.append(html.Tr([first, *(html.Td(words, className="r") for words in (count, *said))]))
    names = (f"{shown.noun}s", "sens. %", "PPV %", "F1 %")
    head = html.Tr([html.Th("Class"), *(html.Th(name, className="r") for name in names)])
    return section(
        heading("By class"), html.Table([html.Thead(head), html.Tbody(rows)], className="facts"), id="model-classes"
    )


def calibration(card: JSON) -> Element:
    """How far probabilities are from the truth: the curve where the card has one, else its errors."""
    found = card["evaluation"].get("calibration", {})
    if not found:
        return section(heading("Calibration"), html.P("Its card says nothing of it.", className="s m w gap"))
    shown = found.get("reference", found)
    right = f"error {shown['ece_after']:.1%}"
    verdict = (
        "the temperature brought them nearer"
        if found.get("improves")
        else "not calibrated: the temperature did not help"
    )
    rows = [("Temperature", f"{card['output']['temperature']:g}, from {fitted(found)}")]
    rows += [("Error before, after", f"{shown['ece_before']:.1%}, {shown['ece_after']:.1%}")]
    by_patient = found.get("ece_per_patient") or {}
    if by_patient:
        rows += [("By patient", f"{min(by_patient.values()):.1%} to {max(by_patient.values()):.1%}")]
    return section(
        heading("Calibration", right),
        curve(card),
        facts(rows),
        html.P(f"In test, {verdict}.", className="s m w gap"),
        id="model-calibration",
    )


def fitted(found: JSON) -> str:
    """On whom the temperature was fitted."""
    patients = found.get("fitted_on_patients")
    return format.plural(patients, "patient") if patients else str(found.get("fitted_on", "its training"))


def curve(card: JSON) -> Element:
    """What happened over what was said, a dot for each bin; drawn by the style sheet."""
    bins = cards.calibration_curve(card)
    if not bins:
        return None
    most = max(one.count for one in bins)
    dots = [dot(one, (one.count / most) ** 0.5) for one in bins]
    said = "; ".join(f"said {one.said:.2f}, happened {one.happened:.2f}" for one in bins)
    plot = html.Div(dots, className="reliability", role="img", **{"aria-label": said})
    axis = html.Div([html.Span("said 0"), html.Span(className="sp"), html.Span("1")], className="row s f")
    return html.Div([plot, axis], className="gap")


def dot(one: cards.Bin, size: float) -> Element:
    """One bin; size 0 … 1."""
    style = {"left": f"{one.said:.2%}", "bottom": f"{one.happened:.2%}", "--size": f"{2 + 3 * size:.1f}px"}
    return html.I(
        style=style, title=f"said {one.said:.2f}, happened {one.happened:.2f}, {format.count(one.count)} in all"
    )


def limits(card: JSON) -> Element:
    """Its limits, in the card's words."""
    lines = [html.Li(words) for words in card["limits"]] or [html.Li("Its card states none.")]
    return section(
        heading("Limits", str(len(card["limits"]))), html.Ul(lines, className="limits s m"), id="model-limits"
    )
