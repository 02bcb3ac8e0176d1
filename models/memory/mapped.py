"""Large arrays in files without a name: their pages go back to the system whenever they are not being read."""

import math
import mmap
import os
import tempfile
from pathlib import Path
from typing import Any
from weakref import WeakSet

import numpy as np
from numpy.typing import NDArray

LARGE = 32 * 2**20  # bytes; what is smaller is held in memory
_maps: WeakSet[mmap.mmap] = WeakSet()
_folder: list[Path] = []  # where the files lie; empty: the system's folder of temporary files


def keep_in(folder: Path) -> None:
    """Have large arrays lie on the disk of `folder`: the system's own temporary folder may be memory again."""
    _folder[:] = [folder]


def empty(*shape: int) -> NDArray[np.float32]:
    """An array [shape] to be written; in memory where it is small, or the disk has no room for it."""
    size = math.prod(shape) * 4
    if size < LARGE or not hasattr(os, "posix_fallocate"):
        return np.empty(shape, np.float32)
    try:
        pages = _reserved(size)
    except OSError:
        return np.empty(shape, np.float32)
    _maps.add(pages)
    return np.frombuffer(pages, dtype=np.float32).reshape(shape)


def weight(values: NDArray[Any]) -> int:
    """Bytes of an array in memory; of one in a file a sixteenth, for the pages that are being read."""
    base: Any = values
    while isinstance(base, np.ndarray):
        base = base.base
    in_file = isinstance(base.obj if isinstance(base, memoryview) else base, mmap.mmap)
    return values.nbytes // 16 if in_file else values.nbytes


def rest() -> None:
    """Give the pages of all such arrays back; who reads on has them again from the system's memory of files."""
    for pages in list(_maps):
        pages.madvise(mmap.MADV_DONTNEED)


def _reserved(size: int) -> mmap.mmap:
    """A file of so many bytes that are there: what is written to it later never meets a full disk."""
    with tempfile.TemporaryFile(dir=_folder[0] if _folder and _folder[0].is_dir() else None) as file:
        os.posix_fallocate(file.fileno(), 0, size)
        return mmap.mmap(file.fileno(), size)
