"""Cycles from beat to beat: which part of an interval moves with which beat, and signals with other timing."""

import numpy as np
from numpy.typing import NDArray

from models.signals.warping import warped

Floats = NDArray[np.float64]
Peaks = NDArray[np.int64]

P_TO_R = 0.22, 0.30  # s, and share of a short interval, before R that belong to its beat: P wave and PR
R_TO_T = 0.40, 0.60  # s at an RR of 1 s, with its square root (Bazett), and share of a short one, after R: QRS and T
DIASTOLE = 2 / 3  # of an interval: after T, before P
ALIGNED = 0.03  # s by which a mark may be off
QRS = 0.08  # s either side of R by which beats are aligned


def boundaries(peaks: Peaks) -> Floats:
    """Where one beat's piece ends and the next one's begins [beats − 1], in samples like peaks [beats]."""
    return np.asarray(peaks[:-1] + np.diff(peaks) * DIASTOLE, dtype=np.float64)


def fixed(samples: Peaks, fs: float) -> tuple[Peaks, Peaks]:
    """What of intervals of so many samples moves with the beat before (to the end of T), and with the next (from P on).

    In samples; together at most 0.9 of the interval: between them lies diastole.
    """
    seconds = samples / fs
    after = np.minimum(R_TO_T[0] * np.sqrt(seconds), R_TO_T[1] * seconds)
    before = np.minimum(P_TO_R[0], P_TO_R[1] * seconds)
    return np.floor(after * fs).astype(np.int64), np.floor(before * fs).astype(np.int64)


def retimed(peaks: Peaks, wanted: Peaks, samples: int, fs: float) -> Floats:
    """Where each of `samples` samples is to be read [samples], so that the beats at `peaks` [beats] stand at `wanted`.

    QRS with its P and T wave is moved by whole samples, unchanged; only diastole is stretched or compressed, and what
    lies before the first beat and after the last. Both are ascending.
    """
    after, before = fixed(np.minimum(np.diff(peaks), np.diff(wanted)), fs)
    last = samples - 1
    # Before the first beat and after the last, there is as much as the window holds.
    before = np.concatenate(([min(round(P_TO_R[0] * fs), peaks[0], wanted[0])], before))
    after = np.concatenate((after, [min(round(R_TO_T[0] * fs), last - peaks[-1], last - wanted[-1])]))
    knots = [np.stack((at - before, at + after), axis=1).ravel() for at in (wanted, peaks)]
    new, old = (np.concatenate(([0], knot, [last])) for knot in knots)
    keep = np.concatenate((new[:1] < new[1:2], np.ones(len(new) - 2, dtype=bool), new[-2:-1] < new[-1:]))
    return np.asarray(np.interp(np.arange(samples), new[keep], old[keep]), dtype=np.float64)


def regular(peaks: Peaks, samples: int) -> Peaks:
    """The beats, each the same whole number of samples after the one before [beats], in the same window."""
    count = len(peaks) - 1
    interval = int(peaks[-1] - peaks[0]) // count
    spare, spaces = int(peaks[-1] - peaks[0]) - interval * count, (int(peaks[0]), samples - 1 - int(peaks[-1]))
    first = int(peaks[0]) + round(spare * spaces[0] / max(1, sum(spaces)))
    return first + interval * np.arange(count + 1, dtype=np.int64)


def mean_cycle(signal: Floats, peaks: Peaks, fs: float) -> tuple[Floats, int]:
    """The mean cycle [leads, interval] of a signal with equal intervals, and how many samples before R it begins.

    It ends where it begins, so that one follows another without a step.
    """
    interval = int(peaks[1] - peaks[0])
    lead_in = int(fixed(np.array([interval]), fs)[1][0])
    first = peaks - lead_in
    whole = first[(first >= 0) & (first + interval < signal.shape[1])]
    mean = signal[:, whole[:, None] + np.arange(interval + 1)].mean(axis=1)
    gap = mean[:, -1:] - mean[:, :1]
    closed = mean - gap * (np.arange(interval + 1) / interval - 0.5)
    return np.asarray(closed[:, :-1]), lead_in


def repeated(cycle: Floats, first: int, times: int, samples: int) -> Floats:
    """A cycle [leads, interval] so many times from sample `first` on, its ends held beyond: [leads, samples]."""
    within = np.clip(np.arange(samples) - first, 0, times * cycle.shape[1] - 1)
    return np.asarray(cycle[:, within % cycle.shape[1]])


def aligned(signal: Floats, peaks: Peaks, fs: float) -> Peaks:
    """Peaks [beats] moved by up to 30 ms so that each QRS of signal [leads, samples] lies as the median QRS does.

    Marks that are off by a sample or two would blur a mean of beats.
    """
    most_moved, half, last = round(ALIGNED * fs), round(QRS * fs), signal.shape[1] - 1
    around = np.arange(-half, half + 1)
    if not most_moved or not half:
        return peaks
    moves = np.arange(-most_moved, most_moved + 1)
    samples_around = np.clip(peaks[:, None, None] + moves[:, None] + around, 0, last)  # [beats, moves, around]
    cuts = signal[:, samples_around]
    cuts = cuts - cuts.mean(axis=-1, keepdims=True)
    usual = np.median(cuts[:, :, most_moved], axis=1)  # [leads, around]
    alike = np.einsum("lbma,la->bm", cuts, usual) / (np.sqrt((cuts**2).sum(axis=(0, 3))) + 1e-9)
    moved = peaks + moves[alike.argmax(axis=1)]
    in_order = (np.diff(moved, prepend=-1) > 0).all() and moved[-1] <= last
    return moved if in_order else peaks


def equal_intervals(signal: Floats, peaks: Peaks, fs: float) -> tuple[Floats, Peaks]:
    """Signal [leads, samples] with regular beats of the same shapes, and where they are."""
    wanted = regular(peaks, signal.shape[1])
    return warped(signal, retimed(peaks, wanted, signal.shape[1], fs)), wanted


def mean_beats(regular_signal: Floats, wanted: Peaks, peaks: Peaks, fs: float) -> tuple[Floats, Floats]:
    """The mean beat of a regular signal, regular at `wanted` and timed as `peaks`: each [leads, samples]."""
    samples = regular_signal.shape[1]
    cycle, lead_in = mean_cycle(regular_signal, wanted, fs)
    alike = repeated(cycle, int(wanted[0]) - lead_in, len(wanted), samples)
    return alike, warped(alike, retimed(wanted, peaks, samples, fs))
