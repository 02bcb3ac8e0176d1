"""A view: which beat is shown, and how; a panel is a function of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from werkzeug.datastructures import MultiDict

from frontend.api import JSON
from frontend.figures.paper import GAIN, PX_PER_MM, SPEED
from frontend.query import GAINS, MM, SPEEDS, within
from frontend.tokens import Theme

SPARE = (0.0, 400.0)  # px by which maps may be asked to be taller


@dataclass(frozen=True)
class View:
    """Which beat is shown, and how."""

    record: str
    at: int  # the window's address: a sample at the record's fs
    lead: str | None = None
    model: str | None = None
    target: str | None = None  # class symbol whose score is explained; None: the model's output
    score: str | None = None  # "probability" where maps explain that instead of the logit
    a: str = ""  # as the address writes methods: `learned_mask,steps=200`; empty: the service's first
    b: str = ""
    open: frozenset[str] = frozenset()  # groups of methods that Compare shows unfolded; empty: the usual ones
    ask: frozenset[str] = frozenset()  # methods that Compare is asked for although they take long on this window
    width: float = 1440.0  # of the window in px
    mm: float = PX_PER_MM  # px of a millimetre on the reader's screen
    speed: float = SPEED  # mm/s of paper that is drawn at true scale
    gain: float = GAIN  # mm/mV
    filter: Literal["raw", "0.5-40"] = "raw"
    low: bool = False  # a window in which maps give room to a second lead
    spare: float = 0.0  # px by which maps are taller than usual
    theme: Theme = "light"
    urgency: Literal["interactive", "prefetch"] = "interactive"
    held: Mapping[str, str] = field(default_factory=dict)  # method → explanation that ended without a result
    fresh: frozenset[str] = frozenset()  # explanations that the reader saw being computed

    @property
    def where(self) -> JSON:
        """What an explanation belongs to."""
        return {name: getattr(self, name) for name in ("record", "lead", "model", "at", "target")}


def read(query: MultiDict[str, str]) -> View:
    """The view that a query asks for; KeyError or ValueError where it asks for none."""
    texts = {name: query[name] for name in ("lead", "model", "target", "score", "a", "b") if query.get(name)}
    held = dict(pair.rsplit("~", 1) for pair in query.getlist("held") if "~" in pair)
    return View(
        record=query["record"],
        at=int(query["at"]),
        width=float(query.get("width", View.width)),
        mm=within(query, "mm", View.mm, MM),
        speed=within(query, "speed", View.speed, SPEEDS),
        gain=within(query, "gain", View.gain, GAINS),
        filter="0.5-40" if query.get("filter") == "0.5-40" else "raw",
        low=query.get("low") == "yes",
        spare=within(query, "spare", View.spare, SPARE),
        theme="dark" if query.get("theme") == "dark" else "light",
        urgency="prefetch" if query.get("urgency") == "prefetch" else "interactive",
        held=held,
        fresh=frozenset(query.get("fresh", "").split(",")),
        open=listed(query.get("open", "")),
        ask=listed(query.get("ask", "")),
        **texts,
    )


def listed(text: str) -> frozenset[str]:
    """What is written with commas between."""
    return frozenset(filter(None, text.split(",")))
