"""What a reader must know before believing a model: plain sentences, their numbers taken from its card."""

from models.cards import Card
from models.training.recipes import Recipe

UNSTABLE = 0.4  # range of a class's sensitivity over seeds that is worth a warning


def sentences(recipe: Recipe, card: Card) -> tuple[str, ...]:
    """The recipe's own sentences, and those that the data and the runs call for."""
    return (*recipe.limits, *measured(card))


def measured(card: Card) -> tuple[str, ...]:
    """The sentences that the data and the runs call for."""
    scarce = _scarce(card) if not card.leaks_patients else ()
    return (*_classes(card), *scarce, *_reference(card), *_spread(card), *_calibration(card))


def _reference(card: Card) -> tuple[str, ...]:
    """Accuracy on the beats that are shown, and what the detector's beats leave out."""
    found = card.evaluation.get("reference")
    if not found:
        return ()
    lost = {kind.symbol: (kind.name, found["left_out"][kind.symbol]) for kind in card.classes}
    symbol = max(lost, key=lambda s: lost[s][1]["missed"] / max(1, lost[s][1]["of"]))
    name, counts = lost[symbol]
    own, tested = (card.evaluation[key]["per_class"][symbol]["sensitivity"] for key in ("reference", "test"))
    first = (
        f"Right on {found['accuracy']:.1%} of {found['beats']} reference beats, which are those shown; always saying "
        f"the most frequent class would be right on {found['majority_rate']:.1%}. Figures in test are of the beats "
        "alone that the paper's detector finds."
    )
    return (
        first,
        f"{name}: finds {own:.1%} of the reference beats; the {tested:.1%} in test leave out {counts['missed']:,} of "
        f"{counts['of']:,}, which the detector missed.",
    )


def _calibration(card: Card) -> tuple[str, ...]:
    """The sentence that probabilities are not calibrated, where they are not."""
    found = card.evaluation.get("calibration", {})
    if found.get("improves", True):
        return ()
    return (
        f"Its probabilities are not calibrated: the temperature, from {found['fitted_on_patients']} patients, took "
        f"their error in test from {found['ece_before']:.1%} to {found['ece_after']:.1%}.",
    )


def _classes(card: Card) -> tuple[str, ...]:
    named = ", ".join(kind.name.lower() for kind in card.classes)
    return (f"Knows only {named}: any other beat is given one of these names.",)


def _scarce(card: Card) -> tuple[str, ...]:
    """Classes that nearly all come from one test patient."""
    per_patient = card.evaluation["test"]["per_patient"]
    found = []
    for index, kind in enumerate(card.classes):
        beats = {patient: sum(one["confusion"][index]) for patient, one in per_patient.items()}
        patient = max(beats, key=lambda name: beats[name])
        share = beats[patient] / max(1, sum(beats.values()))
        if share >= 0.5:
            most = "all" if share == 1 else f"{share:.0%}"
            found.append(
                f"{kind.name}: {most} of the test beats are one patient's ({patient}), so its figures describe that "
                "patient more than the class."
            )
    return tuple(found)


def _spread(card: Card) -> tuple[str, ...]:
    test, spread = card.evaluation["test"], card.evaluation["spread"]["seeds"]
    patients = card.evaluation["test"]["patients"]
    first = (
        f"Right on {test['accuracy']:.1%} of {test['beats']} beats in test ({patients} patients); always saying the "
        f"most frequent class would be right on {test['majority_rate']:.1%}."
    )
    if spread["sd"] is None:
        return (first, "Trained once: how much another seed would change is not known.")
    return (
        first,
        *_unstable(card),
        f"Over {spread['runs']} seeds the test accuracy ran from {spread['low']:.1%} to {spread['high']:.1%}; "
        "these weights are those of the first seed, not of the best.",
    )


def _unstable(card: Card) -> tuple[str, ...]:
    """Classes that another seed would have found, or lost."""
    seeds = [run for run in card.evaluation["runs"] if run["split_seed"] == card.training["protocol"]["split_seed"]]
    found = []
    for kind in card.classes:
        first, *others = [run["test"]["sensitivity"][kind.symbol] or 0.0 for run in seeds]
        if max(first, *others) - min(first, *others) >= UNSTABLE:
            found.append(
                f"{kind.name}: finds {first:.1%} in test, but trained the same way from {len(others)} other seeds "
                f"{min(others):.1%} to {max(others):.1%}: do not rely on it."
            )
    return tuple(found)
