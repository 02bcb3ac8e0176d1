"""Visibility: what one user may see."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol

from backend.blinding.hidden import NOTHING, Hidden
from backend.blinding.intervals import Interval
from backend.blinding.result_index import Origin, ResultIndex
from backend.errors import SealedError

SEALED = "Sealed until you have read this"
SEALED_RECORDING = "Sealed: you have windows of this recording to read blind"
SEALED_EXAMPLES = "Sealed: real windows are shown again once you have read yours"
SEALED_RESULT = "Sealed: while you read blind, ask for this by its window"


class Locates(Protocol):
    """What has to be known of windows here (backend.predictions.service): where in which signal they lie."""

    def located(
        self, recording: str, lead: str | None, model: str | None, addresses: Sequence[int]
    ) -> tuple[str, list[Interval]]:
        """SHA-256 of the signal, and the interval of each window of the model at these addresses."""


class Visibility:
    """The parts of recordings that are hidden from one user at this moment."""

    def __init__(self, hidden: Mapping[str, Hidden], names: frozenset[str], results: ResultIndex) -> None:
        self.hidden = hidden  # by the recording's SHA-256
        self.names = names  # of these recordings
        self.results = results

    @property
    def unrestricted(self) -> bool:
        """Whether nothing is hidden from this user."""
        return not self.hidden

    def of(self, sha256: str) -> Hidden:
        """The part of one recording that is hidden."""
        return self.hidden.get(sha256, NOTHING)

    def affects(self, name: str, sha256: str) -> bool:
        """Whether a recording has anything hidden, so that its sums would reveal it."""
        return name in self.names or sha256 in self.hidden

    def check(self, sha256: str, intervals: Collection[Interval]) -> None:
        """SealedError where the model's output for a window at one of these intervals is hidden."""
        starts, ends = zip(*intervals, strict=True) if intervals else ((), ())
        if self.of(sha256).model.affects(starts, ends).any():
            raise SealedError(SEALED)

    def check_examples(self) -> None:
        """SealedError while anything is hidden: examples are of all recordings, some of one patient's."""
        if not self.unrestricted:
            raise SealedError(SEALED_EXAMPLES)

    def check_stretch(self, sha256: str, first: int, end: int) -> None:
        """SealedError where anything between two samples is hidden."""
        if self.of(sha256).reference.affects([first], [end]).any():
            raise SealedError(SEALED_RECORDING)

    def check_windows(
        self, windows: Locates, recording: str, lead: str | None, model: str | None, *addresses: int
    ) -> Origin | None:
        """The windows, for `remember`; SealedError where one is hidden, None for whoever sees everything anyway."""
        if self.unrestricted:
            return None
        sha256, intervals = windows.located(recording, lead, model, addresses)
        self.check(sha256, intervals)
        return sha256, frozenset(intervals)

    def remember(self, origin: Origin | None, id: Callable[[], str]) -> None:
        """Note of which windows a result is; the id is asked for only where that matters."""
        if origin is not None:
            self.results.add(id(), origin)

    def recording_of(self, id: str) -> str:
        """SHA-256 of the recording of a result that was asked for here; SealedError for any other."""
        origins = self.results.origins(id)
        if not origins:
            raise SealedError(SEALED_RESULT)
        return next(iter(origins))[0]

    def check_result(self, id: str) -> None:
        """SealedError for a result of a hidden window, and for one of which this process does not know the window.

        Only what people who read blind asked for is remembered: they ask again, by the window, for anything else.
        """
        if self.unrestricted:
            return
        origins = self.results.origins(id)
        if not origins:
            raise SealedError(SEALED_RESULT)
        for sha256, intervals in origins:
            self.check(sha256, intervals)
