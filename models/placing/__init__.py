"""Ways of placing windows on a recording: each a file of this package that defines one Placing; discovered."""

from functools import cache

from models.cards import InputSpec
from models.discovery import discover, named
from models.errors import unknown
from models.placing.base import Anchors, Placing
from models.records.record import Record

__all__ = ["Anchors", "Placing", "anchors", "placings"]


@cache
def placings() -> dict[str, Placing]:
    """Every way of placing by the kind of window."""
    found: dict[str, type[Placing]] = {}
    for item in discover(__name__, Placing, "placing"):
        named(found, item.kind, item)
    return {kind: item() for kind, item in sorted(found.items())}


def anchors(record: Record, lead: int, spec: InputSpec, vocabulary: str = "mitbih") -> Anchors:
    """The windows of `record`, seen in the lead `lead`, for a network of `spec`, with labels of `vocabulary`."""
    known = placings()
    if spec.window.kind not in known:
        raise unknown("kind of window", spec.window.kind, tuple(known), field="model")
    return known[spec.window.kind].anchors(record, lead, spec, vocabulary)
