"""Results of a session: progress, agreement, changes after the reveal, regions and maps."""

from collections.abc import Sequence

from backend.current_user import User
from backend.explanations.service import Explanations
from backend.sessions.adjudication import disagreed
from backend.sessions.agreement import agreement
from backend.sessions.log import Read, decisions
from backend.sessions.ratings import ratings
from backend.sessions.regions import agreement as region_agreement
from backend.sessions.regions import estimate
from backend.sessions.result_schemas import ChangesResponse, ResultsResponse, ShareResponse
from backend.sessions.service import Sessions
from backend.sessions.session_data import SessionData
from models.evaluation.readers import share

INTERVALS = (
    "Intervals are of 95 %. Cohen's κ: asymptotic; shares of changed readings: Wilson; both take the readings as "
    "independent. Fleiss' κ, pointing and overlap: recordings, then their beats, drawn again 1,000 times."
)


def results(sessions: Sessions, explanations: Explanations, user: User, id: str) -> ResultsResponse:
    """The results so far; SealedError for whoever still reads the session blind."""
    data = sessions.results(user, id)
    differing, readers = set(disagreed(data)), data.progress(sessions.accounts)
    named = [reader.id for reader in readers]  # in one order everywhere
    return ResultsResponse(
        readers=readers,
        first=agreement(data, named, "first") if data.row.blind else None,
        final=agreement(data, named, "final"),
        changes=changes(data) if data.row.blind else None,
        ratings=ratings(data),
        regions=region_agreement(sessions.predictor, explanations, data),
        disagreements=len(differing),
        adjudicated=len(differing & set(decisions(data.entries))),
        intervals=INTERVALS,
    )


def changes(data: SessionData) -> ChangesResponse:
    """Readings changed after the reveal, apart by whether the model's output was the reference."""
    decided = [
        (position, read)
        for (_, position), read in data.reads.items()
        if read.first is not None and read.final is not None and data.items[position].output is not None
    ]
    changed = [(position, read) for position, read in decided if read.first != read.final]
    return ChangesResponse(
        all=_share([read for _, read in decided]),
        model_agrees=_share([read for position, read in decided if data.model_is_right(position) is True]),
        model_differs=_share([read for position, read in decided if data.model_is_right(position) is False]),
        toward_model=sum(read.final == data.facts.outputs[position] for position, read in changed),
        toward_reference=sum(read.final == data.facts.references[position] for position, read in changed),
    )


def _share(found: Sequence[Read]) -> ShareResponse:
    count = sum(read.first != read.final for read in found)
    return ShareResponse(**dict(estimate(share(count, len(found)))), count=count, of=len(found))
