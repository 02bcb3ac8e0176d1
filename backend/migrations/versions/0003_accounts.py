"""Accounts, who is signed in, keys for scripts, and the audit log."""

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("sign_in", sa.String(200), nullable=True),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("password", sa.String(200), nullable=True),
        sa.Column("issuer", sa.String(300), nullable=True),
        sa.Column("subject", sa.String(255), nullable=True),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        sa.UniqueConstraint("sign_in", name="uq_accounts_sign_in"),
        sa.UniqueConstraint("issuer", "subject", name="uq_accounts_issuer"),
    )
    for table, columns in (
        ("sign_ins", [sa.Column("seen", sa.DateTime(timezone=True), nullable=False)]),
        (
            "api_tokens",
            [
                sa.Column("title", sa.String(100), nullable=False),
                sa.Column("seen", sa.DateTime(timezone=True), nullable=True),
                sa.Column("expires", sa.DateTime(timezone=True), nullable=True),
            ],
        ),
    ):
        op.create_table(
            table,
            sa.Column("id", sa.String(32), nullable=False),
            sa.Column("account", sa.String(32), nullable=False),
            sa.Column("token_sha256", sa.String(64), nullable=False),
            sa.Column("created", sa.DateTime(timezone=True), nullable=False),
            *columns,
            sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
            sa.UniqueConstraint("token_sha256", name=f"uq_{table}_token_sha256"),
            sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=f"fk_{table}_account_accounts"),
        )
        op.create_index(f"ix_{table}_account", table, ["account"])
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=True),
        sa.Column("action", sa.String(30), nullable=False),
        sa.Column("object", sa.String(300), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_user_id", "audit", ["user_id", "id"])


def downgrade() -> None:
    """Back."""
    for table in ("audit", "api_tokens", "sign_ins", "accounts"):
        op.drop_table(table)
