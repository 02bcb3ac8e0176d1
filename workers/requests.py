"""What a worker is asked to do, complete in itself: it needs no recording and holds no patient's name."""

import base64
import math
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

if TYPE_CHECKING:  # importing it would import torch
    from models.tasks import Question

REMEMBERED = 600  # seconds that RQ remembers a finished job; the cache keeps its result longer


class JobRequest(BaseModel):
    """One question of any task, as it travels through the queue."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[0-9a-f]{8,64}$")  # hash of the work: equal work is one job and one result
    task: str  # name of one of models.tasks
    model: str  # id in the zoo
    weights_sha256: str  # the worker must hold the same weights
    input: str | None = None  # base64 of little-endian float32 in the order of `shape`; None: the task reads none
    shape: tuple[int, ...] = ()
    parameters: dict[str, Any]  # the task's own, as JSON
    effort: float | None = None  # samples that the network has to read; None: not known beforehand
    pace: str = ""  # name of the measured speed, in samples per second, that belongs to it
    remembered: int = REMEMBERED

    @classmethod
    def of(cls, question: "Question[Any]", **fields: Any) -> Self:
        """Pack a question; `fields` are others than its own."""
        return cls(
            id=question.id,
            task=question.task.name,
            model=question.model.card.id,
            weights_sha256=question.model.weights_sha256,
            **packed(question.inputs),
            parameters=question.parameters.model_dump(mode="json"),
            effort=question.effort,
            pace=question.pace,
            **fields,
        )

    @model_validator(mode="after")
    def _input_fills_shape(self) -> Self:
        if self.input is None:
            return self
        found, expected = len(base64.b64decode(self.input, validate=True)), 4 * math.prod(self.shape)
        if found != expected or expected == 0:
            raise ValueError(f"input holds {found} bytes, shape {list(self.shape)} needs {expected}")
        return self

    @property
    def words(self) -> str:
        """What this is, for the log and for the reader."""
        method = (self.parameters.get("explainer") or {}).get("method")
        return f"{self.task}{f' by {method}' if method else ''} of {self.model}"

    def inputs(self) -> NDArray[np.float32] | None:
        """The input, of `shape`."""
        if self.input is None:
            return None
        flat = np.frombuffer(base64.b64decode(self.input), dtype="<f4")
        return flat.reshape(self.shape).astype(np.float32)


def packed(inputs: NDArray[np.float32] | None) -> dict[str, Any]:
    """An array as the fields of a request."""
    if inputs is None:
        return {}
    array = np.ascontiguousarray(inputs, dtype="<f4")
    return {"input": base64.b64encode(array.tobytes()).decode("ascii"), "shape": array.shape}
