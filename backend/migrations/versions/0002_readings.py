"""Readings; and what was found out about recordings, so that a restart need not find it out again."""

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "readings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(64), nullable=False),
        sa.Column("reader", sa.String(100), nullable=False),
        sa.Column("recording", sa.String(300), nullable=False),
        sa.Column("recording_sha256", sa.String(64), nullable=False),
        sa.Column("lead", sa.String(100), nullable=True),
        sa.Column("sample", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(20), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_readings"),
        sa.UniqueConstraint("client_id", name="uq_readings_client_id"),
    )
    op.create_index("ix_readings_recording_sha256", "readings", ["recording_sha256", "id"])
    op.create_table(
        "recording_facts",
        sa.Column("recording", sa.String(300), nullable=False),
        sa.Column("stamp", sa.String(64), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("recording", name="pk_recording_facts"),
    )
    op.create_table(
        "model_counts",
        sa.Column("beats_sha256", sa.String(64), nullable=False),
        sa.Column("model_sha256", sa.String(64), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("beats_sha256", "model_sha256", name="pk_model_counts"),
    )


def downgrade() -> None:
    """Back."""
    for table in ("model_counts", "recording_facts", "readings"):
        op.drop_table(table)
