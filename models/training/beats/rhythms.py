"""Other rhythms made of regular ones by moving beats in time: QRS, ST and T stay as they are.

Atrial premature beats come early with their P waves; in atrial fibrillation no interval is like the next, P is gone.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NORMAL, PREMATURE = 0, 1  # labels: N and S of AAMI
RUNS = ((1, 2), (2, 6), (6, 16))  # premature beats one after another: single, salvo, tachycardia
LEAST_RR = 0.28  # s, no made-up interval is shorter
SLOWEST = 0.45  # s, an interval must be at least so long to be shortened


@dataclass(frozen=True)
class Warp:
    """A map of time that is strictly increasing: `source` s is drawn at `target` s."""

    source: Floats  # [points], s
    target: Floats  # [points], s

    def back(self, times: Floats) -> Floats:
        """Where in the source the moments `times` s of the target lie; rigid outside the points."""
        return _moved(times, self.target, self.source)

    def forth(self, times: Floats) -> Floats:
        """Where the moments `times` s of the source are drawn."""
        return _moved(times, self.source, self.target)


def _moved(times: Floats, source: Floats, target: Floats) -> Floats:
    inside = np.interp(times, source, target)
    return np.asarray(inside + np.minimum(times - source[0], 0) + np.maximum(times - source[-1], 0))


def make_premature(beats: Floats, labels: Ints, share: float, rng: np.random.Generator) -> tuple[Warp, Ints]:
    """A warp that brings normal beats forward, and the labels [beats] that then hold; `beats` [beats] in s.

    Single beats, or runs of up to 15, all among normal beats, begin at a normal beat with probability `share`; the RR
    before is cut by 15–45 %, the one after compensates, starts anew or is a long pause.
    """
    rr, new_labels = np.diff(beats), labels.copy()
    new = rr.copy()  # new[k]: from beat k to k + 1
    index = 2
    while index < len(beats) - 2:
        run = int(rng.integers(*RUNS[int(rng.choice(3, p=(0.65, 0.2, 0.15)))]))
        after = index + run  # the first beat that is normal again
        free = after < len(beats) - 1 and bool((labels[index - 1 : after + 1] == NORMAL).all())
        free = free and _steady(rr[max(0, index - 4) : index])
        early = rr[index - 1] * (1 - rng.uniform(0.15, 0.45))
        if rng.random() >= share or not free or rr[index - 1] < SLOWEST or early < LEAST_RR:
            index += 1
            continue
        new[index - 1] = early
        for k in range(index, after - 1):
            new[k] = max(LEAST_RR, min(rr[k], early * rng.uniform(0.9, 1.1)))
        gained = float(np.sum(rr[index - 1 : after - 1] - new[index - 1 : after - 1]))
        new[after - 1] = _pause(rr[after - 1], gained, rng)
        new_labels[index:after] = PREMATURE
        index = after + int(rng.integers(2, 7))
    return _warp(beats, new), new_labels


def make_irregular(beats: Floats, labels: Ints, rng: np.random.Generator) -> Warp:
    """A warp that leaves no interval like the next, as in atrial fibrillation; `beats` [beats] in s.

    Intervals next to a beat that is not normal keep their length: PVCs are coupled to the beat before.
    """
    rr = np.diff(beats)
    normal = labels == NORMAL
    free = normal[1:] & normal[:-1]
    new = np.median(rr) * rng.uniform(0.6, 1.5, len(rr))
    return _warp(beats, np.where(free, np.maximum(new, LEAST_RR), rr))


def without_p(signal: Floats, beats: Floats, fs: float) -> Floats:
    """signal [leads, samples] with a straight line before each QRS of beats [beats] (samples) instead of P."""
    result = signal.copy()
    for beat, before in zip(beats[1:], beats[:-1], strict=True):
        first, last = max(beat - 0.26 * fs, before + 0.35 * fs), beat - 0.07 * fs
        span = np.arange(round(first), round(last))
        if len(span) > 2 and span[0] >= 0 and span[-1] < signal.shape[1]:
            ends = signal[:, [span[0], span[-1]]]
            result[:, span] = ends[:, :1] + np.linspace(0, 1, len(span)) * (ends[:, 1:] - ends[:, :1])
    return result


def f_waves(samples: int, leads: int, fs: float, rng: np.random.Generator) -> Floats:
    """Fibrillatory waves [leads, samples] of 4 to 8 Hz, in SD of a recording; the rate wanders."""
    pace = rng.uniform(4, 8) + np.cumsum(rng.normal(0, 0.05, samples))
    phase = 2 * np.pi * np.cumsum(np.clip(pace, 3, 10)) / fs
    shape = np.sin(phase) + 0.4 * np.sin(2 * phase + rng.uniform(0, 2 * np.pi))
    return np.asarray(rng.uniform(0.02, 0.3, (leads, 1)) * shape)


def _steady(rr: Floats) -> bool:
    """Whether these intervals are alike: in atrial fibrillation an early beat is a normal one."""
    return float(np.ptp(rr)) <= 0.15 * float(np.median(rr))


def _pause(rr: float, gained: float, rng: np.random.Generator) -> float:
    """RR after the last premature beat, s: fully compensating, sinus node reset, or long."""
    kind = rng.choice(3, p=(0.4, 0.4, 0.2))
    return (rr + gained, rr * rng.uniform(1.0, 1.15), rr * rng.uniform(1.3, 1.8))[int(kind)]


def _warp(beats: Floats, new: Floats) -> Warp:
    """Beats `beats` [beats] s at intervals `new` [beats − 1] s: only the stretch between T and P gives way."""
    old = np.diff(beats)
    moved = beats[0] + np.concatenate(([0.0], np.cumsum(new)))
    source, target = [beats[0]], [moved[0]]
    for k in np.arange(len(old)):
        if old[k] != new[k]:
            shortest = min(old[k], new[k])
            before = min(0.17, 0.35 * shortest)  # P and QRS onset, rigid
            behind = max(min(0.2, 0.3 * shortest), min(0.38, shortest - before - 0.04))  # ST and T, rigid where it fits
            source += [beats[k] + behind, beats[k + 1] - before]
            target += [moved[k] + behind, moved[k + 1] - before]
        source.append(beats[k + 1])
        target.append(moved[k + 1])
    return Warp(np.array(source), np.array(target))
