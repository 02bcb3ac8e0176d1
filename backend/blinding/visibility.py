"""What one person may see."""

from collections.abc import Callable, Mapping
from typing import Protocol

from backend.blinding.hidden import NOTHING, Hidden
from backend.blinding.result_index import Origin, ResultIndex
from backend.errors import SealedError

SEALED = "Sealed until you have read this beat"
SEALED_RECORDING = "Sealed: you have beats of this recording to read blind"
SEALED_RESULT = "Sealed: while you read blind, ask for this by its beat"


class Checksums(Protocol):
    """What has to be known of recordings here: the SHA-256 of each one's signal."""

    def checksum(self, id: str) -> str: ...


class Visibility:
    """What one person may see at this moment."""

    def __init__(self, hidden: Mapping[str, Hidden], names: frozenset[str], results: ResultIndex) -> None:
        self.hidden = hidden  # by the recording's SHA-256
        self.names = names  # of these recordings
        self.results = results

    @property
    def unrestricted(self) -> bool:
        """Whether nothing is hidden from this person."""
        return not self.hidden

    def of(self, sha256: str) -> Hidden:
        """What is hidden of one recording."""
        return self.hidden.get(sha256, NOTHING)

    def affects(self, name: str, sha256: str) -> bool:
        """Whether a recording has anything hidden, so that its sums would reveal it."""
        return name in self.names or sha256 in self.hidden

    def check(self, sha256: str, *samples: int) -> None:
        """SealedError where the model's output for one of these beats is hidden."""
        if self.of(sha256).models(samples).any():
            raise SealedError(SEALED)

    def check_stretch(self, sha256: str, first: int, end: int) -> None:
        """SealedError where anything of a beat between two samples is hidden."""
        hidden = self.of(sha256)
        if any(first <= sample + hidden.tolerance and sample - hidden.tolerance < end for sample in hidden.reference):
            raise SealedError(SEALED_RECORDING)

    def check_beats(self, recordings: Checksums, recording: str, *samples: int) -> Origin | None:
        """The beats, for `remember`; SealedError where one is hidden, None for whoever sees everything anyway."""
        if self.unrestricted:
            return None
        sha256 = recordings.checksum(recording)
        self.check(sha256, *samples)
        return sha256, frozenset(samples)

    def remember(self, origin: Origin | None, id: Callable[[], str]) -> None:
        """Note of which beats a result is; the id is asked for only where that matters."""
        if origin is not None:
            self.results.add(id(), origin)

    def recording_of(self, id: str) -> str:
        """SHA-256 of the recording of a result that was asked for here; SealedError for any other."""
        origins = self.results.origins(id)
        if not origins:
            raise SealedError(SEALED_RESULT)
        return next(iter(origins))[0]

    def check_result(self, id: str) -> None:
        """SealedError for a result of a hidden beat, and for one of which this process does not know the beat.

        Only what people who read blind asked for is remembered: they ask again, by the beat, for anything else.
        """
        if self.unrestricted:
            return
        origins = self.results.origins(id)
        if not origins:
            raise SealedError(SEALED_RESULT)
        for sha256, samples in origins:
            self.check(sha256, *samples)
