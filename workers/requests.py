"""What a worker is asked to do, complete in itself: it needs no recording and holds no patient's name."""

import base64
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator


class ExplanationRequest(BaseModel):
    """One window, one model, one method: everything that decides the result, under the id that is its hash."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[0-9a-f]{8,64}$")
    model: str  # id in the zoo
    weights_sha256: str  # the worker must hold the same weights
    input: str  # base64 of little-endian float32, [leads, samples], as the network reads it
    shape: tuple[int, int]  # leads, samples
    target: int | None  # class index; None = the model's own answer
    explainer: dict[str, Any]  # parameters with their `method`

    @classmethod
    def of(
        cls,
        *,
        id: str,
        model: str,
        weights_sha256: str,
        inputs: ArrayLike,
        target: int | None,
        explainer: dict[str, Any],
    ) -> Self:
        """Pack inputs [leads, samples]."""
        array = np.ascontiguousarray(inputs, dtype="<f4")
        leads, samples = array.shape
        packed = base64.b64encode(array.tobytes()).decode("ascii")
        return cls(
            id=id,
            model=model,
            weights_sha256=weights_sha256,
            input=packed,
            shape=(leads, samples),
            target=target,
            explainer=explainer,
        )

    @model_validator(mode="after")
    def _input_fills_shape(self) -> Self:
        found, expected = len(base64.b64decode(self.input, validate=True)), 4 * self.shape[0] * self.shape[1]
        if found != expected or expected == 0:
            raise ValueError(f"input holds {found} bytes, shape {list(self.shape)} needs {expected}")
        return self

    def inputs(self) -> NDArray[np.float32]:
        """The window, [leads, samples]."""
        flat = np.frombuffer(base64.b64decode(self.input), dtype="<f4")
        return flat.reshape(self.shape).astype(np.float32)
