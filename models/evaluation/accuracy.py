"""How often the zoo's models are right, as Markdown written from their cards alone."""

from collections.abc import Iterable, Sequence
from typing import Any

from models.cards import Card


def accuracy_tables(cards: Iterable[Card]) -> str:
    """For each card: accuracy beside the majority rate, by class, by patient, over seeds and splits, calibration."""
    reported = [card for card in cards if "test" in card.evaluation]
    return "\n\n".join("\n\n".join(_model(card)) for card in reported) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; the first column is text, the others numbers."""
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, rule, *rows))


def percent(value: float | None) -> str:
    """`84.9 %`, a dash where there is no value."""
    return "–" if value is None else f"{100 * value:.1f} %"


def _model(card: Card) -> list[str]:
    parts = [f"### {card.title} (`{card.id}`)", _lead(card), _classes(card), _confusion(card)]
    if not card.leaks_patients:  # by patient says little where each patient was trained on
        parts.append(_patients(card))
    return [*parts, *_runs(card), _calibration(card)]


def _lead(card: Card) -> str:
    test, beats = card.evaluation["test"], card.training["data"]["beats"]
    leak = (
        " **Beats of the same patients are in training and test, so this says nothing about new patients.**"
        if card.leaks_patients
        else f" Mean over the {test['patients']} test patients: {percent(test['mean_patient_accuracy'])}."
    )
    return (
        f"Protocol of {card.training['source']}. {beats['all']} beats of {card.training['data']['patients']} patients: "
        f"{beats['train']} train, {beats['validation']} validation, {beats['test']} test. "
        f"The shipped weights are right on **{percent(test['accuracy'])}** of the test beats; always saying the most "
        f"frequent class would be right on **{percent(test['majority_rate'])}**.{leak}"
    )


def _classes(card: Card) -> str:
    found = card.evaluation["test"]["per_class"]
    rows = [
        [f"{kind.name} ({kind.symbol})", str(one["beats"]), *(percent(one[k]) for k in ("sensitivity", "ppv", "f1"))]
        for kind in card.classes
        for one in [found[kind.symbol]]
    ]
    return table(["Class", "Test beats", "Sensitivity", "PPV", "F1"], rows)


def _confusion(card: Card) -> str:
    symbols = [kind.symbol for kind in card.classes]
    rows = [[name, *map(str, row)] for name, row in zip(symbols, card.evaluation["test"]["confusion"], strict=True)]
    return table(["True \\ model's", *symbols], rows)


def _patients(card: Card) -> str:
    rows = [
        [
            patient,
            *(str(sum(row)) for row in one["confusion"]),
            percent(one["accuracy"]),
            percent(one["majority_rate"]),
        ]
        for patient, one in card.evaluation["test"]["per_patient"].items()
    ]
    symbols = [f"{kind.symbol} beats" for kind in card.classes]
    return table(["Test patient", *symbols, "Accuracy", "Majority rate"], rows)


def _runs(card: Card) -> list[str]:
    runs, spread = card.evaluation["runs"], card.evaluation["spread"]
    if len(runs) < 2:
        return ["Trained once: the spread over seeds is not known."]
    symbols = [kind.symbol for kind in card.classes]
    sentences = [_spread(spread["seeds"], "seeds on the shipped split")]
    if spread["splits"]["runs"] > 1:
        sentences.append(_spread(spread["splits"], "accepted splits by patient, one seed each"))
    rows = [_run(run, symbols) for run in runs]
    head = ["Split, seed", "Best epoch", "Accuracy", "Majority rate", "Mean over patients"]
    return [" ".join(sentences), table([*head, *(f"Sens. {symbol}" for symbol in symbols)], rows)]


def _run(run: dict[str, Any], symbols: Sequence[str]) -> list[str]:
    test = run["test"]
    return [
        f"{run['split_seed']}, {run['seed']}",
        f"{run['best_epoch']} of {run['epochs']}",
        *(percent(test[key]) for key in ("accuracy", "majority_rate", "mean_patient_accuracy")),
        *(percent(test["sensitivity"][symbol]) for symbol in symbols),
    ]


def _spread(spread: dict[str, Any], what: str) -> str:
    return (
        f"Over {spread['runs']} {what}: mean {percent(spread['mean'])}, SD {percent(spread['sd'])}, "
        f"from {percent(spread['low'])} to {percent(spread['high'])}."
    )


def _calibration(card: Card) -> str:
    found = card.evaluation["calibration"]
    change = "better" if found["ece_after"] < found["ece_before"] else "worse"
    return (
        f"Calibration: temperature {found['temperature']:.2f}, fitted on the validation set. Expected calibration "
        f"error on the test set ({found['bins']} bins): {percent(found['ece_before'])} before, "
        f"{percent(found['ece_after'])} after, so {change} there."
    )
