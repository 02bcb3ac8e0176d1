"""The known-truth benchmark in words and tables; every sentence is made from the numbers."""

from collections.abc import Sequence

import numpy as np

from models.evaluation.known_truth.judging import FILLS, FREE, OTHER, TRUTH, TWIN, Judgement
from models.evaluation.known_truth.planted import SEEN
from models.evaluation.known_truth.rows import MEASURES, Rows, collected
from models.evaluation.report import percent, shown
from models.evaluation.trust import MADE

NETWORKS = {"lstm": "LSTM, 32 units, averaged over time", "convolutional": "3 convolutions, global maximum"}


def markdown(judgements: Sequence[Judgement], pictures: dict[str, str]) -> str:
    """The part of the results page; `pictures` has the address of each kind of network's picture."""
    kinds = list(dict.fromkeys(one.taught.kind for one in judgements))
    every = {kind: collected([one for one in judgements if one.taught.kind == kind]) for kind in kinds}
    both = collected(judgements)
    parts = [protocol(judgements), "### The planted networks", taught(judgements), "### What comes out"]
    parts += [paragraph(kind, rows) for kind, rows in every.items()] + [of_verdicts(both)]
    for kind, rows in every.items():
        parts += [f"### Maps: {NETWORKS[kind]}", scored(rows), by_feature(rows)]
        parts += [f"![One beat of each feature with its maps]({pictures[kind]})"] if kind in pictures else []
    return "\n\n".join([*parts, "### What the trust panel would say", judged(both)]) + "\n"


def protocol(judgements: Sequence[Judgement]) -> str:
    """What was done."""
    first, seeds = judgements[0], {one.taught.seed for one in judgements}
    return (
        f"Synthetic beats of {first.beats.inputs.shape[2]} samples whose class hangs on one planted feature; nothing "
        "else in them depends on it. "
        f"{len(seeds)} network(s) of each kind are taught each feature, and judged on {len(first.beats)} other beats "
        "each, half of them with the feature. The truth of a beat are the samples in which it differs from its twin of "
        f"the other class by more than {SEEN:g} mV, twice the noise. A network may look at fewer, one flank of a wide "
        "QRS or one place of the beat before, so that a right map need not reach 1. Each map explains the logit of the "
        "beat's own class, by default settings (deleted samples become 0); what raises the score counts, as a share of "
        "the beat's largest value. AUP and AUR: areas under precision and recall over every threshold from 0 to 1 "
        "(Crabbé & van der Schaar 2021); IoU: of the truth with as many samples, those with the largest relevance. A "
        "map that is the truth has 1 in all; larger is better. A map that spreads widely has a high AUR at a low AUP. "
        "In brackets 95 % intervals of 1000 resamples of networks, then of their beats, feature by feature; few "
        "networks make them narrow."
    )


def taught(judgements: Sequence[Judgement]) -> str:
    """How well the networks learnt it, and that they hang on nothing else: the least of the seeds."""
    lines = [
        "Follows: share of beats whose answer changes as the planted samples alone become another beat's, of the other "
        "class; strays: as all the others do. The worst seed of each.",
        "",
        "| network | feature | classes | true samples | epochs | right | follows | strays |",
        "|---|---|---|---:|---:|---:|---:|---:|",
    ]
    for kind, name in dict.fromkeys((one.taught.kind, one.taught.feature.name) for one in judgements):
        own = [one for one in judgements if (one.taught.kind, one.taught.feature.name) == (kind, name)]
        networks = [one.taught for one in own]
        samples = np.mean([one.beats.truth.sum(axis=(1, 2)).mean() for one in own])
        lines.append(
            f"| {NETWORKS[kind]} | {name} | {' / '.join(networks[0].feature.classes)} | {samples:.0f} "
            f"| {max(one.epochs for one in networks)} | {min(one.accuracy for one in networks):.1%} "
            f"| {min(one.follows for one in networks):.0%} | {max(one.strays for one in networks):.0%} |"
        )
    return "\n".join(lines)


def paragraph(kind: str, rows: Sequence[Rows]) -> str:
    """Which maps name the truth, and which do so better than all that know no model."""
    methods = [one for one in rows if one.group not in (FREE, "truth")]
    free = [one for one in rows if one.group == FREE]
    best, plain = methods[0], free[0]
    ahead = [one.title for one in methods if all(one.lead("IoU", other).low > 0 for other in free)]
    there, missing = ([one.mean("IoU", label).mean for one in methods] for label in (1, 0))
    return (
        f"**{NETWORKS[kind]}.** {best.title} has the highest IoU, {shown(best.mean('IoU'))}; of what knows no model "
        f"{plain.title} has {shown(plain.mean('IoU'))}. Above every map that knows no model, interval of the lead "
        f"without zero: {', '.join(ahead) or 'none'} ({len(ahead)} of {len(methods)}). Where the feature is there, "
        f"methods have {min(there):.2f} to {max(there):.2f} (median {np.median(there):.2f}); where it is missing, "
        f"{min(missing):.2f} to {max(missing):.2f} (median {np.median(missing):.2f})."
    )


def of_verdicts(rows: Sequence[Rows]) -> str:
    """How often the verdict is right about the truth, and about what knows no model."""
    right = {one.title: one for one in rows if one.title in (TRUTH, TWIN, OTHER)}
    words = []
    for fill in FILLS:
        free = {one.title: one for one in rows if one.group == FREE}
        worst = max(free, key=lambda title: free[title].holds(fill).mean)
        found = ", ".join(f"{uncapital(title)} in {percent(one.holds(fill))}" for title, one in right.items())
        told = ", ".join(percent(one.told(fill)) for one in right.values())
        words.append(
            f"Replaced by {fill}, these hold up: {found}; told from chance they are in {told}. Of what knows no model "
            f"{worst} holds up most often, in {percent(free[worst].holds(fill))}."
        )
    return f"**The verdict.** {' '.join(words)}"


def uncapital(title: str) -> str:
    """`integrated gradients` for "Integrated gradients"."""
    return title[:1].lower() + title[1:]


def scored(rows: Sequence[Rows]) -> str:
    """AUP, AUR and IoU of each map, the highest IoU first."""
    lines = [
        "| map | group | AUP | AUR | IoU | IoU, feature there | IoU, feature missing |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in rows:
        figures = [one.mean(name) for name in MEASURES] + [one.mean("IoU", label) for label in (1, 0)]
        lines.append(f"| {one.title} | {one.group} | {' | '.join(shown(value) for value in figures)} |")
    return "\n".join(lines)


def by_feature(rows: Sequence[Rows]) -> str:
    """IoU of each map, feature by feature: with it / without it."""
    names = list(dict.fromkeys(rows[0].feature))
    lines = [
        "IoU by feature, where it is there / where it is missing:",
        "",
        f"| map | {' | '.join(names)} |",
        f"|---|{'---|' * len(names)}",
    ]
    for one in rows:
        cells = (" / ".join(f"{one.of(name, label):.2f}" for label in (1, 0)) for name in names)
        lines.append(f"| {one.title} | {' | '.join(cells)} |")
    return "\n".join(lines)


def judged(rows: Sequence[Rows]) -> str:
    """Share of each verdict for each map, over all networks that it can explain, and by feature."""
    words, names, last = " / ".join(MADE), list(dict.fromkeys(rows[0].feature)), FILLS[-1]
    lines = [
        f"{words}, in % of beats, as the panel judges where a model keeps beats of other classes (“{last}”), and where "
        "it keeps none. A map that knows no model is not compared with itself. Over all networks that a method can "
        "explain; networks and features count alike in the bracketed share of “holds up”. The columns of features are "
        f"that share, replaced by {last}. Where a shape that knows no model names the feature, as the triangle at R "
        "does a notch, no map can be ahead of it, and it is no error where the shape holds up.",
        "",
        f"| map | {' | '.join(f'replaced by {fill} | holds up' for fill in FILLS)} | {' | '.join(names)} |",
        f"|---|{'---|---|' * len(FILLS)}{'---:|' * len(names)}",
    ]
    for one in sorted(rows, key=lambda one: -one.holds(last).mean):
        cells = []
        for fill in FILLS:
            shares = (one.share(fill, word) for word in MADE)
            cells += [" / ".join(f"{share:.0%}".rstrip("%") for share in shares), percent(one.holds(fill))]
        cells += [f"{one.holds_of(name, last):.0%}" for name in names]
        lines.append(f"| {one.title} | {' | '.join(cells)} |")
    return "\n".join(lines)
