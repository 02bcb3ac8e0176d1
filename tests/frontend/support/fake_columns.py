"""Columns of answers as typed arrays, as the service sends them to the pages."""

from base64 import b64encode
from typing import Any

import numpy as np


def typed_column(values: list[Any]) -> dict[str, Any]:
    """A list as {dtype, bdata[, shape][, words]}."""
    if any(isinstance(value, str) for value in values):
        words = sorted({value for value in values if value is not None})
        codes = np.array([-1 if value is None else words.index(value) for value in values], "<i1")
        return {"dtype": "i1", "bdata": b64encode(codes.tobytes()).decode(), "words": words}
    wide = max((len(value) for value in values if isinstance(value, list)), default=0)
    rows = [[np.nan] * wide if value is None else value for value in values] if wide else values
    exact = np.array(rows, "<f8")
    shape = {"shape": ", ".join(map(str, exact.shape))} if wide else {}
    return {"dtype": "f8", "bdata": b64encode(exact.tobytes()).decode()} | shape


def typed_windows(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer about windows with every column typed."""
    columns = answer["windows"]
    beats = columns["beats"] and {name: typed_column(values) for name, values in columns["beats"].items()}
    typed = {name: typed_column(values) for name, values in columns.items() if name != "beats"}
    return answer | {"windows": typed | {"beats": beats}}
