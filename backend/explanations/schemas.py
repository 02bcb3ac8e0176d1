"""What the service takes and says about explanations."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from models.explainers import AnyExplainer


class ExplainerOut(BaseModel):
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


class ExplainersOut(BaseModel):
    """Every method, the instant ones first."""

    explainers: list[ExplainerOut]


class ExplanationAsk(BaseModel):
    """Which beat, which model, which class, which method."""

    model_config = ConfigDict(extra="forbid")

    recording: str = Field(max_length=300)
    beat: int = Field(ge=0, description="The beat's sample, at the record's sampling frequency")
    lead: str | None = Field(None, max_length=100)
    model: str | None = Field(None, max_length=100)
    target: str | None = Field(None, max_length=20, description="Symbol of the class; null: the model's output")
    explainer: AnyExplainer
    urgency: Literal["interactive", "prefetch", "bulk"] = "interactive"
