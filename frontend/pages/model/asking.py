"""What the page asks of the service that may take a while: a result, a job that is followed, or a reason."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from frontend.api import JSON, ApiError
from frontend.ui.components import state
from frontend.ui.elements import Element, html


@dataclass(frozen=True)
class Asked:
    """What came of a question."""

    result: Any = None  # None: not there yet, or never
    job: JSON | None = None  # that is under way
    again: float | None = None  # s after which to ask again for what is being prepared
    said: Element = None  # what stands in its place meanwhile


def asked(call: Callable[[], JSON], title: str) -> Asked:
    """The answer of a route; while it is being prepared how far that is."""
    try:
        return Asked(call())
    except ApiError as error:
        if error.again is not None:
            return Asked(again=error.again, said=html.P(error.detail, className="m w model-wait", role="status"))
        return Asked(said=state(f"{title} cannot be shown", error.detail, warn=True))


def task(call: Callable[[], JSON], slot: str, name: str, title: str) -> Asked:
    """The result of a task, or its job."""
    found = asked(call, title)
    if found.result is None:
        return found
    status = found.result
    if status["status"] == "done":
        return Asked(status["result"])
    if status.get("error") or status["status"] == "cancelled":
        return Asked(said=state(f"{title} failed", status.get("error") or "It was cancelled.", warn=True))
    job: JSON = {"slot": slot, "kind": f"tasks/{name}", "title": title}
    job |= {key: status.get(key) for key in ("id", "status", "position")}
    return Asked(job=job, said=html.P("A worker is at it.", className="m w model-wait", role="status"))


def follow(*found: Asked) -> JSON:
    """For the script: the jobs to follow, and when to ask again."""
    waits = [one.again for one in found if one.again is not None]
    return {"jobs": [one.job for one in found if one.job], "again": min(waits, default=None)}
