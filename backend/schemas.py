"""Parts that requests of several rooms share: names that were changed, and where in a recording something lies."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

Sample = Annotated[int, Field(ge=0, le=2**31 - 1, description="At the record's sampling frequency")]


def refuse_renamed(**names: str) -> Any:
    """A validator that tells whoever still sends an old name (keyword) the new one (value)."""

    def check(body: Any) -> Any:
        if isinstance(body, dict):
            for old, new in names.items():
                if old in body:
                    raise ValueError(f"{old!r} was renamed to {new!r}: send {new!r}")
        return body

    return model_validator(mode="before")(check)


class Strict(BaseModel):
    """A request; what it does not know it refuses."""

    model_config = ConfigDict(extra="forbid")


class Located(Strict):
    """A request about one window: its address, and where it starts and ends where it is longer than a beat's mark."""

    at: Sample = Field(description="The window's address: a beat's sample, the first sample of a longer window")
    start: Sample | None = Field(None, description="First sample; null: `at`")
    end: int | None = Field(None, ge=1, le=2**31 - 1, description="The sample after the last; null: `at` + 1")

    @property
    def interval(self) -> tuple[int, int]:
        """start ≤ sample < end; a beat's is its one sample."""
        start = self.at if self.start is None else self.start
        return start, self.at + 1 if self.end is None else self.end

    @model_validator(mode="after")
    def _contains_its_address(self) -> "Located":
        start, end = self.interval
        if not start <= self.at < end:
            raise ValueError(f"at = {self.at} does not lie in its interval, from {start} up to {end}")
        return self
