"""CSV heads that look like samples, decimals of two kinds, and columns that a device works out."""

from pathlib import Path

import numpy as np
import pytest
from csv_files import BEATS, TIMES, TOP, opened, rows, written

from models.errors import BadRecordError
from models.records.one_file import CSV


@pytest.mark.parametrize(
    "head", ["0,1,2\n", "1,2,3\n", ",0,1,2\n", '"0","1","2"\n'], ids=["from 0", "from 1", "with an index", "quoted"]
)
def test_a_first_row_that_only_numbers_the_columns_is_no_sample(tmp_path: Path, head: str) -> None:
    columns = [BEATS, -BEATS, BEATS / 2]
    index = [[str(i) for i in range(1000)]] if head.startswith(",") else []
    written(tmp_path, f"{TOP}{head}{rows(*index, *columns)}")
    record = opened(tmp_path)
    assert record.samples == 1000
    np.testing.assert_allclose(record.signal, columns, atol=1e-6)


@pytest.mark.parametrize("first", ["0,1", "0.0,1.0,2.0", "5,6,7"])
def test_a_first_row_that_may_be_a_sample_is_one(tmp_path: Path, first: str) -> None:
    width = first.count(",") + 1
    written(tmp_path, f"{TOP}{first}\n" + f"{','.join(['1'] * width)}\n" * 300)
    assert opened(tmp_path).signal[:, 0].tolist() == [float(cell) for cell in first.split(",")]


@pytest.mark.parametrize("cells", [("0,5", "1.234"), ("1.234", "0,5")])
def test_decimal_points_and_commas_in_one_file_are_refused(tmp_path: Path, cells: tuple[str, str]) -> None:
    path = written(tmp_path, f"# fs: 250\n# unit: uV\nII;V1\n0;0\n{cells[0]};7\n3;{cells[1]}\n")
    with pytest.raises(BadRecordError, match=rf"line 6, column 2: '{cells[1]}': decimal points and commas in one file"):
        CSV.read(path)


def test_commas_of_the_times_beside_points_of_the_leads_are_no_matter(tmp_path: Path) -> None:
    times = [f"{second:.3f}".replace(".", ",") for second in TIMES]
    written(tmp_path, f"time [s];II [mV]\n{rows(times, BEATS, delimiter=';')}")
    np.testing.assert_allclose(opened(tmp_path).signal[0], BEATS, atol=1e-6)


@pytest.mark.parametrize(
    "name", ["bpm", "HR", "RR", "RR interval", "R_peak", "beat", "class", "quality", "SQI", "label"]
)
def test_what_a_device_works_out_is_no_lead(tmp_path: Path, name: str) -> None:
    written(tmp_path, f"{TOP}II,{name}\n{rows(BEATS, np.arange(1000) % 3 + 70.0)}")
    record = opened(tmp_path)
    assert record.leads == ("II",)
    assert any(name in note for note in record.notes)


@pytest.mark.parametrize("mark", [",", "."])
def test_marks_of_thousands_are_refused(tmp_path: Path, mark: str) -> None:
    cells = [f"{round(value * 1500):,}".replace(",", mark) for value in BEATS[90:]]
    path = written(tmp_path, f"# fs: 250\nII (uV);V1 (uV)\n{rows(cells, cells, delimiter=';')}")
    with pytest.raises(BadRecordError, match=r"column 1: '1[.,]\d{3}' may be in thousands"):
        CSV.read(path)


@pytest.mark.parametrize("digits", [1, 3])
def test_three_digits_behind_a_point_are_no_thousands(tmp_path: Path, digits: int) -> None:
    cells = [f"{value * 1500:.{digits}f}".rstrip("0").rstrip(".") for value in BEATS]
    written(tmp_path, f"# fs: 250\nII (uV)\n{rows(cells)}")
    np.testing.assert_allclose(opened(tmp_path).signal[0], 1.5 * BEATS, atol=1e-4)
