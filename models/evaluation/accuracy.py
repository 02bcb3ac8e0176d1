"""How often the zoo's models are right, as Markdown written from their cards alone."""

from collections.abc import Iterable, Sequence
from typing import Any

from models.cards import Card

PROTOCOLS = {  # key of the card's evaluation → what is judged
    "reference": "On the beats that are shown: every reference beat that was not trained on, at its R peak",
    "test": "On the paper's beats: those reference beats that Hamilton's detector finds, where it puts them",
}


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
    parts = [f"### {card.title} (`{card.id}`)", _lead(card)]
    for protocol, words in PROTOCOLS.items():
        if protocol not in card.evaluation:
            continue
        parts += [f"**{words}**", _rates(card, protocol), _classes(card, protocol), _confusion(card, protocol)]
        if not card.leaks_patients:  # by patient says little where each patient was trained on
            parts.append(_patients(card, protocol))
    return [*parts, *_runs(card), _calibration(card)]


def _lead(card: Card) -> str:
    beats = card.training["data"]["beats"]
    leak = (
        " **Beats of the same patients are in training and test, so this says nothing about new patients.**"
        if card.leaks_patients
        else " No patient of the test set was trained on."
    )
    return (
        f"Protocol of {card.training['source']}. {beats['all']} beats of {card.training['data']['patients']} patients: "
        f"{beats['train']} train, {beats['validation']} validation, {beats['test']} test.{leak}"
    )


def _rates(card: Card, protocol: str) -> str:
    test = card.evaluation[protocol]
    mean = "" if card.leaks_patients else (
        f" Mean over the {test['patients']} test patients: {percent(test['mean_patient_accuracy'])}."
    )  # fmt: skip
    return (
        f"The shipped weights are right on **{percent(test['accuracy'])}** of {test['beats']:,} beats; always saying "
        f"the most frequent class would be right on **{percent(test['majority_rate'])}**.{mean}"
    )


def _classes(card: Card, protocol: str) -> str:
    found = card.evaluation[protocol]["per_class"]
    left_out = card.evaluation.get("reference", {}).get("left_out", {}) if protocol == "test" else {}
    rows = [
        [f"{kind.name} ({kind.symbol})", str(one["beats"]), *(percent(one[k]) for k in ("sensitivity", "ppv", "f1"))]
        + ([f"{lost['missed']:,} of {lost['of']:,}"] if (lost := left_out.get(kind.symbol)) else [])
        for kind in card.classes
        for one in [found[kind.symbol]]
    ]
    head = ["Class", "Beats", "Sensitivity", "PPV", "F1"]
    return table([*head, "Left out: not found by the detector"] if left_out else head, rows)


def _confusion(card: Card, protocol: str) -> str:
    symbols = [kind.symbol for kind in card.classes]
    rows = [[name, *map(str, row)] for name, row in zip(symbols, card.evaluation[protocol]["confusion"], strict=True)]
    return table(["True \\ model's", *symbols], rows)


def _patients(card: Card, protocol: str) -> str:
    rows = [
        [
            patient,
            *(str(sum(row)) for row in one["confusion"]),
            percent(one["accuracy"]),
            percent(one["majority_rate"]),
        ]
        for patient, one in card.evaluation[protocol]["per_patient"].items()
    ]
    symbols = [f"{kind.symbol} beats" for kind in card.classes]
    return table(["Test patient", *symbols, "Accuracy", "Majority rate"], rows)


def _runs(card: Card) -> list[str]:
    runs, spread = card.evaluation["runs"], card.evaluation["spread"]
    if len(runs) < 2:
        return ["Trained once: the spread over seeds is not known."]
    symbols = [kind.symbol for kind in card.classes]
    sentences = ["Runs are judged on the paper's beats.", _spread(spread["seeds"], "seeds on the shipped split")]
    if spread["splits"]["runs"] > 1:
        sentences.append(_spread(spread["splits"], "of the accepted splits by patient, one seed each"))
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
    """On whom the temperature was fitted, whether it helped, and how far off it leaves single patients."""
    found = card.evaluation["calibration"]
    change = "better" if found["ece_after"] < found["ece_before"] else "worse"
    text = (
        f"Calibration: temperature {found['temperature']:.2f}, fitted on the validation set. Expected calibration "
        f"error on the test set ({found['bins']} bins): {percent(found['ece_before'])} before, "
        f"{percent(found['ece_after'])} after, so {change} there"
    )
    if shown := found.get("reference"):
        text += (
            f"; on the beats that are shown {percent(shown['ece_before'])} before, {percent(shown['ece_after'])} after"
        )
    if not card.leaks_patients and (by_patient := found.get("ece_per_patient")):
        least, most = (choose(by_patient, key=by_patient.__getitem__) for choose in (min, max))
        text += f", from {percent(by_patient[least])} ({least}) to {percent(by_patient[most])} ({most})"
    return f"{text}."
