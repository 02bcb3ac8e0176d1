"""One beat of each planted feature over the samples that decide it, with a strip for every map of it."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from models.evaluation.drawing_002 import DPI, INK, ONE, RAISES
from models.evaluation.known_truth.judging import TRUTH, Judgement
from models.evaluation.known_truth.scores import raising

COLUMN, TRACE, STRIP = 2.3, 1.3, 0.2  # inches


def picture(judgements: Sequence[Judgement], titles: Sequence[str]) -> Figure:
    """A column for each judgement, of its first beat with the feature; strips in the order of `titles`.

    Colour is what raises the score of the beat's class, up to the map's largest value.
    """
    strips = [title for title in titles if title != TRUTH]
    size = (COLUMN * len(judgements) + 1.6, TRACE + STRIP * len(strips) + 0.7)
    drawn = Figure(figsize=size, dpi=DPI, layout="constrained")
    heights = [TRACE, *[STRIP] * len(strips)]
    axes = drawn.subplots(len(heights), len(judgements), squeeze=False, height_ratios=heights)
    for column, one in enumerate(judgements):
        row = int(np.flatnonzero(one.beats.labels == 1)[0])
        trace(axes[0, column], one, row)
        maps = {found.title: found.values for found in one.maps}
        for place, title in zip(axes[1:, column], strips, strict=True):
            place.imshow(raising(maps[title])[row], aspect="auto", cmap=ONE, vmin=0, vmax=1)
            place.set(xticks=[], yticks=[])
            if column == 0:
                place.set_ylabel(title.replace("\\", ""), rotation=0, ha="right", va="center", fontsize=7)
    return drawn


def trace(axes: Axes, one: Judgement, row: int) -> None:
    """The beat, in s from R, and what is planted in it."""
    times = (np.arange(one.beats.inputs.shape[2]) - one.taught.feature.peak) / one.taught.feature.fs
    values = one.beats.inputs[row, 0]
    axes.fill_between(times, values.min(), values.max(), where=one.beats.truth[row, 0], color=RAISES, alpha=0.2, lw=0)
    axes.plot(times, values, color=INK, linewidth=0.8)
    axes.set(xlim=(times[0], times[-1]), yticks=[])
    axes.set_title(f"{one.taught.feature.name}: {one.taught.feature.classes[1]}", fontsize=8)
    axes.tick_params(labelsize=6)
