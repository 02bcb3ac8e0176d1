"""Responses about methods of explanation."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from models.explainers.wording import MethodWording


class ExplainerResponse(BaseModel):
    """A method: what the reader is told of it, and what may be set."""

    model_config = ConfigDict(populate_by_name=True)

    method: str
    title: str
    summary: str
    source: str
    formula: str = Field(description="In one line; empty: none is given")
    group: str = Field(description="network, perturbation, gradient, propagation, surrogate or other")
    cost: Literal["instant", "queued"]
    roles: list[str] = Field(description="Of the tracks it answers with; the first is its picture")
    has_relevance: bool = Field(description="Whether it gives a map of relevance, which alone can be judged")
    needs: list[str] = Field(description="What a network must be able to do to be explained by it")
    not_offered: str | None = Field(description="Why it cannot explain the model asked of; null: it can, or none was")
    reads: list[str] = Field(description="What of a window decides beyond its samples: marks, segments")
    default_slot: Literal["a", "b"] | None = Field(description="Which of two pictures it is where nobody chose")
    full_scale: float | None = Field(description="Fixed full scale of its maps; null: the model's card has it, or none")
    measured_scale: bool = Field(description="Whether training measures the full scale of its maps for the card")
    wording: MethodWording = Field(description="How its numbers are put into sentences")
    signed: bool
    unit: str
    version: str
    parameters: dict[str, Any] = Field(alias="schema", description="JSON Schema of the method's parameters")


class ExplainersResponse(BaseModel):
    """Every method, the instant ones first."""

    explainers: list[ExplainerResponse]
