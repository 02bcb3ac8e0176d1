"""A session's deadline, and the vocabulary of its reference and model; the time of a link's window, for the list."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels = None
depends_on = None

SESSIONS = "annotation_sessions"


def upgrade() -> None:
    """Add the columns; a link's time stands in its document."""
    op.add_column(SESSIONS, sa.Column("deadline", sa.DateTime(timezone=True)))
    op.add_column(SESSIONS, sa.Column("spoken", sa.String(40)))
    op.add_column("links", sa.Column("time", sa.Double()))
    rows = sa.table("links", sa.column("id"), sa.column("document"), sa.column("time"))
    found = op.get_bind().execute(sa.select(rows.c.id, rows.c.document)).all()
    for id, document in found:
        op.execute(sa.update(rows).where(rows.c.id == id).values(time=_time(json.loads(document))))


def _time(document: dict[str, Any]) -> float | None:
    """Seconds, of a document of any format."""
    time = document.get("record", {}).get("time")
    return None if time is None else float(time)


def downgrade() -> None:
    """Leave the documents alone."""
    op.drop_column("links", "time")
    op.drop_column(SESSIONS, "spoken")
    op.drop_column(SESSIONS, "deadline")
