"""What was freed, given back to the system, and what libraries keep for themselves, bounded."""

import ctypes
import os
from functools import cache
from typing import Any

MMAP_THRESHOLD = -3  # name of mallopt's parameter, malloc.h
OWN_PAGES = 2**18  # bytes from which an array has pages of its own; by itself glibc raises that to 32 MB
PRIMITIVES = "ONEDNN_PRIMITIVE_CACHE_CAPACITY"  # read by oneDNN, on which PyTorch computes, when it is first used
FEW = "32"  # shapes of input and layer that it remembers, of 0.2 MB each; by itself 1,024


def give_back() -> None:
    """Return the allocator's free pages; nothing happens where the C library is not glibc."""
    if trim := _function("malloc_trim"):
        trim(0)


def hoard_nothing() -> None:
    """Have every array of some size go back to the system as soon as it is freed.

    After six recordings of half an hour 473 MB are the process's own, instead of 550; fewer heaps change nothing.
    """
    if mallopt := _function("mallopt"):
        mallopt(MMAP_THRESHOLD, OWN_PAGES)


def remember_few_shapes() -> None:
    """Have PyTorch keep its code for few shapes of input, from before its first computation on.

    Every recording has another number of beats, and so a last batch of another length: it would keep code for each.
    """
    os.environ.setdefault(PRIMITIVES, FEW)


@cache
def _function(name: str) -> Any:
    """A function of the C library; None where it has none of this name."""
    try:
        library = ctypes.CDLL(None)
    except (OSError, TypeError):  # no library of this process's own: Windows
        return None
    return getattr(library, name, None) if hasattr(library, "gnu_get_libc_version") else None
