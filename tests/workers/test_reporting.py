"""Many reports become few notices; a cancellation reaches the method."""

from types import SimpleNamespace

import numpy as np
import pytest
from redis.exceptions import ConnectionError

from workers.errors import CancelledError, InterruptedJobError
from workers.reporting import Reporter, thin
from workers.status_store import JobStatusStore, attempt_key_of, progress_key, read_progress

ATTEMPT_KEY = attempt_key_of("ab" * 16, 0)


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


class PredictionCounter(JobStatusStore):
    writes = 0
    partials = 0

    def progress(self, attempt_key, progress):
        self.writes += 1
        self.partials += progress.partial is not None
        return super().progress(attempt_key, progress)


def step(fraction=0.5, loss=None, partial=None):
    return SimpleNamespace(fraction=fraction, loss=loss, partial=partial)


def test_at_most_ten_notices_a_second(connection):
    status_store, clock = PredictionCounter(connection), Clock()
    report = Reporter(status_store, ATTEMPT_KEY, clock=clock)
    for i in range(1000):
        clock.now = i / 1000
        report(step(i / 1000, loss=1.0))
    assert status_store.writes <= 11


def test_the_curve_keeps_its_ends_and_at_most_100_points(connection):
    report = Reporter(JobStatusStore(connection), ATTEMPT_KEY, clock=(clock := Clock()))
    for i in range(500):
        clock.now = i * 0.2
        report(step(i / 500, loss=float(500 - i)))
    seen = read_progress(connection.get(progress_key(ATTEMPT_KEY)))
    assert len(seen.loss) == 100
    assert (seen.loss[0], seen.loss[-1]) == (500.0, 1.0)


def test_thin_leaves_short_curves_alone():
    assert thin([3.0, 2.0, 1.0], 100) == [3.0, 2.0, 1.0]


def test_the_partial_map_is_the_batchs_first_and_stays_between_drawings(connection):
    report = Reporter(JobStatusStore(connection), ATTEMPT_KEY, clock=(clock := Clock()))
    first = np.arange(6, dtype=np.float32).reshape(1, 2, 3)
    report(step(partial=first))
    clock.now = 0.15
    report(step(partial=first + 1))
    seen = read_progress(connection.get(progress_key(ATTEMPT_KEY)))
    assert seen.partial == first[0].tolist()
    clock.now = 0.5
    report(step(partial=first + 1))
    assert read_progress(connection.get(progress_key(ATTEMPT_KEY))).partial == (first[0] + 1).tolist()


def test_cancelling_raises_at_the_next_notice(connection):
    status_store = JobStatusStore(connection)
    report = Reporter(status_store, ATTEMPT_KEY, clock=(clock := Clock()))
    report(step())
    status_store.end(ATTEMPT_KEY, "cancelled")
    clock.now = 1.0
    with pytest.raises(CancelledError):
        report(step())


def test_leaving_raises_at_the_next_notice(connection):
    report = Reporter(JobStatusStore(connection), ATTEMPT_KEY, leave=lambda: True)
    with pytest.raises(InterruptedJobError):
        report(step())


def test_redis_away_for_a_moment_stops_no_computation(connection):
    class Away(JobStatusStore):
        def progress(self, attempt_key, progress):
            raise ConnectionError("away")

    Reporter(Away(connection), ATTEMPT_KEY)(step())


def test_progress_expires(connection):
    Reporter(JobStatusStore(connection), ATTEMPT_KEY)(step())
    assert connection.ttl(progress_key(ATTEMPT_KEY)) > 0
