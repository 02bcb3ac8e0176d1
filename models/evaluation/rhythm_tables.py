"""How often the rhythm models are right, as Markdown written from their cards alone."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from models.cards import Card
from models.evaluation.accuracy import percent, table
from models.evaluation.paper_002 import CLASSES, CONFUSIONS, TABLES, Printed


def rhythm_tables(cards: Iterable[Card]) -> str:
    """All models in one table beside what their source printed, then the counts of each."""
    reported = [card for card in cards if "f1_over_folds" in card.evaluation]
    if not reported:
        return "No rhythm model has been trained yet."
    symbols = reported[0].evaluation["symbols"]
    head = ["Model", "Folds", *(f"F1 {symbol}" for symbol in symbols), "Score", "95 %", "Published", "Accuracy"]
    first = table(head, [_row(card, symbols) for card in reported])
    scored = ", ".join(reported[0].evaluation["scored"])
    said = (
        f"F1 by recording on folds that a network has not seen, mean over the folds trained so far; score: mean of "
        f"{scored}; its interval is over folds (Student's t). Published: eight folds of the source's own."
    )
    own = [*(_counts(card) for card in reported), *beside_paper({card.id: card for card in reported})]
    return "\n\n".join([said, first, *own]) + "\n"


def beside_paper(cards: dict[str, Card]) -> list[str]:
    """Tables 5.1 to 5.6 of paper 002, beside what came out here so far."""
    said = (
        "Beside paper 002: printed F1, mean ± standard deviation over its eight folds; here the same over the folds "
        "trained so far. “Not trained”: the recipe is there, `beatlens train` has not run it; “–”: no recipe. The "
        "signal is read at 100 Hz here and at 300 Hz there, folds are others, and recordings are not padded."
    )
    head = ["Network", *(f"{name}, printed" for name in (*CLASSES, "score")), "Folds here", *CLASSES, "Score"]
    tables = [
        f"#### Table {number}, {title}\n\n{table(head, [_beside(one, cards) for one in rows])}"
        for number, (title, rows) in TABLES.items()
    ]
    confusions = [_confusion(*one, cards.get(one[2])) for one in CONFUSIONS]
    return ["### Beside the tables of paper 002", said, *tables, *confusions]


def _beside(printed: Printed, cards: dict[str, Card]) -> list[str]:
    """One network: printed, then how many folds there are here and what they give."""
    card = cards.get(printed.recipe or "")
    row = [printed.network, *printed.f1.split(", ")]
    if card is None:
        return [*row, "not trained" if printed.recipe else "–", *["–"] * 5]
    found = card.evaluation
    numbers = [_spread(found["f1_over_folds"][name]) for name in (*CLASSES, "score")]
    return [*row, f"{len(found['folds'])} of {found['of_folds']}", *numbers]


def _spread(found: dict[str, Any]) -> str:
    return f"{found['mean']:.2f}" if found["sd"] is None else f"{found['mean']:.2f} ± {found['sd']:.2f}"


def _confusion(number: str, network: str, recipe: str, printed: tuple[tuple[int, ...], ...], card: Card | None) -> str:
    """Printed counts, turned so that rows are the truth, each with its share of the row; and ours beside them."""
    truth = list(zip(*printed, strict=True))
    rows = [[name, *map(_of(row), row)] for name, row in zip(CLASSES, truth, strict=True)]
    head = ["True \\ printed", *CLASSES]
    if card is not None:
        found = card.evaluation
        order = [found["symbols"].index(name) for name in CLASSES]
        ours = [[found["pooled"]["confusion"][i][j] for j in order] for i in order]
        rows = [[*row, *map(_of(own), own)] for row, own in zip(rows, ours, strict=True)]
        head += [f"{name} here" for name in CLASSES]
    return f"#### Table {number}, {network} (`{recipe}`)\n\n{table(head, rows)}"


def _of(row: Sequence[int]) -> Callable[[int], str]:
    """A count with its share of the row's sum."""
    return lambda count: f"{count} ({count / sum(row):.0%})"


def _row(card: Card, symbols: list[str]) -> list[str]:
    found = card.evaluation
    f1, published = found["f1_over_folds"], card.training["published"]
    return [
        f"{card.title} (`{card.id}`)",
        f"{len(found['folds'])} of {found['of_folds']}",
        *(f"{f1[symbol]['mean']:.3f}" for symbol in symbols),
        f"**{f1['score']['mean']:.3f}**",
        _interval(f1["score"]),
        "–" if published is None else f"{published:.2f}",
        percent(found["pooled"]["accuracy"]),
    ]


def _interval(found: dict[str, Any]) -> str:
    return "–" if found["low"] is None else f"{found['low']:.3f}–{found['high']:.3f}"


def _counts(card: Card) -> str:
    """Confusion over all held-out recordings, and the calibration of the answers."""
    found, calibration = card.evaluation["pooled"], card.evaluation["calibration"]
    symbols = card.evaluation["symbols"]
    rows = [[name, *map(str, row)] for name, row in zip(symbols, found["confusion"], strict=True)]
    sentence = (
        f"{found['examples']} recordings held out; always saying the most frequent class would be right on "
        f"{percent(found['majority_rate'])}. Expected calibration error {percent(calibration['ece_before'])}, with a "
        f"temperature fitted on the other half of them {percent(calibration['ece_after'])} "
        f"({calibration['temperature']:.2f} over all)."
    )
    return "\n\n".join([f"### {card.title} (`{card.id}`)", table(["True \\ model's", *symbols], rows), sentence])
