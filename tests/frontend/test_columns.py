"""Columns that came as typed arrays read as the lists that they stand for, and go on as they came."""

from typing import Any

import numpy as np
import pytest
from fake_columns import typed_column

from frontend.columns import Column, coded, counts, floats, sent

COLUMNS: dict[str, list[Any]] = {
    "numbers": [3.0, None, 5.5],
    "words": ["N", None, "V", "N"],
    "rows": [[0.5, 0.25], None, [0.75, 1.0]],
    "nothing": [],
}


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_reads_as_its_list(name: str) -> None:
    values = COLUMNS[name]
    column = Column.read(typed_column(values))
    assert list(column) == values
    assert len(column) == len(values)
    assert [column[i] for i in range(len(values))] == values
    assert [column[-1 - i] for i in range(len(values))] == values[::-1]
    assert column[1:3] == values[1:3]
    with pytest.raises(IndexError):
        column[len(values)]


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_goes_on_as_it_came(name: str) -> None:
    came = typed_column(COLUMNS[name])
    assert sent(Column.read(came)) == came
    assert sent(COLUMNS[name]) == COLUMNS[name]  # a list stays one


def test_numbers_and_words_are_the_same_however_they_came() -> None:
    words, numbers = COLUMNS["words"], COLUMNS["numbers"]
    for column in (words, Column.read(typed_column(words))):
        assert list(counts(column).items()) == [("N", 2), ("V", 1)]
        codes, names = coded(column)
        assert [names[code] if code >= 0 else None for code in codes] == words
    for values in (numbers, Column.read(typed_column(numbers))):
        np.testing.assert_array_equal(floats(values), [3.0, np.nan, 5.5])
