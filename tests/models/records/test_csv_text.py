"""CSV as text: encodings, delimiters, decimals, quotes and words for no value."""

from pathlib import Path

import pytest
from csv_files import BEATS, TOP, is_plain, opened, rows, written


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "cp437"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_encoding_and_line_end(tmp_path: Path, encoding: str, end: str) -> None:
    text = "# fs: 250\nII (µV)\n" + rows(BEATS * 1000)
    written(tmp_path, text.replace("\n", end).encode(encoding))
    assert is_plain(opened(tmp_path).signal[0])


@pytest.mark.parametrize(
    ("delimiter", "comma"),
    [(",", False), (";", False), (";", True), ("\t", False), ("\t", True), ("|", False), (" ", False), (" ", True)],
)
def test_any_delimiter_and_decimal(tmp_path: Path, delimiter: str, comma: bool) -> None:
    written(tmp_path, TOP + f"II{delimiter}V1\n" + rows(BEATS, -BEATS, delimiter=delimiter, comma=comma))
    record = opened(tmp_path)
    assert record.leads == ("II", "V1")
    assert is_plain(record.signal[0])
    assert is_plain(-record.signal[1])


@pytest.mark.parametrize("name", ["II\n", "# lead: II\n", "Ableitung,Ableitung II\nEinheit,mV\n", ""])
def test_decimal_commas_among_commas(tmp_path: Path, name: str) -> None:
    cells = [f"{value:.3f}".replace(".", ",") for value in BEATS]
    written(tmp_path, TOP + name + rows(cells))
    record = opened(tmp_path)
    assert len(record.leads) == 1
    assert is_plain(record.signal[0])


def test_quoted_decimal_commas(tmp_path: Path) -> None:
    cells = [f'"{value:.3f}"'.replace(".", ",") for value in BEATS]
    written(tmp_path, TOP + '"II","V1"\n' + rows(cells, cells))
    assert all(is_plain(lead) for lead in opened(tmp_path).signal)
