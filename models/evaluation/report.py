"""The judgement of the methods in words and tables; every sentence is made from the numbers."""

import numpy as np
from numpy.typing import NDArray

from models.evaluation.bootstrap import Estimate
from models.evaluation.curves import ALPHAS
from models.evaluation.findings import Findings
from models.evaluation.maps import BASELINES, METHODS, methods

MASK = "learned_mask"
RIVALS = ("|x|", "triangle at R", "random", "occlusion")  # the four baselines; occlusion is a method as well
SURVIVES = 0.5  # a mean rank correlation above it says: the map is mostly the data's


def markdown(found: Findings) -> str:
    """The part of the results page: method, honest paragraph, tables."""
    names = spelled(found)
    groups = [("All classes, counting alike", "all"), *((names[s], s) for s in found.symbols)]
    parts = [protocol(found), paragraph(found)]
    for heading, group in groups:
        parts.append(f"### {heading}\n\n{table(found, group)}")
    parts += [emptiness(found), sanity(found)]
    return "\n\n".join(parts) + "\n"


def protocol(found: Findings) -> str:
    """What was done, on how many beats of whom."""
    counts = [
        f"{name} {int((found.sample.labels == i).sum())} ({len(patients(found, i))} patient(s))"
        for i, name in enumerate(spelled(found).values())
    ]
    right = float((found.predicted == found.sample.labels).mean())
    return (
        f"Model {found.model.card.id} (weights {found.model.weights_sha256[:12]}), {len(found.sample)} beats of test "
        f"patients, drawn with a fixed seed, as evenly over recordings as they allow: {', '.join(counts)}; "
        f"{right:.0%} of them are named rightly. Each map explains the logit of the true class with the method's "
        "default settings, is scaled to 0 … 1 in its beat, and the samples above α are set to 0; the drop of the logit "
        "is multiplied by the share of samples left, for α = 0, 0.05 … 0.95 (paper 000, §4.2). Areas: mean drop on "
        "deleting, mean rise on inserting into an empty beat, the most salient 5 … 95 % of samples, as many for "
        "every map. In brackets 95 % intervals of 1000 resamples of patients, then of their beats, class by class. "
        "Larger is better in every column."
    )


def table(found: Findings, group: str) -> str:
    """One row for each map, the best first."""
    rows = [
        "| map | mean over α | highest (at α) | at α = 0.9 | deletion area | insertion area |",
        "|---|---|---|---|---|---|",
    ]
    for name in ranking(found, group):
        curve = found.rows(found.curves[name], group)[0]
        top = f"{round(float(curve.max()), 2) + 0.0:.2f} ({ALPHAS[curve.argmax()]:.2f})"
        cells = [
            shown(found.measure(name, m, group))
            for m in ("mean over α", "at α = 0.9", "deletion area", "insertion area")
        ]
        rows.append(f"| {title(name)} | {cells[0]} | {top} | {' | '.join(cells[1:])} |")
    return "\n".join(rows)


def paragraph(found: Findings) -> str:
    """The winning method, by how much, and where that is not certain."""
    order = ranking(found, "all")
    first, second = order[:2]
    parts = [
        f"**What comes out.** Over all classes {title(first)} is highest on average over α "
        f"({shown(found.measure(first, 'mean over α'))}), {by_how_much(found, first, second)}.",
        f"The learned mask is number {order.index(MASK) + 1} of {len(order)}.",
        against(found),
        sharpest(found),
        by_class(found),
        useless(found),
        caveats(found),
    ]
    return " ".join(part for part in parts if part)


def by_how_much(found: Findings, first: str, second: str) -> str:
    """The lead of the best over the next, and whether it is one."""
    lead = found.lead(first, second)
    sure = "" if lead.excludes_zero else ", an interval that includes zero"
    return f"{lead.mean:.2f} [{lead.low:.2f}, {lead.high:.2f}] above {title(second)}{sure}"


def against(found: Findings) -> str:
    """The learned mask against each of the four baselines."""
    words = []
    for rival in RIVALS:
        lead = found.lead(MASK, rival)
        verdict = ("better than" if lead.mean > 0 else "worse than") if lead.excludes_zero else "not told apart from"
        words.append(f"{verdict} {title(rival)} ({signed(lead)})")
    return f"Over all classes it is {', '.join(words)}."


def sharpest(found: Findings) -> str:
    """The ranking at α = 0.9, where the paper finds the mask far ahead."""
    at = "at α = 0.9"
    order = sorted(found.curves, key=lambda name: -found.measure(name, at).mean)
    return (
        f"At α = 0.9, where the paper's mask still cuts the score greatly, it is number {order.index(MASK) + 1} here "
        f"({shown(found.measure(MASK, at))}); {title(order[0])} is first ({shown(found.measure(order[0], at))})."
    )


def by_class(found: Findings) -> str:
    """The best map of each class, and whether the paper's claim for the mask holds there."""
    won, names = {s: ranking(found, s)[0] for s in found.symbols}, spelled(found)
    certain = [
        s for s, name in won.items() if name == MASK and found.lead(MASK, ranking(found, s)[1], group=s).excludes_zero
    ]
    winners = ", ".join(f"{names[s]}: {title(name)}" for s, name in won.items())
    ahead = [names[s] for s, name in won.items() if name == MASK]
    if len(certain) == len(won):
        claim = "so the paper's finding that the mask is clearly superior holds in every class"
    elif ahead:
        sure = f" (interval of its lead without zero: {', '.join(names[s] for s in certain) or 'none'})"
        claim = f"so the paper's finding that the mask is clearly superior holds only in {', '.join(ahead)}{sure}"
    else:
        claim = "so the paper's finding that the mask is clearly superior does not hold here in any class"
    return f"Highest by class: {winners} – {claim}."


def useless(found: Findings) -> str:
    """Methods that do no better than noise."""
    poor = [name for name in METHODS if not found.lead(name, "random").low > 0]
    if not poor:
        return "Every method is better than noise, by intervals that exclude zero."
    return f"Not told apart from noise, or worse: {', '.join(title(name) for name in poor)}."


def caveats(found: Findings) -> str:
    """What the intervals cannot say, and the maps that found nothing."""
    single = [name for i, name in enumerate(spelled(found).values()) if len(patients(found, i)) == 1]
    still = int(found.still.sum())
    parts = [f"{still} of {len(found.still)} masks moved less than 0.05; they are stretched to 0 … 1 as in the paper."]
    if single:
        parts.append(
            f"{', '.join(single)}: one patient's beats, so these intervals, and those over all classes, are too narrow."
        )
    return " ".join(parts)


def emptiness(found: Findings) -> str:
    """What the model makes of nothing."""
    names = spelled(found)
    chances = ", ".join(f"{names[symbol]} {p:.2f}" for symbol, p in found.empty.items())
    top = names[max(found.empty, key=lambda symbol: found.empty[symbol])]
    return (
        f"**Deleting is not neutral.** A beat with every sample at 0 gets {chances}: the model calls nothing {top}. "
        f"So deletion by itself pulls towards {top}, and the drops of that class come out smaller for it."
    )


def sanity(found: Findings) -> str:
    """The table of maps that survive shuffled weights."""
    rows = [
        "**Shuffled weights.** Mean rank correlation of each map with that of the same network with every weight "
        "tensor's entries shuffled; near 1, the map shows the data and not what was learnt.",
        "",
        "| method | ρ | beats | flat maps left out |",
        "|---|---|---|---|",
    ]
    chosen = []
    for name, values in found.correlation.items():
        mean = average(values)
        rows.append(
            f"| {title(name)} | {'–' if mean is None else f'{mean:.2f}'} | {len(values)} | {np.isnan(values).sum()} |"
        )
        if mean is not None and mean > SURVIVES:
            chosen.append(title(name))
    verdict = f"Above {SURVIVES}: {', '.join(chosen)}." if chosen else f"No method is above {SURVIVES}."
    return "\n".join([*rows, "", verdict])


def ranking(found: Findings, group: str) -> list[str]:
    """Maps by mean over α, the best first."""
    return sorted((*METHODS, *BASELINES), key=lambda name: -found.rows(found.values(name, "mean over α"), group)[0])


def patients(found: Findings, label: int) -> list[str]:
    """The patients whose beats stand for a class."""
    return [found.sample.patients[i] for i in np.unique(found.sample.patient[found.sample.labels == label])]


def spelled(found: Findings) -> dict[str, str]:
    """Symbol → name of each class, in order."""
    return {kind.symbol: kind.name for kind in found.model.card.classes}


def average(values: NDArray[np.float64]) -> float | None:
    """Mean without NaN; None where nothing is left."""
    chosen = values[~np.isnan(values)]
    return float(chosen.mean()) if len(chosen) else None


def title(name: str) -> str:
    """A map's name for the reader."""
    return methods()[name].title if name in METHODS else {"random": "noise", "|x|": "\\|x\\|"}.get(name, name)


def shown(value: Estimate) -> str:
    """2.41 [2.10, 2.77]."""
    mean, low, high = (round(number, 2) + 0.0 for number in value)  # + 0.0: no "-0.00"
    return f"{mean:.2f} [{low:.2f}, {high:.2f}]"


def percent(value: Estimate) -> str:
    """26 % [20, 33]."""
    mean, low, high = (100 * number + 0.0 for number in value)
    return f"{mean:.0f} % [{low:.0f}, {high:.0f}]"


def signed(value: Estimate) -> str:
    """+0.31 [-0.02, +0.60]."""
    return f"{value.mean:+.2f} [{value.low:+.2f}, {value.high:+.2f}]"
