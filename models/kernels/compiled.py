"""How a kernel is compiled, and where its machine code is kept from one process to the next."""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., Any])

# Sums may be taken in any order and products joined with them; NaN and infinity keep their meaning.
RULES = {"reassoc", "contract", "nsz", "arcp"}


def kernel(function: Function) -> Function:
    """Compile at the first call, without the interpreter's lock, and keep the code on disk."""
    with _kept_in(folder()):
        compiled = numba.njit(cache=True, nogil=True, boundscheck=False, error_model="numpy", fastmath=RULES)(function)
    return cast(Function, compiled)


@cache
def folder() -> Path:
    """Where compiled code is kept: beside the sources, else in the user's cache, else in a temporary folder.

    Its name holds a hash of this package: numba looks only at the file of the function it compiles, and would go on
    using code into which an older version of another file was compiled. The machine is part of numba's own key.
    """
    name = f"kernels-{_version()}"
    users = Path(os.environ.get("XDG_CACHE_HOME") or Path(os.environ.get("HOME", tempfile.gettempdir())) / ".cache")
    for home in (Path(__file__).parent / "__pycache__", users / "beatlens"):
        if _writable(home / name):
            return home / name
    return Path(tempfile.mkdtemp(prefix="beatlens-"))


def _version() -> str:
    sources = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:12]


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return False
    return True


@contextmanager
def _kept_in(folder: Path) -> Iterator[None]:
    """Numba chooses a function's folder when it is decorated."""
    settings: Any = numba.config
    before, settings.CACHE_DIR = settings.CACHE_DIR, str(folder)
    try:
        yield
    finally:
        settings.CACHE_DIR = before
