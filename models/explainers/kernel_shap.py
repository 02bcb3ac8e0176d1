"""KernelSHAP: how the score is shared out fairly among the pieces of a window."""

import itertools
import math
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from models.explainers.surrogates import Answers, Doubles, Present, Surrogate
from models.explainers.tracks import Floats, Track
from models.explainers.wording import MethodWording


class KernelSHAP(Surrogate):
    """Shapley values of the pieces, by the regression that they solve; exact where all coalitions are tried."""

    title: ClassVar[str] = "KernelSHAP"
    summary: ClassVar[str] = (
        "How the difference between the score and that of the empty window is shared out among pieces, each for what "
        "it adds to every company. Windows with pieces missing are no beats, and with few samples two seeds differ."
    )
    source: ClassVar[str] = "Lundberg & Lee 2017, eq. 5–9 and §4.1; Covert & Lee 2021 (pairs)"
    formula: ClassVar[str] = (
        "φ = argmin Σ_z k(|z|) (s_c(x_z) − s_c(x_0) − φ·z)², k(n) = (M−1)/(C(M,n) n (M−n)); Σφ = s_c(x) − s_c(x_0)"
    )
    wording: ClassVar[MethodWording] = MethodWording(
        "the {} of the window with the largest share", "of the shares", "{} of it speaks against the class"
    )

    method: Literal["kernel_shap"] = "kernel_shap"
    samples: int = Field(
        512,
        title="Samples",
        description="Windows with pieces hidden that are tried; the values are exact where there are no more.",
        ge=16,
        le=20000,
    )

    def fitted(self, count: int, answers: Answers) -> tuple[Floats, float]:
        """Shares [count], and the difference from the empty window that they sum to."""
        present, weights = tried(count, self.samples, self.seed)
        ends = np.repeat([[False], [True]], count, axis=1)  # the empty window and the whole one
        empty, whole, *_ = found = answers(np.concatenate([ends, present]))
        shares = shapley(present, weights, found[2:] - empty, whole - empty)
        return shares.astype(np.float32), float(whole - empty)

    def beside(self, numbers: Floats) -> Track:
        """What the shares sum to over the pieces."""
        return Track("signal", "difference from the empty window", (), numbers, self.units)


def tried(count: int, samples: int, seed: int) -> tuple[Present, Doubles]:
    """Which pieces are left in each coalition tried [coalitions, count], and its weight [coalitions].

    All but the empty and the whole one where they are not more than `samples`; else pairs of random ones and what they
    leave out, of each size as often as the kernel weighs it.
    """
    if 2**count - 2 <= samples:
        every = np.array(list(itertools.product([False, True], repeat=count)), dtype=bool)[1:-1]
        sizes = every.sum(axis=1)
        return every, np.array([1 / (math.comb(count, n) * n * (count - n)) for n in sizes.tolist()])
    random, sizes = np.random.default_rng(seed), np.arange(1, count)
    chance = 1 / (sizes * (count - sizes))
    drawn = random.choice(sizes, size=(samples + 1) // 2, p=chance / chance.sum())
    ranks = random.random((len(drawn), count)).argsort(axis=1).argsort(axis=1)
    half = ranks < drawn[:, None]
    return np.concatenate([half, ~half]), np.ones(2 * len(half))


def shapley(present: Present, weights: Doubles, gains: Doubles, whole: float) -> Doubles:
    """Shares [pieces] whose sum is `whole`, fitted to what coalitions [coalitions, pieces] gain over the empty one."""
    if present.shape[1] == 1:
        return np.array([whole])
    # The last share is what the others leave of the whole: the sum holds whatever is fitted.
    last = present[:, -1:]
    left, right = present[:, :-1].astype(float) - last, gains - whole * last[:, 0]
    root = np.sqrt(weights)[:, None]
    found = np.linalg.lstsq(left * root, right * root[:, 0], rcond=None)[0]
    return np.append(found, whole - found.sum())
