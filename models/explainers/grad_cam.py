"""Grad-CAM: feature maps weighted by how the score answers to them."""

from typing import ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor

from models.explainers import engine
from models.explainers.base import Explainer, Group, Report, silent
from models.explainers.reading import in_parts, over_channels
from models.explainers.tracks import Batch, Findings, Track
from models.explainers.wording import MethodWording
from models.networks.base import Network
from models.networks.feature_maps import FeatureMap, at_samples
from models.networks.protocols import Features

LAYERS = 64


class GradCAM(Explainer):
    """Σ_k α_k A_k(t) with α_k the mean over time of ∂s_c/∂A_k; of several networks' maps the sum.

    Where the scores are linear in the maps' means it is the class activation map divided by the number of steps.
    """

    title: ClassVar[str] = "Grad-CAM"
    summary: ClassVar[str] = (
        "Where the feature maps of a layer are active that, on average, raise the score; "
        "for networks that do not pool over time as well."
    )
    source: ClassVar[str] = "Selvaraju et al. 2017; paper 002, §6"
    formula: ClassVar[str] = "R_t = ReLU(Σ_k mean_t(∂s_c/∂A_k(t)) · A_k(t))"
    group: ClassVar[Group] = "gradient"
    cost: ClassVar[Literal["instant", "queued"]] = "instant"
    needs: ClassVar[tuple[type, ...]] = (Features,)
    signed: ClassVar[bool] = True
    unit: ClassVar[str] = "logit"
    measured_scale: ClassVar[bool] = True
    wording: ClassVar[MethodWording] = MethodWording(
        "the {} of the window with the highest activation", "of the activation", "{} of it speaks against the class"
    )

    method: Literal["grad_cam"] = "grad_cam"
    layer: int = Field(
        0, title="Layer", description="Which convolution's map, counted from 1; 0 is the last.", ge=0, le=LAYERS
    )
    sign: Literal["positive", "both"] = Field(
        "positive", title="Sign", description="Only what raises the score, as published, or what lowers it as well."
    )
    score: engine.Score = "logit"

    def attribute(self, network: Network, batch: Batch, report: Report = silent) -> Findings:
        """The map [batch, channels, samples], interpolated between the centres of what the steps see."""
        samples = batch.signals.shape[2]

        def read(frozen: Network, signals: Tensor, targets: Tensor) -> list[Tensor]:
            maps, slopes = sloped(frozen, signals, targets, self.layer, self.score)
            found = [weighted(one, slope, self.sign) for one, slope in zip(maps, slopes, strict=True)]
            placed = [at_samples(one[:, None], maps[i].grid, samples)[:, 0] for i, one in enumerate(found)]
            field = torch.full((len(signals),), float(max(one.grid.field for one in maps)))
            return [torch.stack(placed).sum(dim=0), field]

        values, field = in_parts(network, batch, read, report)
        sees = Track("signal", "one step sees", (), field, "samples")
        return Findings.of_map(over_channels(values, batch.signals.shape[1]), self.units, sees)


def sloped(
    network: Network, signals: Tensor, targets: Tensor, layer: int, score: engine.ScoreKind
) -> tuple[tuple[FeatureMap, ...], tuple[Tensor, ...]]:
    """The maps of a layer (0: the last) and the score's gradient with respect to each [batch, maps, steps]."""
    assert isinstance(network, Features)
    # The weights are constant: without this nothing in the graph would have a gradient.
    logits, maps = network.traced(signals.requires_grad_(), layer or None)
    chosen = engine.pick(network, logits, targets, score).sum()
    return maps, torch.autograd.grad(chosen, [one.values for one in maps])


def weighted(one: FeatureMap, slope: Tensor, sign: str = "positive") -> Tensor:
    """Grad-CAM [batch, steps] of a map and the score's gradient with respect to it [batch, maps, steps]."""
    found = torch.einsum("bk,bkt->bt", slope.mean(dim=-1), one.values)
    return found.relu() if sign == "positive" else found
