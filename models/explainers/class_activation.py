"""Class activation map: where the feature maps that speak for a class are active."""

from dataclasses import replace
from typing import ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor

from models.errors import InvalidError
from models.explainers.base import Explainer, Report, silent
from models.explainers.reading import in_parts, over_channels
from models.explainers.tracks import Batch, Findings, Role, Track
from models.explainers.wording import MethodWording
from models.networks.base import Network
from models.networks.feature_maps import ClassMap, at_samples
from models.networks.protocols import ClassMaps


class ClassActivation(Explainer):
    """CAM_c(t) = Σ_k w_{k,c} A_k(t), each step at the centre of what it sees, interpolated at every sample.

    Under average pooling its mean over the steps, with the bias, is the logit; under maximum pooling each map votes
    with its largest step alone: these are the winning steps, whose sum with the bias is the logit.
    Of networks that answer together it is the mean of their maps, which belongs to the mean of their logits.
    """

    title: ClassVar[str] = "Class activation map"
    summary: ClassVar[str] = (
        "Where the feature maps that speak for the class are active; negative where they speak against it. "
        "One value stands for everything that its step sees."
    )
    source: ClassVar[str] = "Paper 002, §3.2.1, eq. 3.1; Zhou et al. 2016"
    cost: ClassVar[Literal["instant", "queued"]] = "instant"
    needs: ClassVar[tuple[type, ...]] = (ClassMaps,)
    roles: ClassVar[tuple[Role, ...]] = ("relevance",)
    signed: ClassVar[bool] = True
    unit: ClassVar[str] = "logit"
    measured_scale: ClassVar[bool] = True
    wording: ClassVar[MethodWording] = MethodWording(
        "the {} of the window with the highest activation", "of the activation", "{} of it speaks against the class"
    )

    method: Literal["class_activation"] = "class_activation"
    layer: Literal["last", "intermediate"] = Field(
        "last",
        title="Layer",
        description="The last map, or an earlier and finer one, where the network has a classifier for it.",
    )

    def effort(self, channels: int, samples: int) -> float:
        """One reading."""
        return float(samples)

    def attribute(self, network: Network, batch: Batch, report: Report = silent) -> Findings:
        """The target's map [batch, channels, samples]; every class's, and the winning steps where there are any."""
        samples, channels = batch.signals.shape[2], batch.signals.shape[1]

        def read(frozen: Network, signals: Tensor, targets: Tensor) -> list[Tensor]:
            with torch.no_grad():
                assert isinstance(frozen, ClassMaps)
                maps = self._chosen(frozen.class_maps(signals))
                every = torch.stack([one.share * at_samples(activation(one), one.grid, samples) for one in maps]).sum(0)
                field = torch.full((len(signals),), float(max(one.grid.field for one in maps)))
                return [every, of_class(every, targets), field, *_winners(maps, targets, samples)]

        every, own, field, *won = in_parts(network, batch, read, report)
        tracks = [
            Track("relevance", "every class", ("class", "time"), every, self.unit),
            Track("signal", "one step sees", (), field, "samples"),
            *(Track("relevance", "winning steps", ("time",), values, self.unit) for values in won),
        ]
        return Findings.of_map(over_channels(own, channels), self.units, *tracks)

    def _chosen(self, maps: tuple[ClassMap, ...]) -> list[ClassMap]:
        """The maps of the layer asked for, with shares that sum to one; InvalidError where there are none."""
        chosen = [one for one in maps if one.depth == self.layer]
        if not chosen:
            message = f"layer = {self.layer}: this network has a classifier at the {maps[0].depth} map only"
            raise InvalidError(message, field="layer", options=tuple(sorted({one.depth for one in maps})))
        return shared_out(chosen)


def shared_out(maps: list[ClassMap]) -> list[ClassMap]:
    """Maps whose shares sum to one."""
    total = sum(one.share for one in maps)
    return [replace(one, share=one.share / total) for one in maps]


def activation(one: ClassMap) -> Tensor:
    """CAM [batch, classes, steps] of every class."""
    return torch.einsum("ck,bkt->bct", one.weights, one.values)


def of_class(values: Tensor, targets: Tensor) -> Tensor:
    """The values [batch, any] of the classes targets [batch], of values [batch, classes, any]."""
    return values[torch.arange(len(values), device=values.device), targets]


def winning(one: ClassMap, targets: Tensor) -> Tensor:
    """What each step [batch, steps] gives the score as the largest of a map; its sum and the bias are the logit."""
    largest, where = one.values.max(dim=-1)  # [batch, maps]
    given = largest * one.weights[targets]
    return one.values.new_zeros(len(given), one.values.shape[-1]).scatter_add_(1, where, given)


def _winners(maps: list[ClassMap], targets: Tensor, samples: int) -> list[Tensor]:
    """The winning steps of all maps under maximum pooling [batch, samples], each at the centre of what it sees."""
    won = [one for one in maps if one.pooling == "max"]
    if not won:
        return []
    placed = won[0].values.new_zeros(len(targets), samples)
    for one in won:
        steps = torch.arange(one.values.shape[-1], device=placed.device)
        centres = (one.grid.first + one.grid.stride * steps).round().long().clamp(0, samples - 1)
        placed.index_add_(1, centres, one.share * winning(one, targets))
    return [placed]
