"""Random bearer tokens for cookies and scripts; only their SHA-256 is stored."""

import hashlib
import secrets

BYTES = 32  # 256 bits


def generate_token() -> str:
    """A new token."""
    return secrets.token_urlsafe(BYTES)


def hash_token(key: str) -> str:
    """The SHA-256 of a token."""
    return hashlib.sha256(key.encode()).hexdigest()
