"""What was freed, given back to the system: glibc keeps it for itself otherwise."""

import ctypes
from functools import cache
from typing import Any


def give_back() -> None:
    """Return the allocator's free pages; nothing happens where the C library is not glibc."""
    if trim := _malloc_trim():
        trim(0)


@cache
def _malloc_trim() -> Any:
    try:
        return getattr(ctypes.CDLL(None), "malloc_trim", None)
    except (OSError, TypeError):  # no library of this process's own: Windows
        return None
