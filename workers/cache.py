"""Results in Redis under the hash of everything that decides them. What is here is done, whatever else says."""

import zlib

import redis
from pydantic import ValidationError

from models.explanation import Explanation

PREFIX = "beatlens:1:result:"  # 1: raise when Explanation changes so that old entries cannot be read
WEEK = 7 * 24 * 3600  # seconds


def pack(explanation: Explanation) -> bytes:
    """JSON, deflated: 216 samples and a 500-step loss curve are about 6 kB."""
    return zlib.compress(explanation.model_dump_json().encode())


def unpack(blob: bytes | None) -> Explanation | None:
    """The explanation, or None where there is none or an entry that this version cannot read."""
    if blob is None:
        return None
    try:
        return Explanation.model_validate_json(zlib.decompress(blob))
    except (ValidationError, zlib.error):
        return None


class Cache:
    """Content-addressed results; every entry expires, so Redis may also evict it (volatile-lru)."""

    def __init__(self, connection: redis.Redis, ttl: int = WEEK) -> None:
        self.connection = connection
        self.ttl = ttl  # seconds since the last use

    @staticmethod
    def key(id: str) -> str:
        """Where the result of `id` lies."""
        return PREFIX + id

    def get(self, id: str) -> Explanation | None:
        """The result, if it is still there; reading it keeps it longer."""
        with self.connection.pipeline(transaction=False) as pipe:
            pipe.get(self.key(id))
            pipe.expire(self.key(id), self.ttl)
            blob, _ = pipe.execute()
        return unpack(blob)

    def put(self, explanation: Explanation) -> None:
        """Store under its own id."""
        self.connection.set(self.key(explanation.id), pack(explanation), ex=self.ttl)
