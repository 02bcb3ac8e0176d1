"""Many windows, one model: what a worker answers where no explanation is asked for."""

import hashlib

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from models.zoo import Model

Floats = NDArray[np.float32]
DIGITS = 5  # after the point, of a probability


class Probabilities(BaseModel):
    """What a model answers for many windows."""

    model_config = ConfigDict(frozen=True)

    id: str
    probabilities: list[list[float]]  # [windows][classes], calibrated

    def array(self) -> Floats:
        """[windows, classes]."""
        return np.array(self.probabilities, dtype=np.float32)


def prediction_id(model: Model, inputs: Floats) -> str:
    """Hash of everything that decides the answer for inputs [windows, leads, samples]."""
    header = f"predict {model.weights_sha256} {model.card.output.model_dump_json()} {list(inputs.shape)}\n"
    digest = hashlib.sha256(header.encode())
    digest.update(np.ascontiguousarray(inputs, dtype="<f4").tobytes())
    return digest.hexdigest()[:32]


def predict(model: Model, inputs: Floats) -> Probabilities:
    """The model's answer for inputs [windows, leads, samples]."""
    rows = model.probabilities(inputs).astype(np.float64).round(DIGITS).tolist()
    return Probabilities(id=prediction_id(model, inputs), probabilities=rows)
