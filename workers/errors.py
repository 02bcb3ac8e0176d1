"""What can go wrong between the service and its workers."""

from collections.abc import Iterator
from contextlib import contextmanager

from redis.exceptions import RedisError

from models.errors import DomainError, InvalidError


class QueueUnavailableError(DomainError):
    """Redis cannot be reached or refuses to write: nothing can be queued or looked up just now."""


class TooLongError(InvalidError):
    """The work would take longer than a job may run; the message says how long."""


class CancelledError(Exception):
    """The job was cancelled; the method that is running lets it through."""


class InterruptedJobError(Exception):
    """This worker is asked to leave and the job is not done: another worker starts it again."""


@contextmanager
def redis_as_domain_error() -> Iterator[None]:
    """Turn every failure of Redis into one QueueUnavailableError that says what happened."""
    try:
        yield
    except (RedisError, OSError) as error:
        raise QueueUnavailableError(f"The queue (Redis) cannot be used: {error}") from error


def spoken(seconds: float) -> str:
    """`22 min`, `40 s`, `3.5 h`."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 90 * 60 else f"{seconds / 3600:.1f} h"
