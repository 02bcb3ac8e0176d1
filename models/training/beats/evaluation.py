"""How good the beat model is: every figure of its card, each beside what was not chosen."""

from typing import TYPE_CHECKING, Any

import numpy as np

from models.cards import OutputSpec
from models.networks.beat_context import BeatContext
from models.training.assessment import BINS, calibration, confusion, per_class
from models.training.beats.results import Answers, Floats, Ints, abstention, answers, patient_intervals
from models.training.datasets.mitdb import CLASSES
from models.training.datasets.mitdb_beats import Say

if TYPE_CHECKING:
    from models.training.beats.publishing import Fitted

ERROR = 0.01  # of the answers that are given: what abstaining aims at
SHIFTS = (-3, -1, 1, 3)  # samples


def evaluation(fitted: "Fitted", warmth: float, say: Say) -> dict[str, Any]:
    """Everything known about the shipped weights, and the spread over seeds."""
    window, network = fitted.recipe.window, fitted.network
    say("Answering for the test recordings")
    tested = answers(network, fitted.test, window)
    detected = answers(network, fitted.test, window, "detected")
    logits, labels, patient = tested.beats()
    runs = [_run(fitted, seed, one, say) for seed, one in fitted.networks.items()]
    published = answers(network, (*fitted.test, *fitted.known), window)
    return {
        "confusion_rows": "true class",
        "confusion_columns": "model's class",
        "symbols": list(CLASSES),
        "test": tested.assessed(),
        "test_f1_intervals": patient_intervals(logits, labels, patient),
        "test_not_judged": int((~tested.whole).sum()),
        "test_at_detections": detected.with_misses(),
        "test_published_ds2": _classes(published),
        "test_one_lead": {
            lead: _classes(answers(network, fitted.test, window, lead=index))
            for index, lead in enumerate(("first", "second"))
        },
        "shift": _shifts(fitted, network, tested),
        "validation": fitted.held.assessed(),
        "calibration": {"temperature": warmth, "fitted_on": "training patients held out in turn", "bins": BINS}
        | calibration(logits, labels, warmth),
        "abstention": _abstaining(fitted.held, tested, warmth),
        "runs": runs,
        "spread": {"seeds": spread(runs, "accuracy"), "splits": spread(runs[:1], "accuracy")},
        "spread_f1": {
            kind: {name: spread(runs, "f1", name, kind) for name in CLASSES}
            for kind in ("test", "test_at_detections", "test_published_ds2")
        },
    }


def _run(fitted: "Fitted", seed: int, network: BeatContext, say: Say) -> dict[str, Any]:
    """One seed's figures on the test recordings."""
    say(f"Answering for the test recordings, seed {seed}")
    window = fitted.recipe.window
    tested = answers(network, fitted.test, window).assessed()
    kept = {key: tested[key] for key in ("accuracy", "majority_rate", "mean_patient_accuracy", "patients")}
    by = {key: {s: one[key] for s, one in tested["per_class"].items()} for key in ("sensitivity", "ppv", "f1")}
    detected = answers(network, fitted.test, window, "detected").with_misses()["per_class"]
    published = _classes(answers(network, (*fitted.test, *fitted.known), window))
    return {
        "split_seed": 0,
        "seed": seed,
        "epochs": fitted.recipe.steps,
        "best_epoch": fitted.recipe.steps,
        "test": kept | by,
        "test_at_detections": {"f1": {name: detected[name]["f1"] for name in CLASSES}},
        "test_published_ds2": {"f1": {name: published[name]["f1"] for name in CLASSES}},
    }


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


def _shifts(fitted: "Fitted", network: BeatContext, tested: Answers) -> dict[str, float]:
    """Share of test beats that are called otherwise when cut so many samples late."""
    result = {}
    for shift in SHIFTS:
        moved = answers(network, fitted.test, fitted.recipe.window, shift=shift)
        both = tested.judged & moved.judged
        result[str(shift)] = float((tested.logits[both].argmax(axis=1) != moved.logits[both].argmax(axis=1)).mean())
    return result


def _abstaining(held: Answers, tested: Answers, warmth: float) -> dict[str, Any]:
    """The confidence below which the model had better say nothing, and what that gives."""
    chances = OutputSpec(temperature=warmth).chances
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
