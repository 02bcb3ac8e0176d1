"""Everything about one annotation session, as the database has it at one moment."""

import json

from backend.accounts.service import Accounts
from backend.current_user import User
from backend.sessions.labels import name_of
from backend.sessions.log import Facts, Reads, pace, reads, summary
from backend.sessions.schemas import LabelResponse, ReaderResponse, SessionResponse
from backend.sessions.tables import AnnotationSession, SessionEntry, SessionItem


class SessionData:
    """A session with its items, readers and entries."""

    def __init__(
        self, row: AnnotationSession, items: list[SessionItem], readers: list[str], entries: list[SessionEntry]
    ) -> None:
        self.row, self.items, self.readers, self.entries = row, items, readers, entries
        self.reads: Reads = reads(entries)
        self.facts = Facts.of(items, row.vocabulary)

    def label(self, label: str) -> LabelResponse:
        """A label with its name."""
        return LabelResponse(label=label, name=name_of(self.row.vocabulary, label))

    def progress(self, accounts: Accounts) -> list[ReaderResponse]:
        """The progress of every reader, by name."""
        names = accounts.names(self.readers)
        rows = [
            ReaderResponse(
                **dict(summary(reader, self.reads, self.facts)),
                id=reader,
                name=names.get(reader, "a former reader"),
                seconds=pace(reader, self.reads),
            )
            for reader in self.readers
        ]
        return sorted(rows, key=lambda row: (row.name.casefold(), row.id))

    def out(self, user: User, accounts: Accounts) -> SessionResponse:
        """The session as this person may see it."""
        row, lead = self.row, user.may("lead")
        return SessionResponse(
            id=row.id,
            title=row.title,
            created=row.created,
            closed=row.closed,
            blind=row.blind,
            label_set=row.vocabulary,
            labels=[self.label(label) for label in json.loads(row.labels)],
            model=row.model,
            weights_sha256=row.weights_sha256,
            methods=json.loads(row.methods),
            items=len(self.items),
            recordings=len({item.recording for item in self.items}),
            mine=summary(user.id, self.reads, self.facts) if user.id in self.readers else None,
            maker=accounts.names([row.maker]).get(row.maker) if lead else None,
            choice=json.loads(row.choice) if lead else None,
            readers=self.progress(accounts) if lead else None,
        )
