"""What a browser or a script shows to be known: a random text, of which only the hash is kept."""

import hashlib
import secrets

BYTES = 32  # 256 bits


def new() -> str:
    """A new one."""
    return secrets.token_urlsafe(BYTES)


def digest(key: str) -> str:
    """What is kept of it."""
    return hashlib.sha256(key.encode()).hexdigest()
