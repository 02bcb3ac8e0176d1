"""Temporal output score: what the network would say if the window ended here."""

from typing import ClassVar, Literal

import torch
from torch import Tensor

from models.explainers import engine
from models.explainers.base import Explainer, Progress, Relevance, Report, silent
from models.networks.base import Network


class TemporalScore(Explainer):
    """Probability of every class after each step; it shows when a decision tips, not what tipped it."""

    title: ClassVar[str] = "Temporal output score"
    summary: ClassVar[str] = (
        "The probability of the class after each sample, as if the window ended there: when the decision tips, not why."
    )
    source: ClassVar[str] = "van der Westhuizen & Lasenby 2018, §3.1; Lanchantin et al. 2017"
    cost: ClassVar[Literal["instant", "queued"]] = "instant"
    unit: ClassVar[str] = "probability"
    ranks: ClassVar[bool] = False
    full_scale: ClassVar[float | None] = 1.0

    method: Literal["temporal_score"] = "temporal_score"

    @classmethod
    def unsupported(cls, network: Network) -> str | None:
        """Networks that answer only once have no score over time."""
        if type(network).temporal is Network.temporal:
            return f"{type(network).__name__} gives no answer before the end of the window"
        return None

    def attribute(self, network: Network, signals: Tensor, targets: Tensor, report: Report = silent) -> Relevance:
        """Probability of targets [batch] after each sample, the same in every lead.

        Extras: `probabilities` [batch, samples, classes]; `last_switch` [batch], the first sample from which the
        most probable class is the final one and stays so.
        """
        # A network with fewer steps than samples keeps each step's answer until the next.
        steps = engine.temporal(network, signals)
        samples = torch.arange(signals.shape[2])
        curves = steps[:, samples * steps.shape[1] // len(samples)]
        own = curves.gather(2, targets[:, None, None].expand(-1, len(samples), 1))
        report(Progress(1.0))
        return Relevance(
            own.transpose(1, 2).expand_as(signals).numpy(),
            {"probabilities": curves.numpy(), "last_switch": last_switch(curves).to(curves.dtype).numpy()},
        )


def last_switch(curves: Tensor) -> Tensor:
    """First sample [batch] from which the arg-max of curves [batch, samples, classes] is the final one and stays."""
    winner = curves.argmax(dim=2)
    samples = torch.arange(1, winner.shape[1] + 1)
    return (samples * (winner != winner[:, -1:])).amax(dim=1)
