"""For routes: models and their outputs."""

from typing import Annotated

from backend.deps import provide
from backend.predictions.preparing import Preparations
from backend.predictions.service import Predictor

PredictorDep = Annotated[Predictor, provide("predictor")]
PreparationsDep = Annotated[Preparations, provide("preparations")]
