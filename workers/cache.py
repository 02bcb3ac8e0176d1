"""Results in Redis under the hash of everything that decides them. What is here is done, whatever else says."""

import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import redis
from pydantic import BaseModel

PREFIX = "beatlens:2:result:"  # 2: raise when a result's model changes so that old entries cannot be read
WEEK = 7 * 24 * 3600  # seconds
QUICK = 1  # of deflate's levels: several times as quick as the usual one, a little larger


def pack(result: BaseModel) -> bytes:
    """JSON, deflated at the quickest level: somebody waits for it."""
    return zlib.compress(result.model_dump_json().encode(), QUICK)


def unpack(blob: bytes | None) -> dict[str, Any] | None:
    """The result as JSON, or None where there is none or an entry that cannot be read."""
    if blob is None:
        return None
    try:
        found = json.loads(zlib.decompress(blob))
    except (ValueError, zlib.error):
        return None
    return found if isinstance(found, dict) else None


class Cache:
    """Content-addressed results; every entry expires, so Redis may also evict it (volatile-lru)."""

    def __init__(self, connection: redis.Redis, ttl: int = WEEK) -> None:
        self.connection = connection
        self.ttl = ttl  # seconds since the last use

    @staticmethod
    def key(id: str) -> str:
        """Where the result of `id` lies."""
        return PREFIX + id

    def get(self, id: str) -> dict[str, Any] | None:
        """The result, if it is still there; reading it keeps it longer."""
        with self.connection.pipeline(transaction=False) as pipe:
            pipe.get(self.key(id))
            pipe.expire(self.key(id), self.ttl)
            blob, _ = pipe.execute()
        return unpack(blob)

    def known(self, ids: Sequence[str]) -> set[str]:
        """Which of these have a result."""
        with self.connection.pipeline(transaction=False) as pipe:
            for id in ids:
                pipe.exists(self.key(id))
            return {id for id, there in zip(ids, pipe.execute(), strict=True) if there}

    def put(self, id: str, result: BaseModel) -> None:
        """Store what `id` came to."""
        self.put_all({id: result})

    def put_all(self, results: Mapping[str, BaseModel]) -> None:
        """Store what each id came to, in one trip."""
        with self.connection.pipeline(transaction=False) as pipe:
            for id, result in results.items():
                pipe.set(self.key(id), pack(result), ex=self.ttl)
            pipe.execute()

    def forget(self, ids: Sequence[str]) -> None:
        """Drop entries that nobody can use."""
        if ids:
            self.connection.delete(*map(self.key, ids))
