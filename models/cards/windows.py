"""Which stretches of a recording a network reads."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Frozen(BaseModel):
    """A part of a card: what it does not know it refuses."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class _Window(Frozen):
    """Which stretches of the preprocessed recording the network reads, in samples at the model's fs."""

    @property
    def bounds(self) -> tuple[int, int]:
        """The shortest and the longest window, in samples."""
        raise NotImplementedError

    def fits(self, samples: int) -> bool:
        """Whether the network reads a window of so many samples."""
        shortest, longest = self.bounds
        return shortest <= samples <= longest

    @property
    def origin(self) -> int:
        """The sample of the window that its times are counted from: R, or the first."""
        return 0

    @property
    def length(self) -> str:
        """The lengths that fit, in words: "216" or "2700 to 18300"."""
        shortest, longest = self.bounds
        return f"{longest}" if shortest == longest else f"{shortest} to {longest}"


class BeatWindow(_Window):
    """A window of fixed length around each beat."""

    kind: Literal["beat"] = "beat"
    before: int = Field(72, ge=0)  # samples before R
    after: int = Field(144, ge=1)  # samples from R on

    @property
    def samples(self) -> int:
        """Length in samples."""
        return self.before + self.after

    @property
    def origin(self) -> int:
        """The R peak."""
        return self.before

    @property
    def bounds(self) -> tuple[int, int]:
        """One length only."""
        return self.samples, self.samples


class SpanWindow(_Window):
    """Windows one after another from the recording's first sample on; the last may be shorter.

    A recording of at most `whole_to` samples is one window, as a network that reads short recordings whole wants it.
    """

    kind: Literal["span"] = "span"
    samples: int = Field(ge=1)
    stride: int = Field(ge=1)  # samples between the starts of two windows; by default they touch
    shortest: int = Field(ge=1)  # samples that the last window must have; by default as many as the others
    whole_to: int = Field(0, ge=0)  # samples up to which a recording is one window; 0: it is cut whatever its length

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, data: Any) -> Any:
        """A window of schema 1 stated `before` and `after`; what is not stated follows from `samples`."""
        if not isinstance(data, dict):
            return data
        data = dict(data)
        if "before" in data or "after" in data:
            data["samples"] = data.pop("before", 0) + data.pop("after", 0)
        return {"stride": data.get("samples"), "shortest": data.get("samples")} | data

    @property
    def bounds(self) -> tuple[int, int]:
        """From the shortest last window to all others' length, or that of a recording taken whole."""
        return self.shortest, max(self.samples, self.whole_to)


class WholeWindow(_Window):
    """The whole recording as one window, of its own length."""

    kind: Literal["whole"] = "whole"
    longest: int = Field(ge=1)  # samples
    shortest: int = Field(1, ge=1)  # samples

    @property
    def samples(self) -> None:
        """No fixed length."""
        return None

    @property
    def bounds(self) -> tuple[int, int]:
        """As the card has them."""
        return self.shortest, self.longest


WindowSpec = Annotated[BeatWindow | SpanWindow | WholeWindow, Field(discriminator="kind")]
