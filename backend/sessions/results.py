"""What came of a session: progress, agreement, changes after the reveal, regions and maps."""

from collections.abc import Sequence
from itertools import combinations

from backend.accounts.current import User
from backend.explanations.service import Explanations
from backend.sessions.adjudication import disagreed
from backend.sessions.log import Read, decisions
from backend.sessions.regions import agreement as region_agreement
from backend.sessions.regions import estimate
from backend.sessions.schemas import AgreementResponse, ChangesResponse, PairResponse, ResultsResponse, ShareResponse
from backend.sessions.service import SessionData, Sessions
from models.evaluation.readers import cohen, fleiss, share

INTERVALS = (
    "Intervals are of 95 %. Cohen's κ: asymptotic; shares of changed readings: Wilson; both take the readings as "
    "independent. Fleiss' κ, pointing and overlap: recordings, then their beats, drawn again 1,000 times."
)


def results(sessions: Sessions, explanations: Explanations, user: User, id: str) -> ResultsResponse:
    """All results by now; SealedError for whoever still reads the session blind."""
    whole = sessions.told(user, id)
    differing = set(disagreed(whole))
    return ResultsResponse(
        readers=whole.progress(sessions.accounts),
        first=agreement(whole, "first") if whole.row.blind else None,
        final=agreement(whole, "final"),
        changes=changes(whole) if whole.row.blind else None,
        regions=region_agreement(sessions.predictor, explanations, whole),
        disagreements=len(differing),
        adjudicated=len(differing & set(decisions(whole.entries))),
        intervals=INTERVALS,
    )


def agreement(whole: SessionData, step: str) -> AgreementResponse:
    """Agreement of the readers' labels at one step: before the reveal, or after it and before any correction."""
    labels = {
        reader: {
            place: label
            for place in range(len(whole.items))
            if (label := getattr(whole.reads.get((reader, place), Read()), step)) is not None
        }
        for reader in whole.readers
    }
    pairs = [_pair(a, labels[a], b, labels[b]) for a, b in combinations(whole.readers, 2)]
    common = [place for place in range(len(whole.items)) if all(place in own for own in labels.values())]
    hashes = sorted({item.recording_sha256 for item in whole.items})
    patients = [hashes.index(whole.items[place].recording_sha256) for place in common]
    rows = [[own[place] for own in labels.values()] for place in common]
    return AgreementResponse(pairs=pairs, fleiss=estimate(fleiss(rows, patients)), items=len(common))


def _pair(a: str, of_a: dict[int, str], b: str, of_b: dict[int, str]) -> PairResponse:
    both = sorted(of_a.keys() & of_b.keys())
    first, second = [of_a[place] for place in both], [of_b[place] for place in both]
    found = estimate(cohen(first, second))
    agree = sum(one == other for one, other in zip(first, second, strict=True))
    return PairResponse(**dict(found), a=a, b=b, items=len(both), agree=agree)


def changes(whole: SessionData) -> ChangesResponse:
    """Readings changed after the reveal, apart by whether the model's output was the reference."""
    decided = [
        (read, whole.facts.outputs[place], whole.facts.references[place])
        for (_, place), read in whole.reads.items()
        if read.first is not None and read.final is not None and whole.facts.outputs[place] is not None
    ]
    changed = [(read, output, reference) for read, output, reference in decided if read.first != read.final]
    return ChangesResponse(
        all=_share([read for read, _, _ in decided]),
        model_agrees=_share([read for read, output, reference in decided if output == reference]),
        model_differs=_share([read for read, output, reference in decided if reference not in (None, output)]),
        toward_model=sum(read.final == output for read, output, _ in changed),
        toward_reference=sum(read.final == reference for read, _, reference in changed),
    )


def _share(found: Sequence[Read]) -> ShareResponse:
    count = sum(read.first != read.final for read in found)
    return ShareResponse(**dict(estimate(share(count, len(found)))), count=count, of=len(found))
