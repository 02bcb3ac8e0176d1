"""The whole program with a synthesised recording of half an hour, and what is asked of it."""

import contextlib
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import wfdb

from models.records.synthesis import FS, LEADS, Recipe, Rhythm, sinus, synthesise, with_pvcs
from tests.browser.support.running import Program, start, stop

SECONDS = 1805.0
ORDINARY, CROWDED = with_pvcs(72), sinus(336)  # 2,300 beats in half an hour, and over 10,000
METHODS = ("learned_mask", "occlusion")  # that the desk shows


@dataclass(frozen=True)
class House:
    """The running program and the recording in it."""

    program: Program
    record: str

    @property
    def address(self) -> str:
        """Where it answers."""
        return self.program.address

    def ask(self, method: str, path: str, **options: Any) -> Any:
        """An answer of the service, as JSON."""
        answer = httpx.request(method, f"{self.address}/api{path}", timeout=60, trust_env=False, **options)
        answer.raise_for_status()
        return answer.json()

    def beats(self) -> list[int]:
        """The beats' samples."""
        samples: list[int] = self.ask("GET", f"/recordings/{self.record}/windows")["windows"]["at"]
        return samples

    def explain(self, beats: list[int]) -> None:
        """Have the beats' maps computed and wait for them."""
        for name in METHODS:
            ask = {"recording": self.record, "explainer": {"method": name}, "which": beats}
            status = self.ask("POST", "/bulk", json=ask)
            while status["status"] in ("queued", "running"):
                time.sleep(0.2)
                status = self.ask("GET", f"/bulk/{status['id']}")
            assert status["status"] == "done", status


@contextlib.contextmanager
def house(rhythm: Rhythm = ORDINARY, recordings: int = 1) -> Iterator[House]:
    """The program with half an hour of two leads, so many times under different names."""
    with tempfile.TemporaryDirectory() as folder:
        repository, data = Path(folder) / "shelf", Path(folder) / "data"
        repository.mkdir()
        data.mkdir()
        first = _write(repository, rhythm)
        for copy in range(1, recordings):
            _copy(repository, first, f"{first}-{copy}")
        program = start(data, BEATLENS_RECORDINGS=str(repository))
        try:
            every = House(program, "").ask("GET", "/recordings")["recordings"]
            yield House(program, next(record["id"] for record in every if record["name"] == first))
        finally:
            stop(program)


def _write(repository: Path, rhythm: Rhythm) -> str:
    """A recording with its annotations as WFDB files; its name."""
    recipe = Recipe("half-hour", "For the bench", rhythm, seed=1, seconds=SECONDS)
    signal, truth = synthesise(recipe)
    formats, units = ["16"] * len(LEADS), ["mV"] * len(LEADS)
    wfdb.wrsamp(recipe.name, FS, units, list(LEADS), signal.T.astype(float), fmt=formats, write_dir=str(repository))
    wfdb.wrann(recipe.name, "atr", np.asarray(truth.samples), list(truth.symbols), write_dir=str(repository))
    return recipe.name


def _copy(repository: Path, name: str, other: str) -> None:
    """The same recording under another name."""
    header = (repository / f"{name}.hea").read_text(encoding="utf-8")
    (repository / f"{other}.hea").write_text(header.replace(name, other), encoding="utf-8")
    for suffix in ("dat", "atr"):
        (repository / f"{other}.{suffix}").hardlink_to(repository / f"{name}.{suffix}")
