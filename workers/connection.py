"""Redis connections: short timeouts for API requests, long ones for workers."""

import redis
import redis.asyncio
from redis.backoff import ConstantBackoff, NoBackoff
from redis.retry import Retry


def worker_connection(url: str) -> redis.Redis:
    """A client for a worker's loop: blocking reads may last."""
    return redis.Redis.from_url(url, socket_connect_timeout=5, retry=Retry(ConstantBackoff(0.5), 3))


def api_connection(url: str) -> redis.Redis:
    """A client for answering people: within about a second it works or says that it does not."""
    return redis.Redis.from_url(
        url,
        socket_connect_timeout=0.5,
        socket_timeout=2,
        retry=Retry(NoBackoff(), 1),  # one: a pooled connection may be older than the server
    )


def async_api_connection(url: str) -> "redis.asyncio.Redis":
    """The API's connection for the event loop."""
    return redis.asyncio.Redis.from_url(url, socket_connect_timeout=0.5, socket_timeout=2)
