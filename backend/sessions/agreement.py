"""How far a session's readers agree with each other, with the reference and with the model, over all and by label."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from backend.sessions.log import Read
from backend.sessions.regions import estimate
from backend.sessions.result_schemas import AgreementResponse, LabelAgreementResponse, PairResponse, TableResponse
from backend.sessions.session_data import SessionData
from models.evaluation.readers import cohen, cohen_of, fleiss, fleiss_of

Labels = Mapping[int, str]  # by position
Pair = tuple[str, str | None]  # of readers' ids; None: the reference, or the model


@dataclass(frozen=True)
class Compared:
    """Two columns of labels, of the items that both label."""

    pair: Pair
    first: list[str]
    second: list[str]

    @classmethod
    def of(cls, pair: Pair, a: Labels, b: Labels) -> "Compared":
        """The items that both label, in order."""
        both = sorted(a.keys() & b.keys())
        return cls(pair, [a[position] for position in both], [b[position] for position in both])

    @property
    def response(self) -> PairResponse:
        """Their κ."""
        agree = sum(one == other for one, other in zip(self.first, self.second, strict=True))
        a, b = self.pair
        return PairResponse(
            **dict(estimate(cohen(self.first, self.second))), a=a, b=b, items=len(self.first), agree=agree
        )


@dataclass(frozen=True)
class Common:
    """The items that all readers label: their labels [items][readers], and whose heart each is of."""

    rows: list[list[str]]
    patients: list[int]

    @classmethod
    def of(cls, data: SessionData, labels: Mapping[str, Labels]) -> "Common":
        """Recordings stand for patients."""
        shared = [p for p in range(len(data.items)) if all(p in own for own in labels.values())]
        hashes = sorted({item.recording_sha256 for item in data.items})
        patients = [hashes.index(data.items[position].recording_sha256) for position in shared]
        return cls([[own[position] for own in labels.values()] for position in shared], patients)


def agreement(data: SessionData, readers: Sequence[str], step: str) -> AgreementResponse:
    """Agreement of these readers at one step: before the reveal, or after it and before any correction."""
    labels = {reader: _labels(data, reader, step) for reader in readers}
    references, outputs = _known(data.facts.references), _known(data.facts.outputs)
    pairs = [Compared.of((a, b), labels[a], labels[b]) for a, b in combinations(readers, 2)]
    by_reference = [Compared.of((reader, None), labels[reader], references) for reader in readers]
    by_model = [Compared.of((reader, None), labels[reader], outputs) for reader in readers]
    common = Common.of(data, labels)
    return AgreementResponse(
        pairs=[one.response for one in pairs],
        reference=[one.response for one in by_reference],
        model=[one.response for one in by_model],
        fleiss=estimate(fleiss(common.rows, common.patients)),
        items=len(common.rows),
        agree=sum(len(set(row)) == 1 for row in common.rows),
        labels=_by_label(data, pairs, by_reference, common),
        tables=[_table(data, one) for one in (*pairs, *by_reference)],
    )


def _labels(data: SessionData, reader: str, step: str) -> Labels:
    found = {position: getattr(data.reads.get((reader, position), Read()), step) for position in range(len(data.items))}
    return _known(found)


def _known(labels: Mapping[int, str | None]) -> Labels:
    return {position: label for position, label in labels.items() if label is not None}


def _by_label(
    data: SessionData, pairs: Sequence[Compared], by_reference: Sequence[Compared], common: Common
) -> list[LabelAgreementResponse]:
    """κ of each label that was said against all others."""
    columns = [*pairs, *by_reference]
    said = {label for one in columns for label in (*one.first, *one.second)}
    return [
        LabelAgreementResponse(
            label=label,
            pairs=[estimate(cohen_of(label, one.first, one.second)) for one in pairs],
            reference=[estimate(cohen_of(label, one.first, one.second)) for one in by_reference],
            fleiss=estimate(fleiss_of(label, common.rows, common.patients)),
        )
        for label in _in_order(data, said)
    ]


def _table(data: SessionData, of: Compared) -> TableResponse:
    """How often each label of one met each of the other."""
    pairs = Counter(zip(of.first, of.second, strict=True))
    labels = _in_order(data, {label for pair in pairs for label in pair})
    a, b = of.pair
    return TableResponse(a=a, b=b, labels=labels, counts=[[pairs[one, other] for other in labels] for one in labels])


def _in_order(data: SessionData, labels: set[str]) -> list[str]:
    """The session's order; what it does not have comes last."""
    known = [label for label in data.labels if label in labels]
    return [*known, *sorted(labels - set(known))]
