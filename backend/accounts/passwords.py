"""Passwords, as argon2 keeps them."""

from functools import cache

from pwdlib import PasswordHash

SHORTEST, LONGEST = 10, 200  # characters


@cache
def _argon2() -> PasswordHash:
    return PasswordHash.recommended()


@cache
def _nobodys() -> str:
    return hashed("nobody's password")


def hashed(password: str) -> str:
    """What is kept of a password."""
    return _argon2().hash(password)


def fits(password: str, kept: str | None) -> bool:
    """Whether it is the password; it takes as long where there is none to compare with."""
    fitting = _argon2().verify(password, kept or _nobodys())
    return fitting and kept is not None
