"""Intervals instead of single samples: what a reading, an item of a session and a link are about can be any window;
and in which vocabulary it is labelled.

A beat of an older row becomes the interval of its one sample, `at` … `at` + 1: it is as near to other beats as it was.
Back again the start of a longer interval is all that is left of it.
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels = None
depends_on = None

RENAMED = (
    ("readings", "sample", "at"),
    ("session_items", "sample", "at"),
    ("session_items", "place", "position"),
    ("session_entries", "place", "position"),
    ("links", "sample", "at"),
)
WITH_INTERVALS = ("readings", "session_items", "links")
SESSIONS = "annotation_sessions"
WITH_VOCABULARY = ("readings", SESSIONS)
MITBIH = "mitbih"  # whose symbols all labels were


def upgrade() -> None:
    """Name the address `at`, and put the interval beside it."""
    for table, old, new in RENAMED:
        op.alter_column(table, old, new_column_name=new)
    for table in WITH_INTERVALS:
        for name in ("start", "end"):
            op.add_column(table, sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
        rows = sa.table(table, sa.column("at"), sa.column("start"), sa.column("end"))
        op.execute(sa.update(rows).values({"start": rows.c.at, "end": rows.c.at + 1}))
    for table in WITH_VOCABULARY:
        op.add_column(table, sa.Column("vocabulary", sa.String(40), nullable=False, server_default=MITBIH))
    _copy("label_set", "vocabulary")
    op.drop_column(SESSIONS, "label_set")


def _copy(old: str, new: str) -> None:
    """A session's set of labels is a vocabulary, or its own."""
    rows = sa.table(SESSIONS, sa.column(old), sa.column(new))
    op.execute(sa.update(rows).values({new: sa.func.substr(rows.c[old], 1, 10)}))


def downgrade() -> None:
    """Leave the address alone."""
    op.add_column(SESSIONS, sa.Column("label_set", sa.String(10), nullable=False, server_default=MITBIH))
    _copy("vocabulary", "label_set")
    for table in WITH_VOCABULARY:
        op.drop_column(table, "vocabulary")
    for table in WITH_INTERVALS:
        for name in ("end", "start"):
            op.drop_column(table, name)
    for table, old, new in RENAMED:
        op.alter_column(table, new, new_column_name=old)
