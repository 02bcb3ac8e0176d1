"""Responses about the list of recordings."""

from pydantic import BaseModel

from backend.predictions.schemas import Seen
from backend.recordings.schemas import Findings, Header


class Counts(BaseModel):
    """One model's answers over the beats of a recording's opening lead: a field here is counted, kept and shown."""

    counts: dict[str, int] | None = None  # class symbol → beats; null: not yet counted
    compared: int | None = None  # beats with an answer and a reference label that is one of the model's classes
    disagreements: int | None = None  # of those
    uncertain: int | None = None  # beats with a margin below 0.25
    trouble: str | None = None  # why nothing can be counted


class OutputCounts(Counts):
    """A model's counts, and how much of them a reader has read."""

    seen: Seen | None  # in which of the model's sets this patient was; null: the signal was not yet read
    to_read: int | None = None  # disagreements, or the uncertain where there is no reference
    read: int = 0  # of those, how many bear a reader's label


class CountingResponse(BaseModel):
    """How far the counting is, over all recordings."""

    done: int
    total: int
    remaining_seconds: float | None  # at the pace so far; null: none yet


class RecordingResponse(Findings, Header):
    """A recording as the worklist shows it."""

    beat_source: str
    output: OutputCounts | None = None  # null: no model can be used, or none was asked about
    progress: str | None = None  # what is under way for it, in words


class RecordingDetailResponse(RecordingResponse):
    """A recording once opened."""

    sha256: str
    seen: dict[str, Seen]  # model id → in which of its sets this patient was


class ProblemResponse(BaseModel):
    """A recording that cannot be used."""

    file: str
    reason: str


class RecordingsResponse(BaseModel):
    """Every recording, and those that cannot be used."""

    recordings: list[RecordingResponse]
    problems: list[ProblemResponse]
    model: str | None  # whose outputs are counted; null: no model can be used
    counting: CountingResponse
