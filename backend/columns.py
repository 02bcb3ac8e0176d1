"""Columns of many rows: held as arrays, sent as lists or as typed arrays, which need no object for each row."""

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

import numpy as np
from fastapi import Query
from numpy.typing import NDArray
from pydantic import BaseModel, Field, create_model

from backend.json_numbers import numbers

Form = Literal["lists", "typed"]
FormQuery = Annotated[
    Form, Query(description="Columns as lists, or as typed arrays: a tenth of the memory for a day's 100,000 beats")
]
Rows = NDArray[np.int64]
Bools = NDArray[np.bool_]


class TypedColumn(BaseModel):
    """A column as a typed array: base64 of little-endian numbers; NaN is null."""

    dtype: Literal["i1", "i2", "i4", "f4", "f8"]
    bdata: str
    shape: str | None = Field(None, description='"rows, values" where a row has several')
    words: list[str] | None = Field(None, description="Each number is an index into these; −1 is null")


@dataclass(frozen=True)
class Numbers:
    """A column of numbers [rows], or of several in each row [rows, values]; NaN is null."""

    values: NDArray[Any]
    digits: int = 0  # after the point, in a list

    def without(self, hide: Bools) -> "Numbers":
        """The same with null where it is hidden."""
        shown = self.values.astype(np.result_type(self.values, np.float32))
        shown[hide] = np.nan
        return replace(self, values=shown)

    def listed(self) -> list[Any]:
        """The values; null in place of a row without any."""
        if self.values.dtype.kind == "i":
            return list(self.values.tolist())
        rows = numbers(self.values, self.digits)
        if self.values.ndim == 1:
            return rows
        return [None if gone else row for row, gone in zip(rows, np.isnan(self.values).all(axis=1), strict=True)]

    def typed(self) -> TypedColumn:
        """The values in as few bytes as their type needs."""
        values = self.values
        if values.dtype.kind == "i":
            fits = not len(values) or np.abs(values).max() <= np.iinfo(np.int32).max
            values = values.astype("<i4" if fits else "<f8")
        kind: Any = f"{values.dtype.kind}{values.dtype.itemsize}"
        shape = None if values.ndim == 1 else ", ".join(map(str, values.shape))
        return TypedColumn(dtype=kind, bdata=_base64(values.astype(f"<{kind}", copy=False)), shape=shape)


@dataclass(frozen=True)
class Words:
    """A column of a few different words."""

    codes: Rows  # [rows], index into `names`; −1: null
    names: tuple[str, ...]

    @classmethod
    def of(cls, values: Sequence[str | None]) -> "Words":
        """The column of these values."""
        names = tuple(dict.fromkeys(value for value in values if value is not None))
        index: dict[str | None, int] = {name: i for i, name in enumerate(names)} | {None: -1}
        return cls(np.fromiter((index[value] for value in values), np.int64, len(values)), names)

    @classmethod
    def nothing(cls, rows: int) -> "Words":
        """A column of nulls."""
        return cls(np.full(rows, -1), ())

    def renamed(self, names: Iterable[str | None]) -> "Words":
        """The same with other names; null where there is none."""
        found = Words.of(list(names))
        return Words(np.append(found.codes, -1)[self.codes], found.names)

    def without(self, hide: Bools, instead: str | None = None) -> "Words":
        """The same with null, or one word, where it is hidden; of what stood there alone not even the word is left."""
        names = self.names if instead is None else (*self.names, instead)
        codes = np.where(hide, -1 if instead is None else len(names) - 1, self.codes)
        used, first, positions = np.unique(codes, return_index=True, return_inverse=True)
        by_row = first.argsort()[used[first.argsort()] >= 0]  # in the order of the rows that are shown
        numbers = np.full(len(used), -1)
        numbers[by_row] = np.arange(len(by_row))
        return Words(numbers[positions], tuple(names[code] for code in used[by_row]))

    def listed(self) -> list[str | None]:
        """The words."""
        named = (*self.names, None)  # the last, where the code is −1
        return [named[code] for code in self.codes.tolist()]

    def typed(self) -> TypedColumn:
        """The codes, and the words that they stand for."""
        small = len(self.names) <= np.iinfo(np.int8).max
        codes = self.codes.astype("<i1" if small else "<i2")
        return TypedColumn(dtype="i1" if small else "i2", bdata=_base64(codes), words=list(self.names))


Column = Numbers | Words
Columns = Mapping[str, Column]


def listed(columns: Columns) -> dict[str, Any]:
    """Every column as a list."""
    return {name: column.listed() for name, column in columns.items()}


def typed(columns: Columns) -> dict[str, TypedColumn]:
    """Every column as a typed array."""
    return {name: column.typed() for name, column in columns.items()}


def typed_model(lists: type[BaseModel], **others: Any) -> type[BaseModel]:
    """A model of the same columns as typed arrays; `others` are fields that are no columns."""
    fields: dict[str, Any] = dict.fromkeys(lists.model_fields, (TypedColumn, ...)) | others
    return create_model(f"Typed{lists.__name__}", __doc__=lists.__doc__, **fields)


def _base64(values: NDArray[Any]) -> str:
    return b64encode(np.ascontiguousarray(values).data).decode("ascii")
