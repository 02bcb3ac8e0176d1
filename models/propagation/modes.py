"""Operations of a network replaced by rules, by their names, while one thread computes."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from torch import Tensor
from torch.overrides import TorchFunctionMode

from models.errors import UnsupportedError

Handler = Callable[..., Any]
ARRANGED = {"pad", "transpose", "permute", "reshape", "view", "flatten", "unflatten", "squeeze", "unsqueeze", "flip"}
JOINED = {"cat", "stack", "split", "chunk", "unbind", "expand", "expand_as", "contiguous", "clone", "to", "float"}
PICKED = {"__getitem__", "amax", "dropout"}  # of a maximum the step that wins has it all; dropout is off
ROUTING = frozenset(ARRANGED | JOINED | PICKED)  # they change no number: what comes back goes where it came from


class RuleMode(TorchFunctionMode):
    """Base of the modes; UnsupportedError where a network does something that no rule is known for."""

    what: ClassVar[str]  # "Relevance propagation": how the refusal begins
    linear: ClassVar[frozenset[str]] = frozenset()  # operations that the derivative passes back rightly

    def handlers(self) -> Mapping[str, Handler]:
        """Operations that have a rule, by name."""
        raise NotImplementedError

    def __torch_function__(
        self, func: Callable[..., Any], types: Sequence[type], args: Sequence[Any] = (), kwargs: Any = None
    ) -> Any:
        name = getattr(func, "__name__", "")
        handler = self.handlers().get(name)
        if handler is not None and any(map(depends, args)):
            return handler(*args, **(kwargs or {}))
        found = func(*args, **(kwargs or {}))
        if name in ROUTING or name in self.linear or not _any_depends(found):
            return found
        raise UnsupportedError(f"{self.what}: there is no rule for {name or func}")


def depends(value: Any) -> bool:
    """Whether a value is a tensor that comes from the signal; weights and constants do not."""
    return isinstance(value, Tensor) and value.requires_grad


def _any_depends(found: Any) -> bool:
    return any(map(depends, found)) if isinstance(found, tuple | list) else depends(found)
