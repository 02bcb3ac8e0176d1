"""What a browser or a script shows to be known: a random text, of which only the hash is kept."""

import hashlib
import secrets

BYTES = 32  # 256 bits


def generate_token() -> str:
    """A new one."""
    return secrets.token_urlsafe(BYTES)


def hash_token(key: str) -> str:
    """What is kept of it."""
    return hashlib.sha256(key.encode()).hexdigest()
