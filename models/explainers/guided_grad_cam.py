"""Guided Grad-CAM: the fine grain of guided backpropagation where Grad-CAM says that it matters."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Literal

import numpy as np
import torch
from pydantic import Field
from torch import Tensor
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from models.explainers import engine
from models.explainers.base import Explainer, Group, Report, silent
from models.explainers.grad_cam import LAYERS, GradCAM
from models.explainers.reading import in_parts
from models.explainers.tracks import MAP, Batch, Findings, Floats, Track
from models.explainers.wording import MethodWording
from models.networks.base import Network
from models.networks.protocols import Features


class GuidedGradCAM(Explainer):
    """Guided backpropagation times Grad-CAM, sample by sample."""

    title: ClassVar[str] = "Guided Grad-CAM"
    summary: ClassVar[str] = (
        "Which samples the convolutions answer to, where Grad-CAM is active. "
        "Guided backpropagation hardly depends on the class: it shows the signal's edges more than the decision."
    )
    source: ClassVar[str] = "Selvaraju et al. 2017; Springenberg et al. 2015; Adebayo et al. 2018"
    formula: ClassVar[str] = "R_t = ∂s_c/∂x_t, ReLUs passing back what is positive alone, times Grad-CAM"
    group: ClassVar[Group] = "gradient"
    cost: ClassVar[Literal["instant", "queued"]] = "instant"
    needs: ClassVar[tuple[type, ...]] = (Features,)
    signed: ClassVar[bool] = True
    unit: ClassVar[str] = "logit² per SD"
    measured_scale: ClassVar[bool] = True
    wording: ClassVar[MethodWording] = MethodWording(
        "the {} of the window where the product is largest",
        "of the product",
        "on {} of it the guided slope is negative",
    )

    method: Literal["guided_grad_cam"] = "guided_grad_cam"
    layer: int = Field(
        0, title="Layer", description="Which convolution's map weighs, counted from 1; 0 is the last.", ge=0, le=LAYERS
    )

    def effort(self, channels: int, samples: int) -> float:
        """Forward and backward twice."""
        return 6.0 * samples

    def attribute(self, network: Network, batch: Batch, report: Report = silent) -> Findings:
        """The product [batch, channels, samples], and the guided slope alone."""
        (guided,) = in_parts(network, batch, guided_slope, report)
        coarse = GradCAM(layer=self.layer).attribute(network, batch).values
        slope = Track("relevance", "guided backpropagation", MAP, guided, "logit per SD")
        product = Track("relevance", "relevance", MAP, guided * coarse, self.units)
        return Findings((product, slope))

    def importance(self, values: Floats) -> Floats:
        """The magnitude."""
        return np.abs(values)


def guided_slope(network: Network, signals: Tensor, targets: Tensor) -> list[Tensor]:
    """Gradient [batch, leads, samples] of the targets' logits, of which ReLUs pass back only what is positive."""
    inputs = signals.detach().requires_grad_()
    with GuidedReLU():
        score = engine.pick(network, network(inputs), targets, "logit")
    (slope,) = torch.autograd.grad(score.sum(), inputs)
    return [slope]


class GuidedReLU(TorchFunctionMode):
    """Replaces every ReLU that this thread computes, as a module or as a function.

    Hooks on modules, as Captum's, would not see a ReLU called as a function, and would be seen by other threads.
    """

    def __torch_function__(
        self, func: Callable[..., Any], types: Sequence[type], args: Sequence[Any] = (), kwargs: Any = None
    ) -> Any:
        if func in RELUS:
            return _Guided.apply(args[0])  # type: ignore[no-untyped-call]
        return func(*args, **(kwargs or {}))


RELUS = (functional.relu, torch.relu, torch.relu_, Tensor.relu, Tensor.relu_)


class _Guided(torch.autograd.Function):
    @staticmethod
    def forward(context: Any, values: Tensor) -> Tensor:
        context.save_for_backward(values)
        return values.clamp(min=0)

    @staticmethod
    def backward(context: Any, *slopes: Tensor) -> Tensor:
        (values,) = context.saved_tensors
        passed: Tensor = slopes[0].clamp(min=0) * (values > 0)
        return passed
