"""Results are found under their hash, expire, and never break a newer version."""

from workers.cache import PREFIX, Cache


def test_what_is_put_is_got_and_expires(connection, ask, explanation):
    cache, made = Cache(connection, ttl=100), explanation(ask())
    cache.put(made.id, made)
    assert cache.get(made.id) == made.model_dump()
    assert 0 < connection.ttl(PREFIX + made.id) <= 100


def test_use_keeps_a_result_longer(connection, ask, explanation):
    cache, made = Cache(connection, ttl=100), explanation(ask())
    cache.put(made.id, made)
    connection.expire(PREFIX + made.id, 5)
    cache.get(made.id)
    assert connection.ttl(PREFIX + made.id) > 50


def test_an_entry_that_cannot_be_read_is_no_entry(connection):
    connection.set(PREFIX + "ab", b"from another world")
    assert Cache(connection).get("ab") is None


def test_absence_is_none(connection):
    assert Cache(connection).get("00") is None
