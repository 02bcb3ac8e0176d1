"""CSV columns that are no leads, and how leads are named."""

from pathlib import Path

import numpy as np
import pytest
from csv_files import BEATS, INDEX, TOP, is_plain, opened, refusal, rows, written
from numpy.typing import NDArray


@pytest.mark.parametrize(
    "name",
    [
        "",
        "index",
        "Index",
        "sample",
        "Sample #",
        "'sample #'",
        "Unnamed: 0",
        "#",
        "n",
        "No.",
        "idx",
        "row",
        "i",
        "id",
        "frame",
    ],
)
@pytest.mark.parametrize("first", [0, 1, 1_000_000])
def test_a_column_that_counts_the_rows_is_no_lead(tmp_path: Path, name: str, first: int) -> None:
    written(tmp_path, TOP + f"{name},I\n" + rows(INDEX + first, BEATS))
    record = opened(tmp_path)
    assert record.leads == ("I",)
    assert is_plain(record.signal[0])
    assert "Column 1" in record.notes[0]


@pytest.mark.parametrize("column", [INDEX, INDEX * 4, INDEX / 250, INDEX[::-1] * -1])
@pytest.mark.parametrize("top", ["", "foo,II\n", "II\n"])
def test_a_column_that_rises_evenly_is_no_lead_whatever_its_name(
    tmp_path: Path, column: NDArray[np.float64], top: str
) -> None:
    written(tmp_path, TOP + top + rows(column, BEATS))
    record = opened(tmp_path)
    assert len(record.leads) == 1
    assert is_plain(record.signal[0])
    assert len(record.notes) == 1


def test_an_index_between_leads(tmp_path: Path) -> None:
    written(tmp_path, TOP + "II,n,V1\n" + rows(BEATS, INDEX, -BEATS))
    assert opened(tmp_path).leads == ("II", "V1")


def test_a_counter_that_rolls_over_is_an_index(tmp_path: Path) -> None:
    written(tmp_path, TOP + "counter,II\n" + rows(INDEX % 256, BEATS))
    assert is_plain(opened(tmp_path).signal[0])


def test_an_index_with_missing_rows_is_refused(tmp_path: Path) -> None:
    keep = np.delete(np.arange(1000), 600)
    written(tmp_path, TOP + "index,II\n" + rows(INDEX[keep], BEATS[keep]))
    assert "line 604, column 1: the index goes from 599 to 601: add the missing rows" in refusal(tmp_path)
