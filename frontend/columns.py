"""Columns of an answer that were sent as typed arrays: held as arrays, read like lists, passed on as they came."""

from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

JSON = dict[str, Any]
Values = NDArray[Any]


class Column(Sequence[Any]):
    """A column: of numbers, of several numbers in each row, or of a few different words; None is null."""

    def __init__(self, values: Values, words: Sequence[str] | None = None) -> None:
        self.values = values  # [rows] or [rows, values]; of words their codes, −1: null
        self.words = words

    @classmethod
    def read(cls, sent: JSON) -> "Column":
        """The column that was sent."""
        values = np.frombuffer(b64decode(sent["bdata"]), f"<{sent['dtype']}")
        shape = sent.get("shape")
        rows = values.reshape([int(size) for size in shape.split(",")]) if shape else values
        return cls(rows, sent.get("words"))

    @property
    def sent(self) -> JSON:
        """The column as it is sent: `{dtype, bdata[, shape][, words]}`."""
        kind = f"{self.values.dtype.kind}{self.values.dtype.itemsize}"
        found: JSON = {"dtype": kind, "bdata": b64encode(np.ascontiguousarray(self.values).data).decode("ascii")}
        if self.values.ndim > 1:
            found["shape"] = ", ".join(map(str, self.values.shape))
        return found if self.words is None else found | {"words": list(self.words)}

    @property
    def nbytes(self) -> int:
        """Bytes in memory."""
        return int(self.values.nbytes)

    def __len__(self) -> int:
        return len(self.values)

    def __iter__(self) -> Iterator[Any]:
        return iter(self[:])

    @overload
    def __getitem__(self, at: int) -> Any: ...
    @overload
    def __getitem__(self, at: slice) -> list[Any]: ...
    def __getitem__(self, at: int | slice) -> Any:
        if isinstance(at, slice):
            return _listed(self.values[at], self.words)
        return _listed(self.values[at : at + 1] if at != -1 else self.values[-1:], self.words)[0]


def floats(column: Sequence[float | None]) -> NDArray[np.float64]:
    """The numbers of a column, however it was sent; NaN is null."""
    return np.asarray(column.values if isinstance(column, Column) else column, dtype=np.float64)


def counts(column: Sequence[str | None]) -> Counter[str]:
    """How often each word stands in a column, however it was sent; the most frequent first."""
    codes, words = coded(column)
    numbers = np.bincount(codes[codes >= 0], minlength=len(words)).tolist()
    found = Counter({word: n for word, n in zip(words, numbers, strict=True) if n})
    return Counter(dict(found.most_common()))


def coded(column: Sequence[str | None]) -> tuple[NDArray[np.int64], Sequence[str]]:
    """The codes of a column of words, however it was sent, and the words; −1 is null."""
    if isinstance(column, Column):
        return column.values.astype(np.int64), column.words or ()
    names = list(dict.fromkeys(word for word in column if word))
    index = {name: i for i, name in enumerate(names)}
    return np.array([index.get(word or "", -1) for word in column], np.int64), names


def sent(column: Sequence[Any]) -> Any:
    """A column as scripts take it."""
    return column.sent if isinstance(column, Column) else column


def _listed(values: Values, words: Sequence[str] | None) -> list[Any]:
    if words is not None:
        return [words[code] if code >= 0 else None for code in values.tolist()]
    rows = values.tolist()
    if values.dtype.kind == "i":
        return list(rows)
    gone: NDArray[np.bool_] = np.isnan(values)
    whole = np.asarray(np.atleast_2d(gone.T).all(axis=0))
    return [None if none else row for row, none in zip(rows, whole, strict=True)]
