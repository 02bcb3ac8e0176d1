"""WFDB headers and annotations as the publisher's library reads them."""

from pathlib import Path

import numpy as np
import pytest
import wfdb
from wfdb_files import PLAIN, opened, packed, put, refusal

from models.records.wfdb_writing import Mark as Written
from models.records.wfdb_writing import annotation_bytes


def test_signals_of_one_file_that_begin_at_different_bytes_are_refused(tmp_path: Path) -> None:
    put(
        tmp_path, "a 2 250 500\na.dat 16+24 200/mV 16 0 0 0 0 I\na.dat 16 200/mV 16 0 0 0 0 II", a_dat=PLAIN + bytes(24)
    )
    assert "line 3: signals of a.dat are said to begin after 24 and 0 bytes" in refusal(tmp_path)


UNITS = {"mV": 1.0, "uV": 1e-3, "V": 1e3, "nV": 1e-6}


@pytest.mark.parametrize("seed", range(24))
def test_any_header_reads_as_the_publishers_library_reads_it(tmp_path: Path, seed: int) -> None:
    random = np.random.default_rng(seed)
    fmt = int(random.choice([16, 24, 32, 61, 80, 160, 212, 310, 311]))
    count, frames = int(random.integers(1, 4)), 12 * int(random.integers(25, 34))  # whole bytes in every format
    top = 2 ** ({80: 8, 310: 10, 311: 10, 212: 12}.get(fmt, 14) - 1) - 1
    values = random.integers(-top, top, (frames, count))
    lines = [f"a {count} {random.choice(['250', '360/360', '500/1000(0)', '128.5'])} {frames} 12:00:00"]
    for lead in range(count):
        unit = str(random.choice(list(UNITS)))
        gain = round(float(random.uniform(0.5, 2.0)) * top / 2 * UNITS[unit], 9)
        baseline, zero = int(random.integers(-20, 20)), int(random.integers(-20, 20))
        scale = f"{gain:.9f}({baseline})/{unit}" if random.random() < 0.5 else f"{gain:.9f}/{unit}"
        lines.append(f"a.dat {fmt} {scale} 12 {zero} 0 0 0 {('I', 'II', 'V1')[lead]}")
    put(tmp_path, "\n".join(lines), a_dat=packed(fmt, values.reshape(-1)))
    right = wfdb.rdrecord(str(tmp_path / "a"))
    record = opened(tmp_path)
    assert (record.fs, record.leads) == (right.fs, tuple(right.sig_name))
    factors = [UNITS[unit] for unit in right.units]
    np.testing.assert_allclose(record.signal, (right.p_signal * factors).T, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("symbols", ["NVNL/", "N" * 300])
def test_written_annotations_read_as_the_publishers_library_reads_them(tmp_path: Path, symbols: str) -> None:
    random = np.random.default_rng(len(symbols))
    samples = np.cumsum(random.choice([0, 1, 700, 1023, 1024, 90_000, 70_000_000], len(symbols))).tolist()
    marks = [Written(at, symbol, "odd" * (at % 3)) for at, symbol in zip(samples, symbols, strict=True)]
    (tmp_path / "a.ann").write_bytes(annotation_bytes([*marks, Written(samples[-1] + 5, "my word", "note é")], 360.0))
    found = wfdb.rdann(str(tmp_path / "a"), "ann")
    assert found.fs == 360
    assert found.sample.tolist() == [*samples, samples[-1] + 5]
    assert found.symbol == [*symbols, '"']
    assert [note.rstrip("\0") for note in found.aux_note] == ["odd" * (at % 3) for at in samples] + ["my word; note ?"]
