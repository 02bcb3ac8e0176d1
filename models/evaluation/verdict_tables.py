"""The verdict's error rates in words and tables, and as they stand in a model's card."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np

from models.cards import Card
from models.evaluation import bootstrap
from models.evaluation.bootstrap import Estimate
from models.evaluation.checks.baselines import MASKS
from models.evaluation.report import percent
from models.evaluation.trust import CHANCE, GAIN, MADE, ROOM, RULE
from models.evaluation.verdicts import ELSE, FREE, OWN, Found, Rates
from models.training.publish import write_card
from models.zoo import contrast
from models.zoo.store import read_card

HOLDS = "holds up"


def share(rates: Rates, title: str, word: str = HOLDS) -> Estimate:
    """Share of beats on which a kind of map gets a verdict, with patients resampled."""
    return _mean(rates, [float(one.verdict == word) for one in rates.found[title]])


def gain(rates: Rates, title: str) -> Estimate:
    """Mean lead over the best shape that knows no model, of the beats that can be judged at all."""
    return _mean(rates, [one.lead for one in rates.found[title]])


def _mean(rates: Rates, values: Sequence[float]) -> Estimate:
    patient = rates.sample.patient
    group = np.zeros(len(patient), dtype=np.int64)
    return bootstrap.estimate(bootstrap.means(np.array(values), group, {0: bootstrap.resamples(patient)}))


def markdown(every: Sequence[Rates]) -> str:
    """What was done, and a table for each model."""
    return "\n\n".join([protocol(), *(part for rates in every for part in (paragraph(rates), table(rates)))]) + "\n"


def protocol() -> str:
    """How maps were judged."""
    return (
        "A map is judged for the class answered, by replacing its most important samples with those of "
        f"{contrast.FILLS} training beats of the next most probable class, the nearest to the beat (where a model "
        "keeps none, by 0). A map separates by the mean probability with the samples inserted less that with them "
        f"replaced. “Holds up”: of {MASKS} smooth random masks, half of them leaning towards R, at most {CHANCE:.0%} "
        f"separate as well; and it is {GAIN:g} of probability ahead of their mean and of |x|, smoothed energy and the "
        "triangle at R, except where the map is one of these. “Better than chance”: without these leads. “Cannot be "
        f"judged”: the class falls by less than {ROOM:g} in the beat replaced whole. Maps that know no model, or not "
        "this beat, are wrong to hold up. Intervals: 95 %, patients resampled, then their beats."
    )


def paragraph(rates: Rates) -> str:
    """Which model, how many beats, and the worst of the maps that cannot know."""
    worst = max(false_titles(rates), key=lambda title: share(rates, title).mean)
    room = np.mean([one.verdict == "cannot be judged" for one in rates.found[worst]])
    model, sample = rates.model, rates.sample
    return (
        f"**`{model.card.id}`** (weights {model.weights_sha256[:12]}), {len(sample)} beats of "
        f"{len(np.unique(sample.patient))} test patients, {room:.0%} of which cannot be judged. Of maps that cannot "
        f"know, {worst} holds up most often: {percent(share(rates, worst))}."
    )


def table(rates: Rates) -> str:
    """Shares of each verdict, and of “holds up” by the class answered."""
    symbols = [kind.symbol for kind in rates.model.card.classes]
    answered = [i for i in range(len(symbols)) if (rates.sample.labels == i).any()]
    lines = [
        f"| map | it | {' / '.join(MADE)}, % | holds up | lead over what knows no model "
        f"| {' | '.join(f'holds up, answered {symbols[i]}' for i in answered)} |",
        f"|---|---|---|---|---|{'---|' * len(answered)}",
    ]
    for kind in sorted(rates.kinds, key=lambda kind: kind.group != OWN):
        found = rates.found[kind.title]
        every = " / ".join(f"{np.mean([one.verdict == word for one in found]):.0%}".rstrip("%") for word in MADE)
        parts = " | ".join(_of_class(rates, found, label) for label in answered)
        lead = gain(rates, kind.title)
        lines.append(
            f"| {escaped(kind.title)} | {kind.group} | {every} | {percent(share(rates, kind.title))} "
            f"| {lead.mean:+.2f} [{lead.low:+.2f}, {lead.high:+.2f}] | {parts} |"
        )
    return "\n".join(lines)


def _of_class(rates: Rates, found: Sequence[Found], label: int) -> str:
    own = [one.verdict == HOLDS for one, answer in zip(found, rates.sample.labels, strict=True) if answer == label]
    return f"{sum(own)} of {len(own)}"


def escaped(title: str) -> str:
    """A title within a table."""
    return title.replace("|", "\\|")


def false_titles(rates: Rates) -> list[str]:
    """The kinds of map that cannot know the beat's answer."""
    return [kind.title for kind in rates.kinds if kind.group in (FREE, ELSE)]


def as_json(rates: Rates) -> dict[str, Any]:
    """What a card says of it."""
    found = {title: share(rates, title) for title in false_titles(rates)}
    return {
        "rule": RULE,
        "windows": len(rates.sample),
        "patients": len(np.unique(rates.sample.patient)),
        "false": {title: round(one.mean, 4) for title, one in found.items()},
        "worst_high": round(max(found.values()).high, 4),
        "methods": {kind.title: share(rates, kind.title)._asdict() for kind in rates.kinds if kind.group == OWN},
        "fills": "contrast" if contrast.FILE in rates.model.card.artefacts else "0",
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def keep(rates: Rates) -> Card:
    """Write the rates into the model's card."""
    folder = rates.model.folder
    assert folder is not None
    card = read_card(folder / "card.json")
    card = card.model_copy(update={"evaluation": card.evaluation | {"verdict": as_json(rates)}})
    write_card(folder, card)
    return card
