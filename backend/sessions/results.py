"""Results of a session: progress, agreement, changes after the reveal, regions and maps."""

import json
from collections import Counter
from collections.abc import Sequence
from itertools import combinations

from backend.current_user import User
from backend.explanations.service import Explanations
from backend.sessions.adjudication import disagreed
from backend.sessions.log import Read, decisions
from backend.sessions.regions import agreement as region_agreement
from backend.sessions.regions import estimate
from backend.sessions.result_schemas import (
    AgreementResponse,
    ChangesResponse,
    PairResponse,
    ResultsResponse,
    ShareResponse,
    TableResponse,
)
from backend.sessions.service import Sessions
from backend.sessions.session_data import SessionData
from models.evaluation.readers import cohen, fleiss, share

INTERVALS = (
    "Intervals are of 95 %. Cohen's κ: asymptotic; shares of changed readings: Wilson; both take the readings as "
    "independent. Fleiss' κ, pointing and overlap: recordings, then their beats, drawn again 1,000 times."
)


def results(sessions: Sessions, explanations: Explanations, user: User, id: str) -> ResultsResponse:
    """The results so far; SealedError for whoever still reads the session blind."""
    data = sessions.results(user, id)
    differing = set(disagreed(data))
    return ResultsResponse(
        readers=data.progress(sessions.accounts),
        first=agreement(data, "first") if data.row.blind else None,
        final=agreement(data, "final"),
        changes=changes(data) if data.row.blind else None,
        regions=region_agreement(sessions.predictor, explanations, data),
        disagreements=len(differing),
        adjudicated=len(differing & set(decisions(data.entries))),
        intervals=INTERVALS,
    )


def agreement(data: SessionData, step: str) -> AgreementResponse:
    """Agreement of the readers' labels at one step: before the reveal, or after it and before any correction."""
    labels = {
        reader: {
            position: label
            for position in range(len(data.items))
            if (label := getattr(data.reads.get((reader, position), Read()), step)) is not None
        }
        for reader in data.readers
    }
    pairs = [_pair(a, labels[a], b, labels[b]) for a, b in combinations(data.readers, 2)]
    common = [position for position in range(len(data.items)) if all(position in own for own in labels.values())]
    hashes = sorted({item.recording_sha256 for item in data.items})
    patients = [hashes.index(data.items[position].recording_sha256) for position in common]
    rows = [[own[position] for own in labels.values()] for position in common]
    references = {at: said for at, said in dict(data.facts.references).items() if said is not None}
    others: list[tuple[str | None, dict[int, str]]] = [*labels.items(), (None, references)]
    return AgreementResponse(
        pairs=pairs,
        fleiss=estimate(fleiss(rows, patients)),
        items=len(common),
        agree=sum(len(set(row)) == 1 for row in rows),
        tables=[_table(data, a, labels[a], b, of_b) for i, a in enumerate(data.readers) for b, of_b in others[i + 1 :]],
    )


def _table(data: SessionData, a: str, of_a: dict[int, str], b: str | None, of_b: dict[int, str]) -> TableResponse:
    """How often each label of `a` met each of `b`, where both said one."""
    pairs = Counter((of_a[at], of_b[at]) for at in of_a.keys() & of_b.keys())
    said = {label for pair in pairs for label in pair}
    known = [label for label in json.loads(data.row.labels) if label in said]
    labels = [*known, *sorted(said - set(known))]
    return TableResponse(a=a, b=b, labels=labels, counts=[[pairs[one, other] for other in labels] for one in labels])


def _pair(a: str, of_a: dict[int, str], b: str, of_b: dict[int, str]) -> PairResponse:
    both = sorted(of_a.keys() & of_b.keys())
    first, second = [of_a[position] for position in both], [of_b[position] for position in both]
    found = estimate(cohen(first, second))
    agree = sum(one == other for one, other in zip(first, second, strict=True))
    return PairResponse(**dict(found), a=a, b=b, items=len(both), agree=agree)


def changes(data: SessionData) -> ChangesResponse:
    """Readings changed after the reveal, apart by whether the model's output was the reference."""
    decided = [
        (read, data.facts.outputs[position], data.facts.references[position])
        for (_, position), read in data.reads.items()
        if read.first is not None and read.final is not None and data.facts.outputs[position] is not None
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
