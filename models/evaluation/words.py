"""What the numbers of a beat's maps say, in sentences; nothing that they do not carry."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.evaluation.by_wave import Range, Region
from models.explainers import explainers
from models.explainers.wording import MethodWording
from models.explanations.explaining import NOTHING
from models.explanations.explanation import Explanation, Scale

MINUS = "−"
SAME = 0.005  # of a probability: no change worth a word
LITTLE = 0.10  # of the weight: less of it is not named
NEGATIVE = 0.10  # of the weight: so much that lowers the score is told
EARLY, LATE = 0.90, 1.15  # of the usual RR
USUAL = 8  # RR intervals before the beat whose median is usual
AGREE = ((0.7, "closely"), (0.4, "moderately"), (0.2, "weakly"), (0.0, "hardly"))


@dataclass(frozen=True)
class WaveSummary:
    """One map with what is said of it."""

    explanation: Explanation
    regions: Sequence[Region]
    shares: Sequence[Range]


def of_map(summary: WaveSummary) -> str:
    """`Learned mask: the probability of … falls from 0.97 to 0.12 with the marked 18% … ; 71% of the weight is …`."""
    found = summary.explanation
    if found.scale is None:
        return f"{found.title}: {over_time(summary)}."
    if found.scale.nothing_found:
        least = digits(NOTHING * found.scale.full)
        most = wording(found).nothing.format(digits(found.scale.maximum), found.scale.unit)
        return f"{found.title} found nothing: {most}, less than {least}."
    parts = [effect(found, found.scale), weight(summary), against(found)]
    return f"{found.title}: {'; '.join(part for part in parts if part)}."


def wording(found: Explanation) -> MethodWording:
    """How this method's numbers are put; as of any method where it is no longer there."""
    kind = explainers().get(found.method)
    return kind.wording if kind else MethodWording()


def over_time(summary: WaveSummary) -> str:
    """How the probability runs while the window is read, and when the output tips for the last time."""
    found = summary.explanation.track("probability", "time", "class")
    if found is None:
        return f"no map of relevance, but {', '.join(track.name for track in summary.explanation.tracks)}"
    target, curves = summary.explanation.target, np.array(found.values)
    if found.dims[0] == "class":
        curves = curves.T
    curve, switch = curves[:, target.index], last_switch(curves)
    name = f"the probability of {target.name}"
    course = f"while the window is read, {name} moves between {curve.min():.2f} and {curve.max():.2f}"
    course += f" and ends at {curve[-1]:.2f}"
    if not switch:
        return f"{course}; the most probable class is the same throughout"
    wave = next((f", {where(r)}" for r in summary.regions if not r.within and r.start <= switch < r.end), "")
    read = percent((switch + 1) / len(curve))
    return f"{course}; the most probable class changes for the last time after {read} of the window{wave}"


def last_switch(curves: NDArray[np.floating]) -> int:
    """First sample from which the most probable class of curves [samples, classes] is the final one and stays."""
    winner = curves.argmax(axis=1)
    other = np.flatnonzero(winner != winner[-1])
    return int(other[-1]) + 1 if len(other) else 0


def effect(found: Explanation, scale: Scale) -> str:
    """What deleting the highest samples does to the probability."""
    if not scale.deleted_fraction:
        return "no sample raises the score"
    before, after = scale.probability_before, scale.probability_after
    deleted = f"with {wording(found).deleted.format(percent(scale.deleted_fraction))} set to {scale.deletion_value}"
    name = f"the probability of {found.target.name}"
    if abs(after - before) < SAME or f"{after:.2f}" == f"{before:.2f}":  # never "falls from 0.82 to 0.82"
        return f"{name} stays at {before:.2f} {deleted}"
    return f"{name} {'falls' if after < before else 'rises'} from {before:.2f} to {after:.2f} {deleted}"


def weight(summary: WaveSummary) -> str:
    """`71% of the weight is on the QRS, 20% on T`: the regions that hold a tenth or more, the heaviest first."""
    whole = [
        (region, share) for region, share in zip(summary.regions, summary.shares, strict=True) if not region.within
    ]
    heavy = sorted((pair for pair in whole if pair[1].value >= LITTLE), key=lambda pair: -pair[1].value)
    if not heavy:
        return ""
    first, *others = [(percent(share.value), where(region)) for region, share in heavy]
    shared = f"{first[0]} {wording(summary.explanation).weight} is {first[1]}"
    return ", ".join([shared, *(f"{much} {where}" for much, where in others)])


def against(found: Explanation) -> str:
    """What the negative part of a signed map says; empty where it is little, or the method has no sign."""
    values = np.array(found.relevance or [])
    total = np.abs(values).sum()
    lowers = float(-values[values < 0].sum() / total) if total else 0.0
    return wording(found).against.format(percent(lowers)) if found.signed and lowers >= NEGATIVE else ""


def where(region: Region) -> str:
    """`on the QRS`, `before the QRS`, `after T`."""
    first, _, rest = region.name.partition(" ")
    if rest:
        return f"{first.lower()} {'the ' if rest == 'QRS' else ''}{rest}"
    return f"on {'the ' if region.key == 'qrs' else ''}{region.name}"


def agreement(rho: float | None) -> str:
    """`The two agree weakly (rank correlation 0.29).`"""
    if rho is None:
        return ""
    said = f"(rank correlation {rho:.2f})".replace("-", MINUS)
    if rho < 0:
        return f"The two point to different places {said}."
    return f"The two agree {next(word for least, word in AGREE if rho >= least)} {said}."


def rhythm(rr: Sequence[float]) -> str:
    """`The beat comes 34% early (RR 475 ms).`, from the RR intervals (ms) up to the beat's own, the last."""
    before = [value for value in rr[-USUAL - 1 : -1] if np.isfinite(value)]
    if not len(rr) or not np.isfinite(rr[-1]) or len(before) < 2:
        return ""
    ratio = rr[-1] / float(np.median(before))
    when = f"{percent(abs(1 - ratio))} {'early' if ratio < 1 else 'late'}" if not EARLY <= ratio <= LATE else "on time"
    return f"The beat comes {when} (RR {rr[-1]:.0f} ms)."


def unknown_waves(found: Sequence[Region]) -> str:
    """The sentence that no boundaries were found, where none were."""
    return "" if found else "No boundaries of the QRS were found here, so nothing is said by wave."


def percent(fraction: float) -> str:
    """`18%`; what is not zero never reads 0%."""
    return "<1%" if 0 < fraction < 0.005 else f"{fraction * 100:.0f}%"


def digits(value: float) -> str:
    """Two or three digits, with a minus."""
    return f"{value:.3g}".replace("-", MINUS)
