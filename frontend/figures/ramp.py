"""The colours of relevance and of whatever is as strong as it is large: one hue, or one for each sign."""

from frontend.tokens import TOKENS, Theme, rgba

Stops = list[list[object]]  # plotly's colour scale: place from 0 to 1, colour


def ramp(theme: Theme, signed: bool, alpha: float) -> Stops:
    """From nothing to `alpha` of the hue that raises; where values have a sign, nothing is in the middle."""
    colours = TOKENS[theme]
    raises = [rgba(colours["rel"], 0), rgba(colours["rel"], alpha)]
    if not signed:
        return [[0, raises[0]], [1, raises[1]]]
    lowers = [rgba(colours["neg"], alpha), rgba(colours["neg"], 0)]
    return [[0, lowers[0]], [0.5, lowers[1]], [0.5, raises[0]], [1, raises[1]]]
