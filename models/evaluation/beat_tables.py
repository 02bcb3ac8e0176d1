"""What the beat model's card says, as Markdown: by class over seeds and patients, by patient, and where it breaks."""

from typing import Any

import numpy as np

from models.cards import Card
from models.evaluation.accuracy import percent, table
from models.training.assessment import per_class

ROWS = (
    ("test", "at reference beats"),
    ("test_at_detections", "at detections, misses and false beats counted"),
    ("test_published_ds2", "DS2 as published, with 202 whose patient is in training"),
)


def beat_tables(card: Card) -> str:
    """Every table of docs/reference/beat-model.md."""
    parts = [_seeds(card), _shipped(card), _patients(card), _leads(card), _position(card), _sure(card)]
    return "\n\n".join(parts) + "\n"


def _seeds(card: Card) -> str:
    """F1 by class: mean and range over the seeds, one row for each way of counting."""
    found = card.evaluation["spread_f1"]
    rows = [[words, *(_range(found[name][symbol]) for symbol in card.symbols)] for name, words in ROWS]
    runs = found["test"][card.symbols[0]]["runs"]
    return f"**F1 on DS2, mean (range) over {runs} seeds**\n\n" + table(["Beats cut", *card.symbols], rows)


def _range(spread: dict[str, Any]) -> str:
    if spread["mean"] is None:
        return "–"
    return f"{spread['mean']:.3f} ({spread['low']:.3f}–{spread['high']:.3f})"


def _shipped(card: Card) -> str:
    """The shipped weights by class, with the interval over patients, and their confusion matrix."""
    test, held = card.evaluation["test"], card.evaluation["validation"]["per_class"]
    intervals = card.evaluation["test_f1_intervals"]
    rows = [
        [
            symbol,
            str(one["beats"]),
            *(percent(one[key]) for key in ("sensitivity", "ppv")),
            _f1(one["f1"]),
            "–".join(f"{end:.3f}" for end in intervals.get(symbol, ())),
            _f1(held[symbol]["f1"]),
        ]
        for symbol in card.symbols
        for one in [test["per_class"][symbol]]
    ]
    head = ["Class", "Test beats", "Sensitivity", "PPV", "F1", "95 % over patients", "F1 held out in DS1"]
    matrix = [[name, *map(str, row)] for name, row in zip(card.symbols, test["confusion"], strict=True)]
    return (
        f"**Shipped weights, {test['beats']} beats of {test['patients']} patients; right on "
        f"{percent(test['accuracy'])}, always N would be on {percent(test['majority_rate'])}; "
        f"{card.evaluation['test_not_judged']} beats at the ends of recordings have no window**\n\n"
        + table(head, rows)
        + "\n\n"
        + table(["True \\ model's", *card.symbols], matrix)
    )


def _patients(card: Card) -> str:
    """By patient: beats of each class, accuracy, and F1 of S and V where the patient has at least ten."""
    rows = []
    for patient, one in card.evaluation["test"]["per_patient"].items():
        matrix = np.array(one["confusion"], dtype=np.int64)
        found = per_class(matrix, card.symbols)
        scores = [_f1(found[s]["f1"]) if int(found[s]["beats"] or 0) >= 10 else "–" for s in ("S", "V")]
        rows.append([patient, *map(str, matrix.sum(axis=1)), percent(one["accuracy"]), *scores])
    return table(["Test patient", *(f"{s} beats" for s in card.symbols), "Accuracy", "F1 of S", "F1 of V"], rows)


def _leads(card: Card) -> str:
    found = {"both leads": card.evaluation["test"]["per_class"]}
    found |= {f"the {name} alone": one for name, one in card.evaluation["test_one_lead"].items()}
    rows = [[name, *(_f1(one[symbol]["f1"]) for symbol in card.symbols)] for name, one in found.items()]
    return f"**F1 with a lead missing (zero){_some(card)}**\n\n" + table(["Read", *card.symbols], rows)


def _position(card: Card) -> str:
    fs = card.input.fs
    moved = card.evaluation["shift"].items()
    rows = [[f"{int(shift) * 1000 / fs:+.0f} ms", percent(share)] for shift, share in moved]
    return f"**Beats called otherwise when cut elsewhere{_some(card)}**\n\n" + table(["Cut late by", "Beats"], rows)


def _some(card: Card) -> str:
    """Which of the beats were asked about, where not all were."""
    every = card.evaluation.get("one_beat_in", 1)
    return "" if every == 1 else f", one beat in {every}"


def _sure(card: Card) -> str:
    """Calibration and abstention, on held-out training patients and on test patients."""
    fitted, quiet = card.evaluation["calibration"], card.evaluation["abstention"]
    change = "better" if fitted["ece_after"] < fitted["ece_before"] else "worse"
    rows = [
        [
            words,
            percent(quiet[name]["answered"]),
            percent(quiet[name]["wrong"]),
            *(percent(quiet[name]["answered_per_class"].get(symbol)) for symbol in card.symbols),
        ]
        for name, words in (("validation", "held-out patients of DS1"), ("test", "DS2"))
    ]
    head = ["Patients", "Answered", "Wrong of these", *(f"Answered of {symbol}" for symbol in card.symbols)]
    return (
        f"**Calibration**: temperature {fitted['temperature']:.2f}, fitted on {fitted['fitted_on']}. Expected "
        f"calibration error on DS2 {percent(fitted['ece_before'])} before and {percent(fitted['ece_after'])} after: "
        f"{change} there.\n\n"
        f"**Abstention**: no answer below a probability of {quiet['threshold']:.3f}, so chosen that {quiet['aim']:.0%} "
        "of the answers for held-out patients are wrong.\n\n" + table(head, rows)
    )


def _f1(value: float | int | None) -> str:
    return "–" if value is None else f"{value:.3f}"
