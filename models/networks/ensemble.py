"""Several networks that answer together: the mean of their probabilities."""

import math
from dataclasses import replace
from functools import cached_property
from typing import Any, ClassVar, cast

import torch
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor, nn

from models.errors import InvalidError, UnsupportedError
from models.networks import build
from models.networks.base import Network, NetworkConfig
from models.networks.feature_maps import ClassMap, FeatureMap, Grid
from models.networks.protocols import ClassMaps, Features, OverTime, Placed, lacks

PROBE = 1024  # samples over which the members' steps are counted


class MemberConfig(BaseModel):
    """One network of the ensemble."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    architecture: str
    config: dict[str, Any]


class EnsembleConfig(NetworkConfig):
    """The networks that answer together; they read the same input and know the same classes."""

    members: tuple[MemberConfig, ...] = Field(min_length=1)


class Ensemble(Network):
    """The logarithm of the members' mean probability, so that its softmax is that mean."""

    architecture: ClassVar[str] = "ensemble"
    Config: ClassVar[type[NetworkConfig]] = EnsembleConfig
    config: EnsembleConfig

    def __init__(self, config: EnsembleConfig) -> None:
        super().__init__()
        self.config = config
        self.members = nn.ModuleList(build(member.architecture, member.config) for member in config.members)
        for network in self.members:
            for what in ("leads", "classes"):
                own, wanted = getattr(network.config, what), getattr(config, what)
                if own != wanted:
                    raise InvalidError(f"A member has {own} {what}, the ensemble {wanted}", field=what)

    def forward(self, signals: Tensor) -> Tensor:
        """Logits [batch, classes] of signals [batch, leads, samples]."""
        return self._mean([network(signals) for network in self.members])

    def temporal(self, signals: Tensor) -> Tensor:
        """Logits [batch, steps, classes]; UnsupportedError where the members do not step together."""
        self._check(OverTime, "Decision over time")
        over_time = [cast(OverTime, network).temporal(signals) for network in self.members]
        if len(steps := {logits.shape[1] for logits in over_time}) > 1:
            counts = ", ".join(map(str, sorted(steps)))
            raise UnsupportedError(f"Decision over time: the networks of this ensemble take {counts} steps")
        return self._mean(over_time)

    def grid(self, samples: int) -> Grid | None:
        """The grid of the members' steps, where all say the same."""
        grids = {network.grid(samples) if isinstance(network, Placed) else None for network in self.members}
        return grids.pop() if len(grids) == 1 else None

    def traced(self, signals: Tensor, layer: int | None = None) -> tuple[Tensor, tuple[FeatureMap, ...]]:
        """Logits [batch, classes], and each member's map of one layer; UnsupportedError where a member has none."""
        self._check(Features, "Feature maps")
        found = [cast(Features, network).traced(signals, layer) for network in self.members]
        return self._mean([logits for logits, _ in found]), tuple(one for _, maps in found for one in maps)

    def class_maps(self, signals: Tensor) -> tuple[ClassMap, ...]:
        """All members' class maps, which add up to the mean of their logits; UnsupportedError where a member has none.

        The ensemble's own score is the logarithm of their mean probability, which has no map.
        """
        self._check(ClassMaps, "Class activation")
        found = [one for network in self.members for one in cast(ClassMaps, network).class_maps(signals)]
        return tuple(replace(one, share=one.share / len(self.members)) for one in found)

    def refuses(self, power: type) -> str | None:
        """A power is the ensemble's where all members have it and, over time, take their steps together."""
        if reason := next(filter(None, (lacks(network, (power,)) for network in self.members)), None):
            return f"has a member without it: {reason}"
        if power is OverTime and len(self._steps) > 1:
            return f"has networks that take {', '.join(map(str, sorted(self._steps)))} steps over {PROBE} samples"
        return None

    @cached_property
    def _steps(self) -> set[int]:
        """How many steps the members take over a signal of PROBE samples."""
        like = next(self.parameters())
        signal = like.new_zeros((1, self.config.leads, PROBE))
        with torch.inference_mode():
            return {cast(OverTime, network).temporal(signal).shape[1] for network in self.members}

    def _check(self, power: type, what: str) -> None:
        """UnsupportedError where the ensemble has not got a power."""
        if reason := self.refuses(power):
            raise UnsupportedError(f"{what}: this ensemble {reason}")

    def _mean(self, logits: list[Tensor]) -> Tensor:
        chances = torch.stack([one.log_softmax(dim=-1) for one in logits])
        return chances.logsumexp(dim=0) - math.log(len(logits))
