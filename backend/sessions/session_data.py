"""Everything about one annotation session, as the database has it at one moment."""

import json
from collections.abc import Iterable, Mapping

from backend.accounts.service import Accounts
from backend.current_user import User
from backend.sessions.labels import name_of, spoken_in
from backend.sessions.log import Facts, Read, Reads, pace, reads, summary
from backend.sessions.schemas import LabelResponse, ReaderResponse, SessionResponse
from backend.sessions.tables import AnnotationSession, SessionEntry, SessionItem
from models.vocabularies import name_of as name_in

FORMER = "a former reader"


def by_name(readers: Iterable[str], names: Mapping[str, str]) -> list[str]:
    """Readers' ids in the order of their names: the one in which people are listed wherever names are shown."""
    return sorted(readers, key=lambda reader: (names.get(reader, FORMER).casefold(), reader))


class SessionData:
    """A session with its items, readers and entries."""

    def __init__(
        self, row: AnnotationSession, items: list[SessionItem], readers: list[str], entries: list[SessionEntry]
    ) -> None:
        self.row, self.items, self.readers, self.entries = row, items, readers, entries
        self.reads: Reads = reads(entries)
        self.labels: list[str] = json.loads(row.labels)
        self.spoken = spoken_in(row.vocabulary, row.spoken)
        self.facts = Facts.of(items, row.vocabulary, self.spoken, self.labels)

    def label(self, label: str) -> LabelResponse:
        """A label with its name."""
        return LabelResponse(label=label, name=name_of(self.row.vocabulary, label, self.spoken))

    def output(self, position: int) -> LabelResponse | None:
        """What the model says of an item: as a label of the set, else in its own vocabulary."""
        return self._label_of(self.items[position].output, self.facts.outputs[position])

    def reference(self, position: int) -> LabelResponse | None:
        """What the reference says of an item: as a label of the set, else in its own vocabulary."""
        return self._label_of(self.items[position].reference, self.facts.references[position])

    def model_is_right(self, position: int) -> bool | None:
        """Whether the model's output is the reference; None where either is missing."""
        item, said = self.items[position], self.facts.outputs[position]
        if item.output is None or item.reference is None:
            return None
        return item.output == item.reference or (said is not None and said == self.facts.references[position])

    def reader_is_right(self, position: int, read: Read) -> bool | None:
        """Whether a reader's first label is the reference; None where the set cannot say what that is."""
        label, reference = read.first or read.final, self.facts.references[position]
        return None if label is None or reference is None else label == reference

    def _label_of(self, code: str | None, label: str | None) -> LabelResponse | None:
        if label is not None:
            return self.label(label)
        return None if code is None else LabelResponse(label=code, name=name_in(self.spoken, code))

    def progress(self, accounts: Accounts) -> list[ReaderResponse]:
        """The progress of every reader, by name."""
        names = accounts.names(self.readers)
        return [
            ReaderResponse(
                **dict(summary(reader, self.reads, self.facts)),
                id=reader,
                name=names.get(reader, FORMER),
                seconds=pace(reader, self.reads),
            )
            for reader in by_name(self.readers, names)
        ]

    def out(self, user: User, accounts: Accounts) -> SessionResponse:
        """The session as this person may see it."""
        row, lead = self.row, user.may("lead")
        return SessionResponse(
            id=row.id,
            title=row.title,
            created=row.created,
            closed=row.closed,
            deadline=row.deadline,
            blind=row.blind,
            label_set=row.vocabulary,
            labels=[self.label(label) for label in self.labels],
            model=row.model,
            weights_sha256=row.weights_sha256,
            methods=json.loads(row.methods),
            items=len(self.items),
            recordings=len({item.recording for item in self.items}),
            mine=summary(user.id, self.reads, self.facts) if user.id in self.readers else None,
            maker=accounts.names([row.maker]).get(row.maker) if lead else None,
            choice=row.chosen if lead else None,
            readers=self.progress(accounts) if lead else None,
        )
