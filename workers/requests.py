"""What a worker is asked to do, complete in itself: it needs no recording and holds no patient's name."""

import base64
import math
from typing import Any, ClassVar, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator


class Request(BaseModel):
    """Base of every kind of work: subclasses name their `kind` and hold everything that decides the result."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    remembered: ClassVar[int] = 600  # seconds that RQ remembers the finished job; the cache keeps its result longer

    id: str = Field(pattern=r"^[0-9a-f]{8,64}$")  # hash of the work: equal work is one job and one result
    kind: str  # subclasses: Literal["explanation"] = "explanation"

    @property
    def words(self) -> str:
        """What this is, for the log."""
        return self.kind


class WindowsJob(Request):
    """Work of one model on windows as its network reads them."""

    model: str  # id in the zoo
    weights_sha256: str  # the worker must hold the same weights
    input: str  # base64 of little-endian float32 in the order of `shape`
    shape: tuple[int, ...]  # [leads, samples] of one window, [windows, leads, samples] of many

    @classmethod
    def of(cls, *, inputs: ArrayLike, **fields: Any) -> Self:
        """Pack inputs [leads, samples] or [windows, leads, samples]; `fields` are the others."""
        array = np.ascontiguousarray(inputs, dtype="<f4")
        return cls(input=base64.b64encode(array.tobytes()).decode("ascii"), shape=array.shape, **fields)

    @model_validator(mode="after")
    def _input_fills_shape(self) -> Self:
        found, expected = len(base64.b64decode(self.input, validate=True)), 4 * math.prod(self.shape)
        if found != expected or expected == 0:
            raise ValueError(f"input holds {found} bytes, shape {list(self.shape)} needs {expected}")
        return self

    @property
    def words(self) -> str:
        """What this is, for the log."""
        return f"{self.kind} by {self.model}"

    def inputs(self) -> NDArray[np.float32]:
        """The windows, of `shape`."""
        flat = np.frombuffer(base64.b64decode(self.input), dtype="<f4")
        return flat.reshape(self.shape).astype(np.float32)


class MapJob(WindowsJob):
    """One window, one model, one method."""

    shape: tuple[int, int]  # leads, samples
    target: int | None  # class index; None = the model's own answer
    explainer: dict[str, Any]  # parameters with their `method`
    doing: ClassVar[str] = ""  # what the log says before the method

    @property
    def words(self) -> str:
        """What this is, for the log."""
        return f"{self.doing}{self.explainer.get('method')} of {self.model}"


class ExplanationJob(MapJob):
    """What a method says of the window."""

    kind: Literal["explanation"] = "explanation"


class TrustJob(MapJob):
    """Whether the map of a method holds up on the window."""

    kind: Literal["trust"] = "trust"
    doing = "trust in "


class PredictionJob(WindowsJob):
    """Many windows, one model: what it answers for each."""

    remembered = 0  # hundreds of these may pass in a minute, each with half a megabyte of windows
    kind: Literal["predict"] = "predict"
    shape: tuple[int, int, int]  # windows, leads, samples
