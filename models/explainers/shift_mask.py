"""Shift mask: the smallest, smoothest shifting of the signal in time that lowers the score."""

from dataclasses import astuple, fields
from typing import ClassVar, Literal

import numpy as np
import torch
from pydantic import Field
from torch import Tensor

from models.explainers import engine
from models.explainers.base import Explainer, Group, Progress, Report, silent
from models.explainers.tracks import MAP, Batch, Findings, Floats, Role, Track, beat_marks
from models.networks.base import Network, chances
from models.signals.warping import Plausibility, plausibility

REPORT_EVERY = 5  # steps
START = 0.001  # standard deviation of the first displacements, in half windows
ELSEWHERE = 20  # times the same displacement is tried at other places
FACTS = {  # of `Plausibility`, with their units
    "folds": "stretches",
    "beats_before": "beats",
    "beats_after": "beats",
    "widths_changed": "beats",
    "short_intervals": "intervals",
    "spread_before": "ms",
    "spread_after": "ms",
}


class ShiftMask(Explainer):
    """d, where d minimises λ1·‖d‖₁ + λ2·Σ|d_{i+1} − d_i| + s_c(x(t + d(t))), both in halves of the window's length.

    It gives no relevance: a displacement is no amount of evidence at its place. A beat can only be moved together with
    its neighbours, and deleting what was moved answers another question. What it is judged by is the same displacement
    at other places: only if that leaves the score alone was it the place that counted.
    """

    title: ClassVar[str] = "Shift mask"
    summary: ClassVar[str] = (
        "How the signal would have to be shifted in time for the score to fall: which intervals the decision hangs on."
    )
    source: ClassVar[str] = "Paper 002, §3.2.3 and §4.3.4, eq. 3.5; Fong & Vedaldi 2017"
    formula: ClassVar[str] = "d = argmin s_c(x(t + d(t))) + λ₁‖d‖₁ + λ₂ Σ |d_i+1 − d_i|"
    group: ClassVar[Group] = "perturbation"
    cost: ClassVar[Literal["instant", "queued"]] = "queued"
    reads: ClassVar[tuple[Literal["marks", "segments"], ...]] = ("marks",)
    roles: ClassVar[tuple[Role, ...]] = ("displacement", "signal", "loss", "probability")
    unit: ClassVar[str] = "ms"

    method: Literal["shift_mask"] = "shift_mask"
    steps: int = Field(500, title="Steps", description="Steps of Adam.", ge=1, le=5000)
    learning_rate: float = Field(
        0.0001,
        title="Learning rate",
        description="Of Adam, in halves of the window: 500 steps of 0.0001 move a place of 30 s by 0.75 s at most.",
        gt=0.0,
        le=0.1,
        allow_inf_nan=False,
        json_schema_extra={"unit": "per step"},
    )
    lambda1: float = Field(
        0.2,
        title="λ1, size",
        description="Cost of shifting: larger leaves more of the signal in its place.",
        ge=0.0,
        le=100.0,
        allow_inf_nan=False,
        json_schema_extra={"unit": "score"},
    )
    lambda2: float = Field(
        0.1,
        title="λ2, smoothness",
        description="Cost of differences between neighbouring displacements.",
        ge=0.0,
        le=100.0,
        allow_inf_nan=False,
        json_schema_extra={"unit": "score"},
    )
    spacing: int = Field(
        333,
        title="Spacing",
        description="Time between two displacements, linear in between; the paper's 100 samples at 300 Hz are 333 ms.",
        ge=20,
        le=5000,
        json_schema_extra={"unit": "ms", "advanced": True},
    )
    seed: int = Field(
        0,
        title="Seed",
        description="Of the small displacements that it begins with.",
        ge=0,
        le=2**31 - 1,
        json_schema_extra={"advanced": True},
    )
    score: engine.Score = "probability"

    @property
    def units(self) -> str:
        """A displacement has no unit of score."""
        return self.unit

    def effort(self, channels: int, samples: int) -> float:
        """Forward and backward once in each step."""
        return 3.0 * self.steps * samples

    def attribute(self, network: Network, batch: Batch, report: Report = silent) -> Findings:
        """Displacement [batch, time], the shifted signal, the objective, probabilities before and after, and facts."""
        descent = Descent(self, engine.frozen(network), batch)
        losses = []
        for step in range(0, self.steps, REPORT_EVERY):
            losses += [descent.step() for _ in range(min(REPORT_EVERY, self.steps - step))]
            report(Progress(step / self.steps, float(losses[-1].mean()), descent.milliseconds()[:, None]))
        losses.append(descent.objective())
        moved, shifted = descent.moved(descent.grid), descent.shifted(descent.grid)
        milliseconds = descent.milliseconds()
        tracks = [
            Track("displacement", "displacement", ("time",), milliseconds, self.unit),
            Track("signal", "shifted signal", MAP, shifted.cpu().numpy()),
            Track("loss", "objective", ("step",), torch.stack(losses, dim=1).float().cpu().numpy(), self.score),
            *_probabilities(descent, shifted),
            *_facts(batch, moved.cpu().numpy()),
        ]
        report(Progress(1.0, float(losses[-1].mean())))
        return Findings(tuple(tracks))


class Descent:
    """The displacements of a batch on their way down; each window's are its own."""

    def __init__(self, settings: ShiftMask, network: Network, batch: Batch) -> None:
        self.settings, self.network, self.fs = settings, network, batch.fs
        self.signals, self.targets = (one.to(engine.device()) for one in (batch.signals, batch.targets))
        samples = self.signals.shape[2]
        count = max(2, round(samples / batch.fs * 1000 / settings.spacing) + 1)
        self.spread = interpolation(count, samples).to(self.signals.device)
        random = torch.randn(count, generator=torch.Generator().manual_seed(settings.seed), dtype=torch.float64)
        # The same for every window: what stands beside it in a batch changes nothing.
        self.grid = (START * random).to(self.signals.device).repeat(len(self.signals), 1)
        self.optimiser = torch.optim.Adam([self.grid], lr=settings.learning_rate)

    def moved(self, grid: Tensor) -> Tensor:
        """By how many samples later each sample [batch, samples] of the window is read, from grid [batch, any]."""
        return grid @ self.spread.T * ((self.signals.shape[2] - 1) / 2)

    def shifted(self, grid: Tensor) -> Tensor:
        """The signal [batch, leads, samples] read at the moved places, linear in between."""
        left, right, share, _ = self._read(grid)
        return (left * (1 - share) + right * share).to(self.signals.dtype)

    def milliseconds(self) -> Floats:
        """By how much later each sample [batch, samples] stands than before, in ms."""
        found: Floats = (-self.moved(self.grid) * 1000 / self.fs).detach().float().cpu().numpy()
        return found

    def objective(self) -> Tensor:
        """λ1·‖d‖₁ + λ2·Σ|d_{i+1} − d_i| + score [batch], now."""
        score = engine.scores(self.network, self.shifted(self.grid), self.targets, self.settings.score)
        return score + self.penalty(self.grid)

    def penalty(self, grid: Tensor) -> Tensor:
        """λ1·‖d‖₁ + λ2·Σ|d_{i+1} − d_i| [batch]."""
        rough = grid.diff(dim=1).abs().sum(dim=1)
        return self.settings.lambda1 * grid.abs().sum(dim=1) + self.settings.lambda2 * rough

    def gradient(self, grid: Tensor) -> tuple[Tensor, Tensor]:
        """The objective [batch] and its gradient [batch, any] with respect to the displacements."""
        left, right, share, inside = self._read(grid)
        inputs = (left * (1 - share) + right * share).to(self.signals.dtype)
        score, slope = engine.gradient(self.network, inputs, self.targets, self.settings.score)
        along = (slope * (right - left) * inside).sum(dim=1).double()  # [batch, samples], score per sample moved
        own = along @ self.spread * ((self.signals.shape[2] - 1) / 2)
        rise = torch.nn.functional.pad(grid.diff(dim=1).sign(), (1, 1))
        smooth = rise[:, :-1] - rise[:, 1:]
        return score + self.penalty(grid), own + self.settings.lambda1 * grid.sign() + self.settings.lambda2 * smooth

    def step(self) -> Tensor:
        """One step of Adam; the objective [batch] before it."""
        objective, self.grid.grad = self.gradient(self.grid)
        self.optimiser.step()
        self.grid.clamp_(-1.0, 1.0)
        return objective

    def _read(self, grid: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """The signal [batch, leads, samples] left and right of each moved place, how far it is, and whether within."""
        samples = self.signals.shape[2]
        wanted = torch.arange(samples, dtype=torch.float64, device=grid.device) + self.moved(grid)
        places = wanted.clamp(0, samples - 1)
        first = places.floor().long().clamp(max=max(0, samples - 2))
        share, inside = (places - first)[:, None], (places == wanted)[:, None]
        at = first[:, None].expand_as(self.signals)
        beyond = (at + 1).clamp(max=samples - 1)
        return self.signals.gather(2, at), self.signals.gather(2, beyond), share.to(self.signals.dtype), inside


def interpolation(count: int, samples: int) -> Tensor:
    """Weights [samples, count] that spread `count` values over a window in straight lines, the ends at its ends."""
    places = torch.linspace(0, count - 1, samples, dtype=torch.float64)
    return (1 - (places[:, None] - torch.arange(count, dtype=torch.float64)).abs()).clamp(min=0)


def _probabilities(descent: Descent, shifted: Tensor) -> list[Track]:
    """Every class before, after, and with the same displacement at other places; and whether the output changed."""
    count = descent.grid.shape[1]
    rolls = sorted({count * i // (ELSEWHERE + 1) for i in range(1, ELSEWHERE + 1)} - {0})
    elsewhere = [descent.shifted(descent.grid.roll(by, dims=1)) for by in rolls]
    answers = [
        chances(descent.network, engine.logits(descent.network, signals)).cpu()
        for signals in (descent.signals, shifted, *elsewhere)
    ]
    mean = torch.stack(answers[2:] or answers[:1]).mean(dim=0)
    flips = answers[0].argmax(dim=1) != answers[1].argmax(dim=1)
    named = {"before": answers[0], "after": answers[1], "same shift elsewhere": mean}
    tracks = [Track("probability", name, ("class",), one.numpy(), "probability", 1.0) for name, one in named.items()]
    return [*tracks, Track("probability", "flips", (), flips.float().numpy())]


def _facts(batch: Batch, moved: Floats) -> list[Track]:
    """What no rhythm does, of each window; nothing where nobody said where beats are."""
    if batch.marks is None:
        return []
    samples = np.arange(moved.shape[1])
    found: list[Plausibility] = []
    for row, marks in zip(moved, batch.marks, strict=True):
        found.append(plausibility(samples + row.astype(np.float64), beat_marks(marks), batch.fs))
    columns = np.array([astuple(one) for one in found], dtype=np.float32).T
    names = [one.name for one in fields(Plausibility)]
    return [
        Track("displacement", name.replace("_", " "), (), values, FACTS[name])
        for name, values in zip(names, columns, strict=True)
    ]
