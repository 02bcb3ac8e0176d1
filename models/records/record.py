"""A recording in memory: its signal, its leads, and what its header says."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from models.errors import unknown
from models.records.lead_names import primary


@dataclass(frozen=True, eq=False)  # one is only itself: what was found from it is kept under it
class Annotations:
    """Beat annotations of one annotator."""

    samples: NDArray[np.int64]  # [beats], ascending, at the record's fs
    symbols: tuple[str, ...]  # [beats], MIT-BIH symbols
    source: str  # "reference (atr)", "truth (synthesised)"


@dataclass(frozen=True)
class Mark:
    """What somebody said of a place, a stretch or the whole of a recording, and that is no beat."""

    start: int  # sample, at the record's fs
    end: int | None  # the sample after the last; None: a place
    label: str  # a code of the vocabulary
    vocabulary: str  # "rhythm"
    source: str  # "reference (atr)"
    text: str = ""  # what was written beside it


@dataclass(frozen=True)
class Record:
    """One recording. NaN in `signal` is a gap."""

    id: str  # URL-safe, unique among all sources: "mitdb~208"
    name: str  # "208"
    signal: NDArray[np.float32]  # [leads, samples], in each lead's unit: mV for an ECG
    fs: float  # Hz
    leads: tuple[str, ...]
    comments: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()  # what was assumed, dropped or left out in reading, a sentence each
    annotations: Annotations | None = None
    marks: tuple[Mark, ...] = ()  # in order of their starts
    kind: Literal["ecg", "series"] = "ecg"  # series: measurements of any kind, without beats
    units: tuple[str, ...] = ()  # of the leads; mV where not stated
    sha256: str = ""  # of the signal files' bytes: says whether a model's card knows this recording
    patient: str | None = None  # "mitdb:208" where an excerpt is known to be of a patient
    synthetic: bool = False
    credit: str = ""

    def __post_init__(self) -> None:
        if not self.units:
            object.__setattr__(self, "units", ("mV",) * len(self.leads))

    @property
    def samples(self) -> int:
        """Length in samples."""
        return int(self.signal.shape[1])

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return self.samples / self.fs

    def lead_index(self, lead: str | None) -> int:
        """Index of the lead named `lead`; of the one it opens on for None. Raises NotFoundError naming the leads."""
        if lead is None:
            return primary(self.leads)
        if lead not in self.leads:
            raise unknown("lead", lead, self.leads, where="this record has", field="lead")
        return self.leads.index(lead)
