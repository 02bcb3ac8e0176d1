"""How near the delineator's boundaries are to the cardiologists' of LUDB (Kalyakulina et al. 2020)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import wfdb

from models.errors import BadRecordError, InvalidError
from models.records.wfdb_reading import guarded
from models.signals.gaps import fill
from models.signals.waves import Wave, Waves, delineate

TOLERANCE = 0.15  # s: a boundary farther off has not found the reference's
NAMES = ("P", "QRS", "T")
BOUNDARIES = tuple(f"{name} {side}" for name in NAMES for side in ("onset", "end"))
SYMBOLS = {"p": "P", "N": "QRS", "t": "T"}  # LUDB's annotation symbols

Marks = dict[str, list[tuple[int | None, int, int | None]]]  # wave → onset, peak, end


@dataclass
class BoundaryErrors:
    """One boundary against the reference."""

    errors: list[float] = field(default_factory=list)  # ms, delineator less reference, of those found
    missed: int = 0
    false: int = 0

    @property
    def sensitivity(self) -> float:
        """found / reference boundaries."""
        return len(self.errors) / max(1, len(self.errors) + self.missed)

    @property
    def ppv(self) -> float:
        """found / boundaries that the delineator set."""
        return len(self.errors) / max(1, len(self.errors) + self.false)

    def add(self, mark: int | None, set_: int | None, fs: float) -> None:
        """One beat's boundary, in samples; None where there is none."""
        close = mark is not None and set_ is not None and abs(set_ - mark) <= TOLERANCE * fs
        if close:
            self.errors.append(((set_ or 0) - (mark or 0)) * 1000 / fs)
        else:
            self.missed += mark is not None
            self.false += set_ is not None


def waves_report(folder: Path, say: Callable[[str], None] = print) -> str:
    """Markdown for the results page, from the even-numbered recordings of LUDB below `folder`.

    The delineator's settings were chosen on the odd-numbered ones. Raises InvalidError where LUDB is not there.
    """
    paths = recordings(folder)
    tallies = {name: BoundaryErrors() for name in BOUNDARIES}
    beats = 0
    for done, path in enumerate(paths):
        for signal, fs, marks in leads(path):
            beats += judge(tallies, signal, fs, marks)
        if done % 20 == 19:
            say(f"{done + 1} of {len(paths)} recordings")
    return markdown(tallies, len(paths), beats)


def recordings(folder: Path) -> list[Path]:
    """The even-numbered recordings, without extension."""
    found = [file.with_suffix("") for file in folder.rglob("*.hea") if file.stem.isdigit() and int(file.stem) % 2 == 0]
    kept = [path for path in found if path.with_suffix(".ii").is_file()]
    if not kept:
        raise InvalidError(f"{folder} holds no recording of LUDB (1.hea, 1.dat, 1.ii, …)")
    return sorted(kept, key=lambda path: int(path.stem))


def leads(path: Path) -> Iterator[tuple[np.ndarray[Any, np.dtype[np.float64]], float, Marks]]:
    """Signal in mV, sampling frequency and marks of each lead."""
    record = guarded(path, lambda: wfdb.rdrecord(str(path)))
    for lead, name in enumerate(record.sig_name):
        if not path.with_suffix(f".{name}").is_file():
            raise BadRecordError(str(path), f"has no annotation of lead {name}")
        note = guarded(path, partial(wfdb.rdann, str(path), name))
        yield fill(record.p_signal[:, lead])[0], float(record.fs), read_marks(note.sample.tolist(), note.symbol)


def read_marks(samples: list[int], symbols: list[str]) -> Marks:
    """Each wave's onset "(", peak and end ")", as LUDB writes them; an onset or end may be missing."""
    marks: Marks = {name: [] for name in NAMES}
    last = len(symbols) - 1
    for i, symbol in enumerate(symbols):
        if symbol in SYMBOLS:
            onset = samples[i - 1] if i > 0 and symbols[i - 1] == "(" else None
            end = samples[i + 1] if i < last and symbols[i + 1] == ")" else None
            marks[SYMBOLS[symbol]].append((onset, samples[i], end))
    return marks


def judge(tallies: dict[str, BoundaryErrors], signal: np.ndarray[Any, Any], fs: float, marks: Marks) -> int:
    """Count every boundary of one lead but those of the first and last beat; how many beats that were."""
    r = np.array([peak for _, peak, _ in marks["QRS"]], dtype=np.int64)
    found = delineate(signal, fs, r)
    for i in range(1, len(r) - 1):
        spans = {
            "P": _last([m for m in marks["P"] if r[i - 1] < m[1] < r[i]]),
            "QRS": marks["QRS"][i],
            "T": _last([m for m in marks["T"] if r[i] < m[1] < r[i + 1]][:1]),
        }
        for name, wave in zip(NAMES, _parts(found[i]), strict=True):
            onset, _, end = spans[name]
            tallies[f"{name} onset"].add(onset, wave.onset if wave else None, fs)
            tallies[f"{name} end"].add(end, wave.offset if wave else None, fs)
    return max(0, len(r) - 2)


def _last(spans: list[tuple[int | None, int, int | None]]) -> tuple[int | None, int | None, int | None]:
    return spans[-1] if spans else (None, None, None)


def _parts(waves: Waves) -> tuple[Wave | None, Wave | None, Wave | None]:
    return waves.p, waves.qrs, waves.t


def markdown(tallies: dict[str, BoundaryErrors], recordings: int, beats: int) -> str:
    """The part of the results page."""
    lines = [
        f"Boundaries of P, QRS and T on LUDB, every lead of {recordings} recordings ({beats:,} beats; first and last "
        "of each lead left out), at the reference's R peaks. The settings were chosen on LUDB's other recordings. "
        f"A boundary within ±{TOLERANCE * 1000:.0f} ms of the reference counts as found; errors are the delineator's "
        "time less the reference's. For comparison: the CSE working party, on cardiologists, found two standard "
        "deviations are 10.2 and 12.7 ms for P onset and end, 6.5 and 11.6 ms for QRS, 30.6 ms for T end.",
        "",
        "| boundary | reference | sensitivity | PPV | mean error ± SD, ms |",
        "|---|---|---|---|---|",
    ]
    for name, tally in tallies.items():
        errors = np.array(tally.errors or [np.nan])
        lines.append(
            f"| {name} | {len(tally.errors) + tally.missed:,} | {tally.sensitivity:.1%} | {tally.ppv:.1%} "
            f"| {errors.mean():+.1f} ± {errors.std():.1f} |".replace("-", "−")
        )
    return "\n".join(lines)
