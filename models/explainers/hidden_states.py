"""Hidden states and gates: what a recurrent network carries along, and what it lets in, keeps and lets out."""

from typing import ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor

from models.errors import InvalidError
from models.explainers.base import Explainer, Group, Report, silent
from models.explainers.reading import grid_of, in_parts
from models.explainers.tracks import Batch, Dim, Findings, Floats, Role, Track
from models.networks.base import Network
from models.networks.protocols import States

UNITS = 4096


class HiddenStates(Explainer):
    """States and gates of each unit at each step that the recurrent layers read; no relevance."""

    title: ClassVar[str] = "Hidden states and gates"
    summary: ClassVar[str] = (
        "What each recurrent unit holds over time, and its gates: 1 is open, 0 shut. "
        "A unit that moves need not matter to the decision."
    )
    source: ClassVar[str] = "Paper 002, §4.3.4 and §5.3.4, eq. 2.10–2.14; Karpathy et al. 2015"
    formula: ClassVar[str] = "h_t, c_t, i_t, f_t, g_t, o_t of each unit"
    group: ClassVar[Group] = "network"
    cost: ClassVar[Literal["instant", "queued"]] = "instant"
    needs: ClassVar[tuple[type, ...]] = (States,)
    roles: ClassVar[tuple[Role, ...]] = ("state",)
    unit: ClassVar[str] = "state"

    method: Literal["hidden_states"] = "hidden_states"
    first: int = Field(1, title="First unit", description="The first unit shown, counted from 1.", ge=1, le=UNITS)
    count: int = Field(8, title="Units", description="How many are shown from there on, of each layer.", ge=1, le=64)

    def effort(self, channels: int, samples: int) -> float:
        """One reading, step by step."""
        return 2.0 * samples

    def attribute(self, network: Network, batch: Batch, report: Report = silent) -> Findings:
        """A track [batch, unit, time] for each state and gate, or [batch, unit, step] beside `step centres`."""
        samples = batch.signals.shape[2]
        names: list[str] = []

        def read(frozen: Network, signals: Tensor, targets: Tensor) -> list[Tensor]:
            with torch.no_grad():
                assert isinstance(frozen, States)
                found = frozen.states(signals)
            names[:] = found
            self._check(next(iter(found.values())).shape[1])
            chosen = [values[:, self.first - 1 :][:, : self.count] for values in found.values()]
            first, stride, _ = grid_of(frozen, samples, chosen[0].shape[2])
            centres = first + stride * torch.arange(chosen[0].shape[2], dtype=torch.float64)
            return [*chosen, centres.expand(len(signals), -1)]

        *values, centres = in_parts(network, batch, read, report)
        dim: Dim = "time" if centres.shape[1] == samples else "step"
        tracks = [self._track(name, dim, one) for name, one in zip(names, values, strict=True)]
        beside = [] if dim == "time" else [Track("signal", "step centres", ("step",), centres, "samples")]
        return Findings((*tracks, *beside))

    def _track(self, name: str, dim: Dim, values: Floats) -> Track:
        units = tuple(f"unit {self.first + i}" for i in range(values.shape[1]))
        full = None if name.startswith("cell") else 1.0
        return Track("state", name, ("unit", dim), values, full=full, labels={"unit": units})

    def _check(self, known: int) -> None:
        """InvalidError where there is no such unit."""
        if self.first > known:
            raise InvalidError(f"first = {self.first}: this network's layers have units 1 to {known}", field="first")
