"""Numbers as plotly reads them fastest: the bytes of a float32 array instead of a list of texts."""

from array import array
from base64 import b64encode
from collections.abc import Sequence
from sys import byteorder
from typing import Any

GAP = float("nan")


def typed(values: Sequence[float | None], rows: int | None = None) -> dict[str, Any]:
    """A plotly array of float32, NaN for None; with `rows` as so many rows of equal length."""
    numbers = array("f", [GAP if value is None else value for value in values])
    if byteorder == "big":
        numbers.byteswap()
    shape = {} if rows is None else {"shape": f"{rows}, {len(numbers) // rows}"}
    return {"dtype": "f4", "bdata": b64encode(numbers.tobytes()).decode("ascii"), **shape}
