"""Passwords, hashed by argon2."""

from functools import cache

from pwdlib import PasswordHash

SHORTEST, LONGEST = 10, 200  # characters


@cache
def _argon2() -> PasswordHash:
    return PasswordHash.recommended()


@cache
def _hash_of_nobody() -> str:
    return hash_password("nobody's password")


def hash_password(password: str) -> str:
    """The argon2 hash of a password."""
    return _argon2().hash(password)


def verify_password(password: str, stored: str | None) -> bool:
    """Whether a password fits the hash kept; it takes as long where there is no hash to compare with."""
    fitting = _argon2().verify(password, stored or _hash_of_nobody())
    return fitting and stored is not None
