"""Readings and progress, as they follow from the log of a session's entries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from backend.sessions.labels import in_set
from backend.sessions.schemas import ReaderStep, Summary
from backend.sessions.tables import SessionEntry, SessionItem

BLIND: tuple[ReaderStep, ...] = ("first", "reveal", "final")
OPEN: tuple[ReaderStep, ...] = ("final",)


def expects(blind: bool, done: Iterable[str]) -> ReaderStep:
    """The step that comes next; after the last one anything further is a correction."""
    past = set(done)
    return next((step for step in (BLIND if blind else OPEN) if step not in past), "correction")


@dataclass
class Read:
    """One reader's reading of one item."""

    first: str | None = None  # label before the reveal
    revealed: bool = False
    final: str | None = None  # label that was kept or chosen
    label: str | None = None  # the same, as corrected since
    confidence: int | None = None
    certainty: int | None = None  # at the first reading
    plausibility: int | None = None  # of the explanation, 1 … 5
    comment: str = ""
    region: tuple[float, float] | None = None  # ms from R
    seconds: float | None = None  # to the first reading

    def take(self, entry: SessionEntry) -> None:
        """Take one more entry into account, later than those before."""
        if entry.step == "reveal":
            self.revealed = True
            return
        if self.first is None and self.final is None:
            self.seconds = entry.seconds
        if entry.step == "first":
            self.first = entry.label
        else:
            self.final = self.final or entry.label
            self.label = entry.label
        self.confidence = entry.confidence or self.confidence
        self.certainty = self.certainty or entry.confidence
        self.plausibility = entry.plausibility or self.plausibility
        self.comment = entry.comment or self.comment
        if entry.region_start is not None and entry.region_end is not None:
            self.region = (entry.region_start, entry.region_end)


Reads = dict[tuple[str, int], Read]  # by user and position


def reads(entries: Iterable[SessionEntry]) -> Reads:
    """Every reader's readings, from entries in their order; adjudications are nobody's reading."""
    found: Reads = defaultdict(Read)
    for entry in entries:
        if entry.step != "adjudication":
            found[entry.user_id, entry.position].take(entry)
    return dict(found)


def decisions(entries: Iterable[SessionEntry]) -> dict[int, SessionEntry]:
    """The latest adjudication of each item that has one."""
    return {entry.position: entry for entry in entries if entry.step == "adjudication"}


@dataclass(frozen=True)
class Facts:
    """The labels that reference and model give each item, as labels of the session's set; None: it cannot say them."""

    references: Mapping[int, str | None]
    outputs: Mapping[int, str | None]

    @classmethod
    def of(cls, items: Sequence[SessionItem], label_set: str, spoken: str, labels: Sequence[str]) -> "Facts":
        """The facts of a session's items; reference and model speak the vocabulary `spoken`."""
        return cls(
            {item.position: in_set(label_set, item.reference, spoken, labels) for item in items},
            {item.position: in_set(label_set, item.output, spoken, labels) for item in items},
        )


def summary(user_id: str, found: Reads, facts: Facts) -> Summary:
    """How far one reader is."""
    own = {position: read for (user, position), read in found.items() if user == user_id}
    changed = {
        position: read for position, read in own.items() if read.first and read.final and read.first != read.final
    }
    return Summary(
        items=len(facts.outputs),
        read=sum(read.first is not None or read.final is not None for read in own.values()),
        revealed=sum(read.revealed for read in own.values()),
        decided=sum(read.final is not None for read in own.values()),
        differed=sum(
            read.revealed and facts.outputs[position] is not None and read.first != facts.outputs[position]
            for position, read in own.items()
        ),
        changed=len(changed),
        toward_reference=sum(facts.references[position] == read.final for position, read in changed.items()),
        toward_model=sum(facts.outputs[position] == read.final for position, read in changed.items()),
    )


def pace(user_id: str, found: Reads) -> float | None:
    """Median seconds to a first reading, where the reader's clock told any."""
    known = [read.seconds for (user, _), read in found.items() if user == user_id and read.seconds is not None]
    return round(median(known), 1) if known else None
