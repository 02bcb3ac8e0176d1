"""Requests and responses about trust and waves."""

from typing import Literal

from pydantic import BaseModel, Field

from backend.predictions.schemas import WhichWindow
from models.evaluation.trust import Trust


class WaveResponse(BaseModel):
    """One wave, where it was found."""

    name: Literal["P", "QRS", "T"]
    onset: float  # ms from R
    end: float


class RegionResponse(BaseModel):
    """A stretch of the window between two boundaries, start ≤ sample < end."""

    key: str
    name: str
    start: int  # sample of the window
    end: int
    start_ms: float  # from R
    end_ms: float
    within: str | None = Field(None, description="Key of the region that this is a part of")
    start_moves_ms: tuple[float, float] | None = Field(
        None,
        description="How much earlier and later than found the start may be; null: frozen before this was measured",
    )
    end_moves_ms: tuple[float, float] | None = None


class WavesResponse(BaseModel):
    """The waves of one beat in one lead, and the window cut at their boundaries."""

    lead: str
    waves: list[WaveResponse]
    regions: list[RegionResponse]
    source: dict[str, str] = Field(description="Boundary → who set it")


class ByWaveRequest(WhichWindow):
    """A request about a beat's waves and some of its maps."""

    target: str | None = Field(None, max_length=20, description="Symbol of the class; null: the model's output")
    explanations: list[str] = Field([], max_length=20, description="Ids of explanations of this beat that are done")


class RangeResponse(BaseModel):
    """A number, and its least and largest value as the region's boundaries move."""

    value: float
    low: float
    high: float


class ChangeResponse(RangeResponse):
    """Change of the class's probability with the region set to 0."""

    symbol: str  # the most probable class then
    changes_sign: bool  # depends on where exactly the boundaries are


class MapByWave(BaseModel):
    """One map: its share of |relevance| in each region, and its numbers in a sentence."""

    id: str
    title: str
    shares: list[RangeResponse]  # [regions]; empty where the method gives no map
    nothing_found: bool = Field(False, description="The map hardly moved: what its shares are of is nothing")
    words: str
    trust_id: str | None = Field(description="Of the judgement of this map; null where the method gives no map")
    trust: Trust | None = Field(description="The judgement, where it is known already")


class ByWaveResponse(WavesResponse):
    """What maps say of each wave, what hiding it does, and both in words."""

    target: str  # symbol of the class asked for
    target_name: str
    top: str  # symbol of the most probable class with nothing hidden
    before: float  # the class's probability with nothing hidden
    covered: list[ChangeResponse]  # [regions]
    maps: list[MapByWave]  # as asked for
    agreement: list[list[float | None]]  # [maps][maps], Spearman's ρ of what counts as important
    shift_ms: float | None = Field(
        None, description="By which every boundary was moved in links frozen before version 1"
    )
    held: float | None = Field(
        None,
        description="Share of measured boundaries within `…_moves_ms` of where they were found",
    )
    words: list[str]  # on the beat and the maps together
