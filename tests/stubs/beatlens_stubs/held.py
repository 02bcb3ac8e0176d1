"""A method that computes nothing and lasts until a test lets it end: for tests of jobs that run."""

import os
import time
from collections import Counter
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from models.explainers.base import Explainer, Progress, Report, silent
from models.explainers.tracks import Batch, Findings
from models.networks.base import Network

FOLDER = "BEATLENS_STUB_GATES"  # environment variable: where tests write how many windows may pass a gate
STEP = 0.02  # seconds
WAVE = 53  # steps
_passed: Counter[int] = Counter()  # windows, by gate


class StubHeld(Explainer):
    """A flat map, once the file named by the gate's number says that so many windows may pass; without a gate at once.

    The file `NUMBER.pid` beside it names the process that waits.
    """

    title: ClassVar[str] = "Stub held"
    summary: ClassVar[str] = "Nothing, as slowly as a test wants."
    source: ClassVar[str] = "tests/stubs"
    cost: ClassVar[Literal["instant", "queued"]] = "queued"
    unit: ClassVar[str] = "1"

    method: Literal["stub_held"] = "stub_held"
    gate: int = Field(0, ge=0)
    steps: int = Field(1000, ge=1)

    def attribute(self, network: Network, batch: Batch, report: Report = silent) -> Findings:
        """Relevance of 1 everywhere, [batch, channels, samples]."""
        found = np.ones(tuple(batch.signals.shape), np.float32)
        for step in range(10**9):
            if self._open(len(found)):
                break
            part = (step % WAVE + 1) / WAVE  # of the map: it is never the same twice in a row
            report(Progress(min(step, self.steps - 1) / self.steps, loss=1 / (step + 1), partial=found * part))
            time.sleep(STEP)
        return Findings.of_map(found, self.units)

    def _open(self, windows: int) -> bool:
        if not self.gate:
            return True
        folder = Path(os.environ[FOLDER])
        (folder / f"{self.gate}.pid").write_text(str(os.getpid()))
        allowed = folder / str(self.gate)
        if not allowed.exists() or _passed[self.gate] >= int(allowed.read_text()):
            return False
        _passed[self.gate] += windows
        return True
