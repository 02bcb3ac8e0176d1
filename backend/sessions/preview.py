"""What a choice of beats would draw, and how long reading it takes: asked before a session is opened."""

from collections import Counter
from statistics import median

from sqlalchemy import func, select

from backend.blinding.intervals import extents
from backend.blinding.visibility import SEALED_RECORDING, Visibility
from backend.current_user import User
from backend.errors import SealedError
from backend.sessions.choice_schemas import AtRandom, DrawnClass, DrawRequest, DrawResponse, Named
from backend.sessions.sampling import BeatSampler, SampledBeat
from backend.sessions.service import Sessions
from backend.sessions.tables import SessionEntry
from models.vocabularies import name_of

ASSUMED = 15.0  # s that a beat takes where nobody has read here yet
LATEST = 1000  # beats of which the time is taken


def preview(sessions: Sessions, user: User, visibility: Visibility, ask: DrawRequest) -> DrawResponse:
    """Number and classes of the beats, and the time that one takes; SealedError where that told something sealed."""
    _check(sessions, visibility, ask)
    sampler = BeatSampler(sessions.predictor, ask, lambda recording: sessions.labelled(recording, user))
    spots = sampler.spots()
    said = Counter(label for name in dict.fromkeys(name for name, _ in spots)
                   for label in _references(sampler, visibility, name, spots))  # fmt: skip
    spoken = sessions.predictor.model(ask.model).card.vocabulary
    classes = [
        DrawnClass(label=label, name="no reference" if label is None else name_of(spoken, label), items=count)
        for label, count in said.most_common()
    ]
    seconds, timed = pace(sessions)
    recordings = len({name for name, _ in spots})
    return DrawResponse(items=len(spots), recordings=recordings, classes=classes, seconds=seconds, timed=timed)


def _check(sessions: Sessions, visibility: Visibility, ask: DrawRequest) -> None:
    """SealedError for a choice by class or by model over a recording of which the caller still reads beats blind."""
    if isinstance(ask.choice, AtRandom | Named) or visibility.unrestricted:
        return
    repository = sessions.predictor.repository
    if any(visibility.affects(name, repository.checksum(name)) for name in ask.recordings):
        raise SealedError(SEALED_RECORDING)


def _references(sampler: BeatSampler, visibility: Visibility, name: str, spots: list[SampledBeat]) -> list[str | None]:
    """The reference's label of each drawn beat of a recording; None where it has none or the caller may not see it."""
    cutter, numbers = sampler.open(name), [number for recording, number in spots if recording == name]
    starts, ends = extents(cutter.anchors)
    sealed = visibility.of(cutter.record.sha256).reference.affects(
        [int(starts[number]) for number in numbers], [int(ends[number]) for number in numbers]
    )
    labels = cutter.anchors.labels
    return [
        None if is_sealed or not labels else labels[number] for number, is_sealed in zip(numbers, sealed, strict=True)
    ]


def pace(sessions: Sessions) -> tuple[float, int]:
    """Median seconds from seeing a beat to deciding it, of the beats read last, and how many those are."""
    total = select(func.sum(SessionEntry.seconds)).where(SessionEntry.step != "correction")
    by_beat = total.group_by(SessionEntry.session, SessionEntry.position, SessionEntry.user_id)
    known = by_beat.having(func.sum(SessionEntry.seconds) > 0).order_by(func.max(SessionEntry.id).desc()).limit(LATEST)
    with sessions.database.transaction() as session:
        found = [value for value in session.scalars(known) if value is not None]
    return (round(median(found), 1), len(found)) if found else (ASSUMED, 0)
