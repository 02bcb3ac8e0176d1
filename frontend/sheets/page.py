"""A page in CSS pixels, drawn by matplotlib: 96 px are an inch, so that 25 mm/s on the screen are 25 mm/s on paper."""

import re
from collections.abc import Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Literal, TypeAlias

from matplotlib import rc_context
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.patches import FancyBboxPatch, Rectangle
from matplotlib.textpath import text_to_path

from frontend.tokens import TOKENS
from frontend.vocabulary import colour, letters

INCH = 96  # px
POINT = 72 / INCH  # pt of a px
DPI = 192  # of PNG, and of maps in PDF and SVG
INK = TOKENS["light"]
FONTS = Path(__file__).parents[1] / "assets" / "core" / "fonts"
for _file in ("Inter-Regular.ttf", "Inter-SemiBold.ttf"):  # as on the page, of which they are instances
    fontManager.addfont(FONTS / _file)
FAMILY = ["Inter", "DejaVu Sans"]  # the second for signs that the first lacks
SETTINGS: Any = {"pdf.fonttype": 42, "svg.fonttype": "path", "svg.hashsalt": "beatlens"}

Box: TypeAlias = tuple[float, float, float, float]  # left, top, width, height in px
Horizontal = Literal["left", "center", "right"]
Vertical = Literal["top", "middle", "bottom", "baseline"]
RISE: dict[str, float] = {"top": 0.93, "middle": 0.36, "bottom": -0.22, "baseline": 0.0}  # of the size, to the baseline


class Page:
    """A white page; x goes right and y goes down, from the upper left corner."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.figure = Figure(figsize=(width / INCH, height / INCH), dpi=INCH, facecolor="white")
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set_axis_off()
        self.axes.set(xlim=(0, width), ylim=(height, 0))
        self._order = 0

    def rect(self, box: Box, fill: str, corner: float = 0, clip: Box | None = None) -> None:
        """A filled rectangle."""
        left, top, width, height = box
        kind = f"round,pad=0,rounding_size={corner}" if corner else "square,pad=0"
        style: dict[str, Any] = {"facecolor": rgba(fill), "edgecolor": "none", "linewidth": 0}
        patch = FancyBboxPatch((left, top), width, height, boxstyle=kind, **style)
        self.axes.add_patch(self._next(patch, clip))

    def line(
        self,
        xs: Sequence[float],
        ys: Sequence[float],
        ink: str,
        width: float = 1,
        dash: str | None = None,
        alpha: float = 1,
        clip: Box | None = None,
    ) -> None:
        """A line; NaN breaks it. `dash` as in plotly: `3px,3px`."""
        (artist,) = self.axes.plot(xs, ys, color=rgba(ink, alpha), linewidth=width * POINT, solid_joinstyle="round")
        if dash:
            artist.set_dashes([float(step) / width for step in re.findall(r"[\d.]+", dash)])
        self._next(artist, clip)

    def fill(
        self, xs: Sequence[float], low: Sequence[float], high: Sequence[float], ink: str, clip: Box | None
    ) -> None:
        """The area between two lines."""
        self._next(self.axes.fill_between(xs, low, high, facecolor=rgba(ink), linewidth=0), clip)

    def cells(self, box: Box, colours: Sequence[Sequence[tuple[float, ...]]], clip: Box | None = None) -> None:
        """Rows of cells of equal size, the upper first; colours as RGBA from 0 to 1."""
        left, top, width, height = box
        extent = (left, left + width, top + height, top)
        image = self.axes.imshow([list(row) for row in colours], extent=extent, aspect="auto", interpolation="nearest")
        self.axes.set(xlim=(0, self.width), ylim=(self.height, 0))
        self._next(image, clip)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        ink: str = INK["ink"],
        size: float = 12,
        weight: float = 400,
        across: Horizontal = "left",
        along: Vertical = "baseline",
        ground: str | None = None,
    ) -> None:
        """One line of text; `size` in px."""
        base = y + RISE[along] * size
        if ground:
            wide = width(words, size, weight)
            left = x - {"left": 0, "center": wide / 2, "right": wide}[across]
            self.rect((left - 2, base - 0.93 * size - 1, wide + 4, 1.2 * size + 2), ground)
        font = _font(size * POINT, weight > 500)
        artist = self.axes.text(x, base, words, color=rgba(ink), ha=across, va="baseline", parse_math=False)
        artist.set_fontproperties(font)
        self._next(artist, None)

    def paragraph(self, x: float, y: float, words: str, wide: float, size: float = 12, ink: str = INK["ink"]) -> float:
        """Lines no wider than `wide`, the first one's baseline at `y`; the baseline of the one that would follow."""
        for line in wrapped(words, wide, size):
            self.text(x, y, line, ink, size)
            y += size * 1.45
        return y

    def chip(self, x: float, y: float, symbol: str, size: float = 16, name: str | None = None) -> None:
        """A class letter on its colour; `x`, `y` is its middle."""
        self.rect((x - size / 2, y - size / 2, size, size), colour(symbol, "light", name), size * 0.19)
        self.text(x, y, letters(symbol), INK["inv"], size * 0.69, 700, "center", "middle")

    def saved(self, form: str, about: dict[str, str | None]) -> bytes:
        """The page as PDF, PNG or SVG; the same page gives the same bytes."""
        out = BytesIO()
        with rc_context(SETTINGS):
            self.figure.savefig(out, format=form, dpi=DPI, metadata=about)
        return out.getvalue()

    def _next(self, artist: Any, clip: Box | None) -> Any:
        """What is drawn later lies above; nothing is drawn outside `clip`."""
        self._order += 1
        artist.set_zorder(self._order)
        if clip:
            left, top, wide, tall = clip
            artist.set_clip_path(Rectangle((left, top), wide, tall, transform=self.axes.transData))
        return artist


def rgba(text: str, alpha: float = 1) -> tuple[float, float, float, float]:
    """`#0F5FC2` or `rgba(15,95,194,0.5)` as numbers from 0 to 1."""
    if text.startswith("rgba"):
        red, green, blue, own = (float(part) for part in text[5:-1].split(","))
        return red / 255, green / 255, blue / 255, own * alpha
    red, green, blue, _ = to_rgba(text)
    return red, green, blue, alpha


def width(words: str, size: float, weight: float = 400) -> float:
    """The width of a line of text, in px."""
    if not words.strip():
        return 0.0
    wide, _, _ = text_to_path.get_text_width_height_descent(words, _font(size, weight > 500), False)
    return float(wide)


@cache
def _font(size: float, bold: bool) -> FontProperties:
    return FontProperties(family=FAMILY, weight=600 if bold else 400, size=size)


def wrapped(words: str, wide: float, size: float) -> list[str]:
    """Lines no wider than `wide`; a word that is wider is cut."""
    lines: list[str] = []
    for paragraph in words.splitlines():
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}".strip()
            if width(longer, size) <= wide:
                line = longer
                continue
            if line:
                lines.append(line)
            line = cut(word, wide, size)
        lines.append(line)
    return lines


def cut(words: str, wide: float, size: float, weight: float = 400) -> str:
    """The words, or as many letters of them as fit, and an ellipsis."""
    if width(words, size, weight) <= wide:
        return words
    while words and width(words + "…", size, weight) > wide:
        words = words[:-1]
    return words.rstrip() + "…"
