"""Colours: the one place they are written; pages, figures and style sheet read them here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Theme = Literal["light", "dark"]

TOKENS: dict[Theme, dict[str, str]] = {
    "light": {
        "bg": "#F5F6F7",
        "surface": "#FFFFFF",
        "sunken": "#EEF0F2",
        "line": "#E2E5E9",
        "line2": "#C9CED5",
        "ink": "#14181E",
        "ink2": "#48515C",
        "ink3": "#646D79",
        "paper": "#FFFCFB",
        "g1": "#F9E6E3",
        "g2": "#F0C6BF",
        "trace": "#0B0D10",
        "rel": "#0F5FC2",
        "neg": "#B85C00",
        "warn": "#8A5200",
        "warnbg": "#FBF1DF",
        "inv": "#FFFFFF",
        "sel": "rgba(20,24,30,.055)",
        "shadow": "0 1px 2px rgba(16,20,26,.05)",
    },
    "dark": {
        "bg": "#0C0F13",
        "surface": "#13171C",
        "sunken": "#1B2027",
        "line": "#252B33",
        "line2": "#3A424D",
        "ink": "#ECEFF3",
        "ink2": "#AEB7C2",
        "ink3": "#8C96A3",
        "paper": "#0F1114",
        "g1": "#241A1B",
        "g2": "#43292A",
        "trace": "#F3F5F7",
        "rel": "#5AA7FF",
        "neg": "#F0A04B",
        "warn": "#F0B65A",
        "warnbg": "#2B2214",
        "inv": "#0C0F13",
        "sel": "rgba(236,239,243,.085)",
        "shadow": "none",
    },
}


@dataclass(frozen=True)
class BeatClass:
    """How one group of beats is drawn."""

    key: str  # of the CSS variable --c<key>
    name: str
    light: str
    dark: str

    def colour(self, theme: Theme) -> str:
        """Hex colour in this theme."""
        return self.light if theme == "light" else self.dark


CLASSES: dict[str, BeatClass] = {
    "N": BeatClass("N", "Normal", "#6F757C", "#AAB5BE"),
    "L": BeatClass("L", "Left bundle branch block", "#3B6239", "#9CD59E"),
    "R": BeatClass("R", "Right bundle branch block", "#6D158A", "#C069E3"),
    "A": BeatClass("A", "Atrial premature", "#A01C5C", "#DD6F8A"),
    "V": BeatClass("V", "Ventricular premature", "#BB5208", "#FB7536"),
    "F": BeatClass("F", "Fusion", "#6C4B04", "#EEC976"),
    "/": BeatClass("P", "Paced", "#006070", "#2DD4F3"),
    "Q": BeatClass("Q", "Unclassifiable", "#182127", "#EEF0F4"),
}
UNCERTAIN = 0.25  # a margin below this is called uncertain


def rgba(hex_colour: str, alpha: float) -> str:
    """`#0F5FC2` at 0.55 → `rgba(15,95,194,0.55)`."""
    red, green, blue = (int(hex_colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha:g})"


def css(symbols: Mapping[str, BeatClass]) -> str:
    """The tokens as CSS variables of `[data-theme]`, and `--mark`, the colour of an element's `data-symbol`."""
    rules = ["[data-symbol]{--mark:var(--cQ)}"]
    rules += [f'[data-symbol="{symbol}"]{{--mark:var(--c{kind.key})}}' for symbol, kind in symbols.items()]
    for theme, tokens in TOKENS.items():
        names = "".join(f"--{name}:{value};" for name, value in tokens.items())
        marks = "".join(f"--c{c.key}:{c.colour(theme)};" for c in CLASSES.values())
        rules.append(f'[data-theme="{theme}"]{{{names}{marks}color-scheme:{theme}}}')
    return "\n".join(rules)
