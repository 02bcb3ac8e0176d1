"""How long tests wait for a fact, on a machine that has much else to do; none waits for a time."""

import time
from collections.abc import Callable
from typing import Any

PATIENCE = 240.0  # seconds


def until(check: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """What `check()` says once it says something."""
    deadline = time.monotonic() + seconds
    while not (said := check()):
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.05)
    return said
