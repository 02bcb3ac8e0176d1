"""Models of stays beside logistic regression and published figures, as tables."""

from collections.abc import Iterable
from typing import Any

from models.cards import Card
from models.evaluation.accuracy import table

HEAD = ["Of whom", "By", "AUROC", "AUPRC", "Score 1", "Calibration error"]
MEASURES = ("auroc", "auprc", "score_1", "calibration_error")


def stay_tables(cards: Iterable[Card]) -> str:
    """What each card reports of stays that its model has not seen."""
    found = [card for card in cards if card.modality == "icu" and "logistic" in card.evaluation]
    return "\n\n".join(map(_model, found)) + "\n" if found else "No model of stays has been trained yet."


def _model(card: Card) -> str:
    """Protocol, figures, by hour, calibration, what others print."""
    parts = [
        f"### {card.title} (`{card.id}`)",
        protocol(card),
        table(HEAD, rows(card)),
        ahead(card),
        beyond(card),
        by_hour(card),
    ]
    printed = [[name, value] for name, value in card.training["published"].items()]
    return "\n\n".join([*parts, tenths(card), table(["Published", "as printed"], printed)])


def protocol(card: Card) -> str:
    """On whom it was trained, chosen and judged, and what was left out."""
    data, found = card.training["data"], card.evaluation
    trained, held, tested = (f"{data['stays'][name]:,} stays ({data['died'][name]} died)" for name in "abc")
    runs = len(card.training["curves"])
    return (
        f"Trained on set a, {trained}; epoch, temperature and threshold chosen on set b, {held}; judged on set c, "
        f"{tested}. {runs} seed{'s' if runs > 1 else ''}. Score 1: the lesser of sensitivity and positive "
        "predictivity, at a threshold from set b. In brackets 95 % intervals of 1,000 resamples of stays (MIMIC: of "
        f"patients). {sum(found['left_out'].values()):,} values that cannot be were left out."
    )


def rows(card: Card) -> list[list[str]]:
    """Set c, and the external check where there is one."""
    found = card.evaluation
    judged = [("set c", "network", found["test"]), ("set c", "logistic regression", found["logistic"])]
    if other := found.get("mimic"):
        whom = f"MIMIC-III demo, {other['network']['stays']} episodes, {other['network']['died']} died"
        judged += [(whom, "network", other["network"]), (whom, "logistic regression", other["logistic"])]
    return [[whom, by, *(_cell(one[name]) for name in MEASURES)] for whom, by, one in judged]


def ahead(card: Card) -> str:
    """Whether the network is better than its yardstick, over seeds, and what became of its threshold."""
    found = card.evaluation
    words = []
    for key, name in (("auroc", "AUROC"), ("auprc", "AUPRC")):
        one = found["difference"][key]
        verdict = "not told apart" if one["low"] <= 0 <= one["high"] else "ahead" if one["low"] > 0 else "behind"
        words.append(f"{name} {one['value']:+.3f} ({one['low']:+.3f} to {one['high']:+.3f}), {verdict}")
    seeds = ", ".join(f"{one['auroc']:.3f}" for one in found["seeds"])
    return (
        f"Network less logistic regression, on the same resamples of set c: {'; '.join(words)}. AUROC by seed: "
        f"{seeds}; the first one's weights are shipped. Score 1 at the threshold is "
        f"{found['validation']['score_1']['value']:.3f} on set b, which chose it, and "
        f"{found['test']['score_1']['value']:.3f} on set c."
    )


def _cell(one: dict[str, float]) -> str:
    return f"{one['value']:.3f} ({one['low']:.3f}–{one['high']:.3f})"


def beyond(card: Card) -> str:
    """What the small external check allows to say."""
    other = card.evaluation.get("mimic")
    if not other:
        return "It was not judged on another set."
    area, missing = other["network"]["auroc"], len(card.input.channels) // 2 - len(other["variables"])
    wide = area["high"] - area["low"]
    shows = (
        "It shows that the network is not blind there, and no more"
        if area["low"] > 0.5
        else "The interval includes 0.5: it does not even show that the network tells them apart there"
    )
    return (
        f"The external check is small: {other['network']['stays']} episodes of {other['patients']} patients, an "
        f"interval {wide:.2f} wide. The benchmark's layout holds {len(other['variables'])} of the network's "
        f"variables; {missing}, most of the laboratory, were never measured for it. {shows}. MIMIC-III and the "
        "challenge are of one hospital: patients may be in both."
    )


def by_hour(card: Card) -> str:
    """How early it tells them apart."""
    found = card.evaluation["by_hour"]
    head = ["Set c, from what was known by hour", *found]
    return table(head, [[name, *(f"{one[key]:.3f}" for one in found.values())] for name, key in _areas()])


def _areas() -> tuple[tuple[str, str], ...]:
    return ("AUROC", "auroc"), ("AUPRC", "auprc")


def tenths(card: Card) -> str:
    """Calibration: what was said and what happened, in tenths of set c."""
    found: list[dict[str, Any]] = card.evaluation["test"]["bins"]
    calibration = card.evaluation["calibration"]
    drawn = table(
        ["Tenth of set c", *map(str, range(1, len(found) + 1))],
        [[name, *(f"{one[key]:.3f}" for one in found)] for name, key in (("said", "said"), ("died", "happened"))],
    )
    return (
        f"{drawn}\n\nCalibration error {calibration['ece_before']:.3f} without and {calibration['ece_after']:.3f} with "
        f"the temperature {calibration['temperature']:.2f}, fitted on set b."
    )
