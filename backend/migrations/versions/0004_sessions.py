"""Annotation sessions: their beats, their readers, and what these did."""

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "annotation_sessions",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("maker", sa.String(32), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed", sa.DateTime(timezone=True), nullable=True),
        sa.Column("blind", sa.Boolean(), nullable=False),
        sa.Column("label_set", sa.String(10), nullable=False),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("methods", sa.Text(), nullable=False),
        sa.Column("model", sa.String(100), nullable=False),
        sa.Column("weights_sha256", sa.String(64), nullable=False),
        sa.Column("versions", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_annotation_sessions"),
    )
    op.create_table(
        "session_items",
        sa.Column("session", sa.String(32), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("recording", sa.String(300), nullable=False),
        sa.Column("recording_sha256", sa.String(64), nullable=False),
        sa.Column("lead", sa.String(100), nullable=False),
        sa.Column("sample", sa.Integer(), nullable=False),
        sa.Column("fs", sa.Double(), nullable=False),
        sa.Column("reference", sa.String(20), nullable=True),
        sa.Column("output", sa.String(20), nullable=True),
        sa.Column("margin", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("session", "place", name="pk_session_items"),
        sa.ForeignKeyConstraint(
            ["session"], ["annotation_sessions.id"], name="fk_session_items_session_annotation_sessions"
        ),
    )
    op.create_index("ix_session_items_recording_sha256", "session_items", ["recording_sha256"])
    op.create_table(
        "session_readers",
        sa.Column("session", sa.String(32), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("session", "user_id", name="pk_session_readers"),
        sa.ForeignKeyConstraint(
            ["session"], ["annotation_sessions.id"], name="fk_session_readers_session_annotation_sessions"
        ),
    )
    op.create_index("ix_session_readers_user_id", "session_readers", ["user_id"])
    op.create_table(
        "session_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(64), nullable=False),
        sa.Column("session", sa.String(32), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("step", sa.String(20), nullable=False),
        sa.Column("label", sa.String(40), nullable=True),
        sa.Column("confidence", sa.Integer(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("region_start", sa.Double(), nullable=True),
        sa.Column("region_end", sa.Double(), nullable=True),
        sa.Column("plausibility", sa.Integer(), nullable=True),
        sa.Column("seconds", sa.Double(), nullable=True),
        sa.Column("made", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_session_entries"),
        sa.UniqueConstraint("client_id", name="uq_session_entries_client_id"),
        sa.ForeignKeyConstraint(
            ["session", "place"],
            ["session_items.session", "session_items.place"],
            name="fk_session_entries_session_session_items",
        ),
    )
    op.create_index("ix_session_entries_session", "session_entries", ["session", "id"])
    op.create_index("ix_session_entries_user_id", "session_entries", ["user_id", "id"])


def downgrade() -> None:
    """Back."""
    for table in ("session_entries", "session_readers", "session_items", "annotation_sessions"):
        op.drop_table(table)
