"""How often the rhythm models are right, as Markdown written from their cards alone."""

from collections.abc import Iterable
from typing import Any

from models.cards import Card
from models.evaluation.accuracy import percent, table


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
    return "\n\n".join([said, first, *(_counts(card) for card in reported)]) + "\n"


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
