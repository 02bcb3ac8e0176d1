"""How good the beat model is: every figure of its card, each beside what was not chosen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from models.cards import OutputSpec
from models.training.assessment import BINS, calibration, calibration_error, confusion, per_class
from models.training.beats.results import (
    Answers,
    Floats,
    Ints,
    abstention,
    answers,
    answers_of,
    joined,
    patient_intervals,
)
from models.training.datasets.mitdb import CLASSES, MarkedRecord
from models.training.datasets.mitdb_beats import Say

if TYPE_CHECKING:
    from models.training.beats.publishing import Fitted

ERROR = 0.01  # of the answers that are given: what abstaining aims at
SHIFTS = (1, 3)  # samples
EVERY = 5  # test beats, of which one is asked about with a lead missing or cut elsewhere
KINDS = ("test", "test_at_detections", "test_published_ds2")  # ways of counting


@dataclass(frozen=True)
class Tested:
    """What one network answers for the test recordings."""

    reference: Answers  # beats cut at the reference's R peaks
    detected: Answers  # at the detector's
    published: Answers  # the published test set: with the patient that is in training too

    def f1(self) -> dict[str, dict[str, Any]]:
        """F1 by class, for each way of counting."""
        found = {
            "test": _classes(self.reference),
            "test_at_detections": self.detected.with_misses()["per_class"],
            "test_published_ds2": _classes(self.published),
        }
        return {kind: {name: one[name]["f1"] for name in CLASSES} for kind, one in found.items()}


def evaluation(fitted: "Fitted", temperature: float, say: Say) -> dict[str, Any]:
    """Everything known about the shipped weights, and the spread over seeds."""
    say("Answering for the test recordings")
    tested = _tested(fitted)
    own = tested[fitted.recipe.seeds[0]]
    logits, labels, patient = own.reference.beats()
    runs = [_run(fitted, seed, one) for seed, one in tested.items()]
    say("Answering with a lead missing, and cut elsewhere")
    some = thinned(fitted.test)
    return {
        "confusion_rows": "true class",
        "confusion_columns": "model's class",
        "symbols": list(CLASSES),
        "test": own.reference.assessed(),
        "test_f1_intervals": patient_intervals(logits, labels, patient),
        "test_not_judged": int((~own.reference.whole).sum()),
        "test_at_detections": own.detected.with_misses(),
        "test_published_ds2": _classes(own.published),
        "test_one_lead": {
            lead: _classes(answers(fitted.network, some, fitted.recipe.window, lead=index))
            for index, lead in enumerate(("first", "second"))
        },
        "shift": _shifts(fitted, some),
        "one_beat_in": EVERY,  # of test_one_lead and shift
        "validation": fitted.held.assessed(),
        "calibration": _calibrated(fitted.held, own.reference, temperature),
        "abstention": _abstaining(fitted.held, own.reference, temperature),
        "runs": runs,
        "spread": {"seeds": spread(runs, "accuracy"), "splits": spread(runs[:1], "accuracy")},
        "spread_f1": {kind: {name: spread(runs, "f1", name, kind) for name in CLASSES} for kind in KINDS},
    }


def _tested(fitted: "Fitted") -> dict[int, Tested]:
    """By seed."""
    networks, window = list(fitted.networks.values()), fitted.recipe.window
    reference = answers_of(networks, fitted.test, window)
    detected = answers_of(networks, fitted.test, window, "detected")
    known = answers_of(networks, fitted.known, window) if fitted.known else [None] * len(networks)
    found = zip(fitted.networks, reference, detected, known, strict=True)
    return {seed: Tested(one, at, joined([one, more]) if more else one) for seed, one, at, more in found}


def _run(fitted: "Fitted", seed: int, tested: Tested) -> dict[str, Any]:
    """One seed's figures on the test recordings."""
    found = tested.reference.assessed()
    kept = {key: found[key] for key in ("accuracy", "majority_rate", "mean_patient_accuracy", "patients")}
    by = {key: {s: one[key] for s, one in found["per_class"].items()} for key in ("sensitivity", "ppv", "f1")}
    steps = fitted.recipe.steps  # all of them: no epoch was chosen
    run = {"split_seed": 0, "seed": seed, "epochs": steps, "best_epoch": steps}
    return run | {kind: {"f1": f1} for kind, f1 in tested.f1().items()} | {"test": kept | by}


def spread(runs: list[dict[str, Any]], key: str, name: str | None = None, kind: str = "test") -> dict[str, Any]:
    """Mean, SD (n − 1) and range over the runs of one figure, of class `name` where given; None where it has none."""
    found = [run[kind][key] if name is None else run[kind][key][name] for run in runs]
    values = np.array([value for value in found if value is not None], dtype=np.float64)
    if not len(values):
        return {"runs": 0, "mean": None, "sd": None, "low": None, "high": None}
    sd = float(values.std(ddof=1)) if len(values) > 1 else None
    return {"runs": len(values), "mean": float(values.mean()), "sd": sd,
            "low": float(values.min()), "high": float(values.max())}  # fmt: skip


def _classes(found: Answers) -> dict[str, Any]:
    logits, labels, _ = found.beats()
    return per_class(confusion(labels, logits.argmax(axis=1), len(CLASSES)), CLASSES)


def thinned(records: Sequence[MarkedRecord]) -> list[MarkedRecord]:
    """One beat in `EVERY`: what a further answer for every beat would cost is minutes."""
    part = slice(None, None, EVERY)
    return [replace(r, beats=r.beats[part], labels=r.labels[part], found=r.found[part]) for r in records]


def _shifts(fitted: "Fitted", records: Sequence[MarkedRecord]) -> dict[str, float]:
    """Share of the beats of `records` that are called otherwise when cut so many samples late."""
    tested, result = answers(fitted.network, records, fitted.recipe.window), {}
    for shift in SHIFTS:
        moved = answers(fitted.network, records, fitted.recipe.window, shift=shift)
        both = tested.judged & moved.judged
        result[str(shift)] = float((tested.logits[both].argmax(axis=1) != moved.logits[both].argmax(axis=1)).mean())
    return result


def _calibrated(held: Answers, tested: Answers, temperature: float) -> dict[str, Any]:
    """On whom the temperature was fitted, whether it helped in test, and how far off single patients are."""
    chances = OutputSpec(temperature=temperature).chances
    logits, labels, patient = tested.beats()
    found = calibration(logits, labels, temperature)
    names = {tested.patients[p]: patient == p for p in np.unique(patient)}
    return {
        "temperature": temperature,
        "fitted_on": "training patients held out in turn",
        "fitted_on_patients": len(held.patients),
        "bins": BINS,
        **found,
        "improves": found["ece_after"] < found["ece_before"],
        "reference": found,  # the test is on reference beats, which are those shown
        "ece_per_patient": {n: calibration_error(chances(logits[own]), labels[own]) for n, own in names.items()},
    }


def _abstaining(held: Answers, tested: Answers, temperature: float) -> dict[str, Any]:
    """The confidence below which the model had better say nothing, and what that gives."""
    chances = OutputSpec(temperature=temperature).chances
    logits, labels, _ = held.beats()
    threshold = abstention(chances(logits), labels, ERROR)
    parts = {"validation": held.beats(), "test": tested.beats()}
    return {"aim": ERROR, "threshold": threshold} | {
        name: _answered(chances(logits), labels, threshold) for name, (logits, labels, _) in parts.items()
    }


def _answered(probabilities: Floats, labels: Ints, threshold: float) -> dict[str, Any]:
    """Share answered, share of the answers that is wrong, and by class what the answers are worth."""
    given = probabilities.max(axis=1) >= threshold
    said, true = probabilities.argmax(axis=1)[given], labels[given]
    wrong = float((said != true).mean()) if given.any() else None
    shares = {s: float(given[labels == i].mean()) for i, s in enumerate(CLASSES) if (labels == i).any()}
    by_class = per_class(confusion(true, said, len(CLASSES)), CLASSES)
    return {"answered": float(given.mean()), "wrong": wrong, "answered_per_class": shares, "per_class": by_class}
