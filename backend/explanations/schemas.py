"""Requests and responses about explanations."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from backend.predictions.schemas import WhichWindow
from models.explainers import AnyExplainer


class ExplainerResponse(BaseModel):
    """A method: what the reader is told of it, and what may be set."""

    model_config = ConfigDict(populate_by_name=True)

    method: str
    title: str
    summary: str
    source: str
    cost: Literal["instant", "queued"]
    signed: bool
    unit: str
    version: str
    parameters: dict[str, Any] = Field(alias="schema", description="JSON Schema of the method's parameters")


class ExplainersResponse(BaseModel):
    """Every method, the instant ones first."""

    explainers: list[ExplainerResponse]


class ExplanationRequest(WhichWindow):
    """A request to explain one beat: which model, class and method."""

    target: str | None = Field(None, max_length=20, description="Symbol of the class; null: the model's output")
    explainer: AnyExplainer
    urgency: Literal["interactive", "prefetch", "bulk"] = "interactive"
