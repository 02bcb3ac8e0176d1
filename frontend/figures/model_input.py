"""What the model saw: the network's input on its own axis, never on the ECG's paper."""

from dataclasses import dataclass
from typing import Any

from frontend import format
from frontend.figures import decimate, paper
from frontend.figures.temporal import AXIS, time_range
from frontend.tokens import TOKENS, Theme

HEIGHT = 44.0  # px, for one lead or many
DASHES = ("solid", "dot", "dash", "dashdot")  # leads of one input are told apart by these


@dataclass(frozen=True)
class ModelInput:
    """The input of one window."""

    window: dict[str, Any]  # {samples, fs, before, input[leads][samples]}
    unit: str  # of the input: "SD" after a z-score, else "mV"
    prepared: str  # "3–45 Hz, z-score, 216 samples at 360 Hz"
    theme: Theme = "light"
    width: float = 1021.0  # px

    @property
    def times(self) -> list[float]:
        """Ms from R of each sample."""
        w = self.window
        return [round((i - w["before"]) * 1000 / w["fs"], 3) for i in range(w["samples"])]


def figure(shown: ModelInput) -> paper.Figure:
    """The plotly figure: one thin line for each lead."""
    colours = TOKENS[shown.theme]
    leads: list[list[float]] = shown.window["input"]
    low, high = min(map(min, leads)), max(map(max, leads))
    margin = max(high - low, 1e-6) * 0.08
    small = {"size": 10.5, "color": colours["ink3"]}
    line = {"color": colours["ink2"], "width": 1.1, "simplify": False}
    data = []
    for k, lead in enumerate(leads):
        times, values = decimate.line(shown.times, lead, shown.width)
        dashed = line | {"dash": DASHES[k % len(DASHES)]}
        data.append({"x": times, "y": values, "mode": "lines", "line": dashed, "name": "input"})
    ends = [number for number in (low, 0.0, high) if number == 0 or abs(number) > (high - low) * 0.3]
    label = f"what the model saw: its input, {shown.prepared}"
    at = {"xref": "paper", "yref": "paper", "xanchor": "right", "yanchor": "top"}
    note = paper.text(1, 1, label, colours["ink3"], size=10.5, bgcolor=colours["bg"], **at)
    layout = paper.layout(
        shown.theme,
        shown.width,
        HEIGHT,
        xaxis=paper.axis(range=list(time_range(shown.times, shown.width)), domain=[AXIS / shown.width, 1]),
        yaxis=paper.axis(
            range=[low - margin, high + margin],
            showgrid=True,
            gridcolor=colours["line"],
            showticklabels=True,
            tickvals=ends,
            ticktext=[format.short(round(end, 1)) + (f" {shown.unit}" if end == 0 else "") for end in ends],
            tickfont=small,
        ),
        annotations=[note],
    )
    return {"data": data, "layout": layout}


def words(shown: ModelInput) -> str:
    """The figure in words, for those who cannot see it."""
    leads: list[list[float]] = shown.window["input"]
    least, most = format.number(min(map(min, leads)), 1), format.number(max(map(max, leads)), 1)
    return f"What the model saw: its input, {shown.prepared}, from {least} to {most} {shown.unit}."
