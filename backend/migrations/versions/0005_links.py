"""Links: whose they are, until when and by whom they can be read, and how often they were."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels = None
depends_on = None

LOCAL = "local"  # who made links before there were accounts


def upgrade() -> None:
    """Forward."""
    columns: list[sa.Column[Any]] = [
        sa.Column("maker", sa.String(32), nullable=False, server_default=LOCAL),
        sa.Column("title", sa.String(200), nullable=False, server_default=""),
        sa.Column("recording", sa.String(300), nullable=False, server_default=""),
        sa.Column("recording_sha256", sa.String(64), nullable=False, server_default=""),
        sa.Column("sample", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("needs_sign_in", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked", sa.DateTime(timezone=True), nullable=True),
        sa.Column("views", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("seen", sa.DateTime(timezone=True), nullable=True),
    ]
    for column in columns:
        op.add_column("links", column)
    op.create_index("ix_links_maker", "links", ["maker"])
    _fill()


def _fill() -> None:
    """What the list shows of links that are there already."""
    connection = op.get_bind()
    links = sa.table("links", *(sa.column(name) for name in ("id", "document", *FILLED)))
    for id, document in connection.execute(sa.select(links.c.id, links.c.document)).all():
        frozen = json.loads(document)
        where = frozen.get("record", {})
        values = (frozen.get("title", ""), where.get("id", ""), where.get("sha256", ""), where.get("sample", 0))
        connection.execute(sa.update(links).where(links.c.id == id).values(dict(zip(FILLED, values, strict=True))))


FILLED = ("title", "recording", "recording_sha256", "sample")


def downgrade() -> None:
    """Back."""
    op.drop_index("ix_links_maker", "links")
    with op.batch_alter_table("links") as table:
        names = ("maker", *FILLED, "needs_sign_in", "expires", "revoked", "views", "seen")
        for name in names:
            table.drop_column(name)
