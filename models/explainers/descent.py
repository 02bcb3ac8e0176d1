"""How a mask is learned: the objective of paper 000's eq. 2, and Adam on it, by the kernels or by autograd.

Masks are float64 whatever the network is: in float32 neighbouring samples that move in lockstep are equal more often
than they should be, and the sign of their difference is what eq. 2's roughness is differentiated to.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import torch
from torch import Tensor

from models.explainers import engine
from models.networks.base import Network

if TYPE_CHECKING:
    from models.explainers.mask import LearnedMask


@dataclass
class Problem:
    """The objective of one batch, window by window, and its gradient. All tensors lie on one device."""

    settings: "LearnedMask"
    network: Network  # frozen
    signals: Tensor  # [batch, leads, samples]
    targets: Tensor  # [batch]
    value: Tensor  # [batch, leads, samples], k
    generator: torch.Generator = field(init=False)

    def __post_init__(self) -> None:
        self.generator = torch.Generator().manual_seed(self.settings.seed)

    def masked(self, mask: Tensor) -> Tensor:
        """m⊙x + k(1−m), eq. 1, written so that m = 1 gives x exactly."""
        return (mask * self.signals + self.value * (1 - mask)).to(self.signals.dtype)

    def penalty(self, mask: Tensor) -> Tensor:
        """λ1·‖1−m‖₁ + λ2·Σ|m_{t+1}−m_t| of each beat [batch], summed over leads."""
        size = (1 - mask).abs().sum(dim=(1, 2))
        roughness = mask.diff(dim=2).abs().sum(dim=(1, 2))
        return self.settings.lambda1 * size + self.settings.lambda2 * roughness

    def gradient(self, mask: Tensor, shift: int = 0) -> tuple[Tensor, Tensor]:
        """The objective [batch] and its gradient [batch, leads, samples] with respect to the mask.

        `shift` moves the window by so many samples; the ends repeat the first or the last.
        """
        inputs, at = self.masked(mask), None
        if shift:
            at = (torch.arange(mask.shape[2], device=mask.device) + shift).clamp(0, mask.shape[2] - 1)
            inputs = inputs[:, :, at]
        score, slope = engine.gradient(self.network, inputs, self.targets, self.settings.score)
        if at is not None:
            slope = torch.zeros_like(slope).index_add_(2, at, slope)
        rise = mask.diff(dim=2).sign()
        smooth = torch.zeros_like(mask)
        smooth[:, :, 1:] += rise
        smooth[:, :, :-1] -= rise
        # d|1−m|/dm = −sign(1−m): none where nothing is deleted.
        regular = self.settings.lambda2 * smooth - self.settings.lambda1 * (1 - mask).sign()
        return score + self.penalty(mask), slope * (self.signals - self.value) + regular

    def spread(self, coarse: Tensor) -> Tensor:
        """A mask [batch, leads, samples] from its values [batch, leads, pieces] of `resolution` samples each."""
        size, samples = self.settings.resolution, self.signals.shape[2]
        return coarse if size == 1 else coarse.repeat_interleave(size, dim=2)[:, :, :samples]

    def gathered(self, slope: Tensor) -> Tensor:
        """The gradient [batch, leads, pieces] of a mask's values from that of its samples: the inverse of `spread`."""
        size = self.settings.resolution
        if size == 1:
            return slope
        padded = torch.nn.functional.pad(slope, (0, -slope.shape[2] % size))
        return padded.reshape(*padded.shape[:2], -1, size).sum(dim=3)

    def shifts(self, steps: int) -> Tensor:
        """By how many samples the window is moved in each of the next steps [steps]."""
        most = self.settings.jitter
        if not most:
            return torch.zeros(steps, dtype=torch.int64)
        return torch.randint(-most, most + 1, (steps,), generator=self.generator)


class Descent(Protocol):
    """A mask on its way down."""

    @property
    def mask(self) -> Tensor:
        """The masks now [batch, leads, samples] in float64, not to be written to."""

    def advance(self, steps: int) -> Tensor:
        """Make steps; the objective [batch, steps] before each of them."""


def descent(problem: Problem) -> Descent:
    """The fastest way down that there is for this problem; the kernels know a value for each sample only."""
    fine = problem.settings.resolution == 1
    backend = Compiled if fine and engine.compiled(problem.network, problem.signals) else Autograd
    return backend(problem)


class Compiled:
    """By the kernels, in blocks of windows."""

    def __init__(self, problem: Problem) -> None:
        from models.kernels import descent
        from models.kernels.weights import pack

        settings = problem.settings
        self.problem = problem
        self.descent = descent.Descent(
            pack(problem.network, settings.score),
            problem.signals.numpy(),
            problem.value.numpy(),
            problem.targets.numpy(),
            settings.initial,
            descent.Costs(settings.lambda1, settings.lambda2, settings.learning_rate),
        )

    @property
    def mask(self) -> Tensor:
        """The masks now."""
        return torch.from_numpy(self.descent.mask)

    def advance(self, steps: int) -> Tensor:
        """Make steps."""
        return torch.from_numpy(self.descent.advance(self.problem.shifts(steps).numpy()))


class Autograd:
    """By PyTorch, all windows at once."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        pieces = problem.signals[:, :, :: problem.settings.resolution]
        self.values = torch.full_like(pieces, problem.settings.initial, dtype=torch.float64)
        on_gpu = self.values.device.type == "cuda"
        self.optimiser = torch.optim.Adam([self.values], lr=problem.settings.learning_rate, capturable=on_gpu)
        self.objective = torch.zeros_like(self.values[:, 0, 0])
        self._straight = self._recorded() if on_gpu else self._step

    @property
    def mask(self) -> Tensor:
        """The masks now."""
        return self.problem.spread(self.values)

    def advance(self, steps: int) -> Tensor:
        """Make steps."""
        objectives = []
        for shift in self.problem.shifts(steps).tolist():
            if shift:
                self._step(shift)
            else:
                self._straight()
            objectives.append(self.objective.clone())
        return torch.stack(objectives, dim=1)

    def _step(self, shift: int = 0) -> None:
        objective, slope = self.problem.gradient(self.mask, shift)
        self.values.grad = self.problem.gathered(slope)
        self.objective.copy_(objective)
        self.optimiser.step()
        self.values.clamp_(0.0, 1.0)

    def _recorded(self) -> Callable[[], None]:
        """A step without shift as one CUDA graph: the hundreds of small launches in it cost more than the work.

        CUDA asks that steps be made before one is recorded; they are undone.
        """
        aside = torch.cuda.Stream()  # type: ignore[no-untyped-call]
        aside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(aside):
            for _ in range(3):
                self._step()
        torch.cuda.current_stream().wait_stream(aside)
        self._rewind()
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            self._step()
        return graph.replay

    def _rewind(self) -> None:
        """Back to the start, in the same memory."""
        self.values.fill_(self.problem.settings.initial)
        for state in self.optimiser.state.values():
            for part in state.values():
                part.zero_()
