"""CSV files of beats that tests write, and how they are read."""

from pathlib import Path

import listed
import numpy as np
import pytest
from numpy.typing import NDArray

from models.errors import BadRecordError
from models.records import Problem, Record
from models.records.csv_reading import settle
from models.records.one_file import CSV, OneFileFolder

BEATS = np.zeros(1000)
for at in (100, 300, 500, 700):
    BEATS[at - 10 : at + 11] += np.round(np.hanning(21), 3)
TIMES = np.arange(1000) / 250
INDEX = np.arange(1000.0)
TOP = "# fs: 250\n# unit: mV\n"


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "a.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def rows(*columns: NDArray[np.float64] | list[str], delimiter: str = ",", comma: bool = False) -> str:
    cells = [[cell if isinstance(cell, str) else f"{cell:.10g}" for cell in column] for column in columns]
    lines = [delimiter.join(row) for row in zip(*cells, strict=True)]
    text = "\n".join(lines) + "\n"
    return text.replace(".", ",") if comma else text


def opened(folder: Path) -> Record:
    """The recording as the list and `open` agree on it, and again once it states everything itself."""
    source = OneFileFolder(folder, "x", {".csv": CSV})
    record = listed.opened(source)
    settle(folder / "a.csv", None, None)
    settled = listed.opened(source)
    assert listed.facts(settled) == listed.facts(record)
    np.testing.assert_array_equal(settled.signal, record.signal)
    return record


def refusal(folder: Path) -> str:
    with pytest.raises(BadRecordError) as caught:
        settle(folder / "a.csv", None, None)
    (found,) = OneFileFolder(folder, "x", {".csv": CSV}).list()
    if isinstance(found, Problem):
        assert found.reason == caught.value.reason
    return caught.value.reason


def is_plain(signal: NDArray[np.float32]) -> bool:
    return bool(np.allclose(signal, BEATS, atol=1e-6))
