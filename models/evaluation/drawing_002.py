"""How the figures of paper 002 are drawn: the trace over its map, decisions, shifts and states below it."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

Values = NDArray[np.float64]
WIDTH, ROW = 11.0, 1.5  # inches: of a figure, of one trace
DPI = 100
COLOURS_KEPT = 48  # of a picture: a third of the bytes
RAISES, LOWERS, INK = "#2F6FC4", "#C97A2B", "#15181D"
COLOURS = {"N": "#6F757C", "A": "#A01C5C", "O": "#6B4A00", "~": "#15202B"}
BOTH = LinearSegmentedColormap.from_list("both", [LOWERS, "#FFFFFF", RAISES])
ONE = LinearSegmentedColormap.from_list("one", ["#FFFFFF", RAISES])


@dataclass(frozen=True)
class Excerpt:
    """What is shown of a recording, in its own samples and in those that the network reads."""

    name: str
    raw: NDArray[np.floating]  # [own samples], mV
    own_fs: float  # Hz
    start: float  # s in the recording
    inputs: NDArray[np.float32]  # [1, samples]
    fs: float  # Hz
    symbols: list[str]  # [classes]
    chances: NDArray[np.floating]  # [classes]
    peaks: NDArray[np.floating]  # R, s from its start

    @property
    def seconds(self) -> float:
        """How long it is."""
        return float(self.inputs.shape[1] / self.fs)

    @property
    def answer(self) -> str:
        """`A 0.98`."""
        best = int(self.chances.argmax())
        return f"{self.symbols[best]} {self.chances[best]:.2f}"


def page(title: str, heights: Sequence[float]) -> tuple[Figure, list[Axes]]:
    """A figure of rows of these heights in inches."""
    drawn = Figure(figsize=(WIDTH, sum(heights) + 0.9), dpi=DPI, layout="constrained")
    drawn.suptitle(title, x=0.01, ha="left", fontsize=10)
    grid = drawn.add_gridspec(len(heights), 1, height_ratios=list(heights))
    return drawn, [drawn.add_subplot(grid[i]) for i in range(len(heights))]


def trace(axes: Axes, shown: Excerpt, span: tuple[float, float], values: Values | None = None, note: str = "") -> None:
    """The recording from span[0] to span[1] s over a map's values [samples], coloured to their own largest."""
    times = np.arange(len(shown.raw)) / shown.own_fs
    inside = (times >= span[0]) & (times <= span[1])
    low, high = np.nanmin(shown.raw[inside]), np.nanmax(shown.raw[inside])
    room = 0.08 * (high - low)
    if values is not None:
        full = float(np.abs(values).max()) or 1.0
        signed = bool(values.min() < 0)
        box = (0.0, shown.seconds, low - room, high + room)
        low_end, cmap = (-full, BOTH) if signed else (0.0, ONE)
        axes.imshow(values[None], extent=box, aspect="auto", cmap=cmap, alpha=0.7, vmin=low_end, vmax=full)
        note += f" ±{full:.2g}" if signed else f" 0 … {full:.2g}"
    axes.plot(times[inside], shown.raw[inside], color=INK, linewidth=0.7)
    axes.set(xlim=span, ylim=(low - room, high + room), ylabel="mV")
    axes.set_title(
        f"{shown.name}, answered {shown.answer}{' · ' + note.strip() if note else ''}", loc="left", fontsize=8
    )
    axes.tick_params(labelsize=7)


def strongest(values: Values, fs: float, seconds: float, part: float) -> tuple[float, float]:
    """`part` s around the largest value, within the recording."""
    middle = float(values.argmax()) / fs
    first = min(max(0.0, middle - part / 2), max(0.0, seconds - part))
    return first, first + min(part, seconds)


def maps(title: str, shown: Excerpt, values: Sequence[Values], part: float) -> Figure:
    """For each map the whole recording, and `part` s around the largest value of the first."""
    drawn, axes = page(title, [ROW] * (len(values) + 1))
    for place, one in zip(axes, values, strict=False):
        trace(place, shown, (0.0, shown.seconds), one, "class activation")
    trace(axes[-1], shown, strongest(values[0], shown.fs, shown.seconds, part), values[0], f"{part:g} s of it")
    axes[-1].set_xlabel("s", fontsize=8)
    return drawn


def gates(title: str, shown: Sequence[Excerpt], values: Sequence[tuple[Values, Values]]) -> Figure:
    """Of each recording the gated attention, and below it the class map."""
    drawn, axes = page(title, [ROW] * (2 * len(shown)))
    for i, (one, (gate, cam)) in enumerate(zip(shown, values, strict=True)):
        trace(axes[2 * i], one, (0.0, one.seconds), gate, "attention")
        trace(axes[2 * i + 1], one, (0.0, one.seconds), cam, "class activation")
    return drawn


def decisions(title: str, shown: Sequence[Excerpt], values: Sequence[Values], part: float) -> Figure:
    """Of each recording `part` s around the last change of the decision: trace, probabilities, decision."""
    drawn, axes = page(title, [ROW, ROW, 0.25] * len(shown))
    for i, (one, chances) in enumerate(zip(shown, values, strict=True)):
        winners = chances.argmax(axis=1)
        turned = np.flatnonzero(np.diff(winners))
        at = np.zeros(len(winners))
        at[turned[-1] if len(turned) else len(at) // 2] = 1.0
        span = strongest(at, one.fs, one.seconds, part)
        trace(axes[3 * i], one, span)
        curves(axes[3 * i + 1], one, chances, span)
        ribbon(axes[3 * i + 2], one, winners, span)
    return drawn


def curves(axes: Axes, shown: Excerpt, chances: Values, span: tuple[float, float]) -> None:
    """Probabilities [samples, classes] over time."""
    times = np.arange(len(chances)) / len(chances) * shown.seconds
    for i, symbol in enumerate(shown.symbols):
        axes.plot(times, chances[:, i], color=COLOURS.get(symbol), linewidth=1.1, label=symbol)
    axes.set(xlim=span, ylim=(0, 1.02))
    axes.legend(loc="upper right", fontsize=7, ncols=len(shown.symbols), frameon=False)
    axes.tick_params(labelsize=7)


def ribbon(axes: Axes, shown: Excerpt, winners: NDArray[np.intp], span: tuple[float, float]) -> None:
    """The decision [samples] in its class's colour."""
    colours = LinearSegmentedColormap.from_list("classes", [COLOURS[one] for one in shown.symbols], len(shown.symbols))
    box, last = (0.0, shown.seconds, 0.0, 1.0), len(shown.symbols) - 0.5
    axes.imshow(winners[None], extent=box, aspect="auto", cmap=colours, vmin=-0.5, vmax=last)
    axes.set(xlim=span, yticks=[], xlabel="s")
    axes.tick_params(labelsize=7)


def shift(title: str, shown: Excerpt, moved: Values, after: Values) -> Figure:
    """The recording and its R peaks, the same shifted below it, and the displacement [samples] in ms."""
    drawn, axes = page(title, [2 * ROW, ROW * 0.7])
    times = np.arange(len(shown.raw)) / shown.own_fs
    late = np.interp(times, np.arange(len(moved)) / shown.fs, moved) / 1000
    shifted = np.interp(times - late, times, shown.raw)
    down = float(np.nanmax(shown.raw) - np.nanmin(shown.raw)) * 1.05
    axes[0].plot(times, shown.raw, color=RAISES, linewidth=0.7)
    axes[0].plot(times, shifted - down, color=COLOURS["A"], linewidth=0.7)
    axes[0].vlines(shown.peaks, *axes[0].get_ylim(), color=INK, linewidth=0.3, alpha=0.4)
    said = ", ".join(f"{name} {value:.2f}" for name, value in zip(shown.symbols, after, strict=True))
    where = f"{shown.name} from {shown.start:g} s, answered {shown.answer}; shifted, below: {said}"
    axes[0].set_title(where, loc="left", fontsize=8)
    axes[1].fill_between(np.arange(len(moved)) / shown.fs, moved, color=RAISES, alpha=0.3)
    axes[1].plot(np.arange(len(moved)) / shown.fs, moved, color=RAISES, linewidth=1)
    axes[1].set(ylabel="ms later", xlabel="s")
    for place in axes:
        place.set_xlim(0.0, shown.seconds)
        place.tick_params(labelsize=7)
    return drawn


def states(title: str, shown: Sequence[Excerpt], values: Sequence[dict[str, Values]]) -> Figure:
    """Of each recording the trace, and every state and gate [units, steps] as rows of colour."""
    count = len(values[0])
    drawn, axes = page(title, [ROW, *[0.35] * count] * len(shown))
    for i, (one, found) in enumerate(zip(shown, values, strict=True)):
        first = i * (count + 1)
        trace(axes[first], one, (0.0, one.seconds))
        for place, (name, rows) in zip(axes[first + 1 : first + 1 + count], found.items(), strict=True):
            full = float(np.abs(rows).max()) or 1.0
            place.imshow(rows, extent=(0, one.seconds, 0, 1), aspect="auto", cmap=BOTH, vmin=-full, vmax=full)
            place.set(yticks=[], xticks=[], xlim=(0, one.seconds))
            place.set_ylabel(name, rotation=0, ha="right", va="center", fontsize=7)
    return drawn


def save(drawn: Figure, file: Path) -> Path:
    """The figure as a small PNG."""
    file.parent.mkdir(parents=True, exist_ok=True)
    whole = BytesIO()
    drawn.savefig(whole, format="png")
    Image.open(whole).convert("RGB").quantize(COLOURS_KEPT).save(file, optimize=True)
    return file
