"""What a network can do beyond answering, each as a protocol: a method of explanation names those that it needs.

A network has a power by having its functions; nothing is registered and nothing inherited. One that has them and
cannot use them as it is configured says so in `Network.refuses`, so that a method is not offered in vain.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

from torch import Tensor, nn

from models.networks.feature_maps import ClassMap, FeatureMap, Grid

State = tuple[Tensor, ...]  # each [any, batch, any]: what a network remembers of the samples read so far


@runtime_checkable
class OverTime(Protocol):
    """Gives an answer before the end of the window."""

    def temporal(self, signals: Tensor) -> Tensor:
        """Logits [batch, steps, classes] after each step of signals [batch, leads, samples]; the last is `forward`."""


@runtime_checkable
class Resumable(Protocol):
    """Can be interrupted in the middle of a window and go on later: windows that begin alike share that work."""

    def advance(self, signals: Tensor, state: State | None = None) -> State:
        """What is remembered once signals [batch, leads, samples] were read after `state`; None is the beginning."""

    def answer(self, state: State, samples: int) -> Tensor:
        """Logits [batch, classes] after `samples` samples: of a whole window the same as `forward`."""


@runtime_checkable
class States(Protocol):
    """Shows its hidden states."""

    def states(self, signals: Tensor) -> Mapping[str, Tensor]:
        """Name → values [batch, units, steps] over signals [batch, leads, samples]: "hidden", "cell", "forget gate"."""


@runtime_checkable
class Features(Protocol):
    """Has feature maps between the signal and the scores."""

    def traced(self, signals: Tensor, layer: int | None = None) -> tuple[Tensor, tuple[FeatureMap, ...]]:
        """Logits [batch, classes] of signals [batch, leads, samples], and the maps of a layer that they come from.

        All in one graph, so that the logits have a gradient with respect to the maps; several networks that answer
        together give a map each. Layers count from 1, None is the last; InvalidError for one that there is not.
        """


@runtime_checkable
class ClassMaps(Protocol):
    """Reads its class scores, by linear maps, from feature maps pooled over time."""

    def class_maps(self, signals: Tensor) -> tuple[ClassMap, ...]:
        """Every map of signals [batch, leads, samples] that is so read."""


@runtime_checkable
class Placed(Protocol):
    """Says where the steps of what it shows over time lie: of `temporal`, `states` and `attention`."""

    def grid(self, samples: int) -> Grid | None:
        """The grid of a signal of `samples` samples; None: evenly over it, as of a network that does not say."""


@runtime_checkable
class Attends(Protocol):
    """Weighs the parts of its input by attention."""

    def attention(self, signals: Tensor) -> Tensor:
        """Weights [batch, steps] or [batch, gates, steps] over signals [batch, leads, samples]."""


@runtime_checkable
class Relevant(Protocol):
    """Has rules by which relevance is passed back through its layers."""

    def relevance(self, signals: Tensor, targets: Tensor) -> Tensor:
        """Relevance [batch, leads, samples] of signals for the class indices targets [batch]."""


LACKS: dict[type, str] = {  # how a refusal says that a network has not got it
    OverTime: "gives no answer before the end of the window",
    Resumable: "cannot be interrupted in the middle of a window",
    States: "shows no hidden states",
    Features: "has no feature maps",
    ClassMaps: "does not read its class scores from feature maps pooled over time",
    Placed: "does not say where its steps lie in the signal",
    Attends: "has no attention",
    Relevant: "has no rules for passing relevance back",
}


def lacks(network: nn.Module, needs: Sequence[type]) -> str | None:
    """Why `network` does not do for a method that needs these protocols; None where it does."""
    reasons = (reason for need in needs if (reason := _without(network, need)))
    return next((f"{type(network).__name__} {reason}" for reason in reasons), None)


def _without(network: nn.Module, need: type) -> str | None:
    """Why `network` has not got one power, to go on after its name."""
    if not isinstance(network, need):
        return LACKS.get(need) or f"is not {need.__name__}"
    refuses = getattr(network, "refuses", None)  # of our own networks; another package's may be any module
    return refuses(need) if refuses else None


def powers(network: nn.Module) -> tuple[str, ...]:
    """Names of the protocols that `network` has."""
    return tuple(protocol.__name__ for protocol in LACKS if _without(network, protocol) is None)
