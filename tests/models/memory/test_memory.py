"""The one budget of a process: what goes first, what is counted, what is made once, what is given back."""

import gc
import threading

import pytest

from models.memory import Budget, Memory
from models.memory.budget import ENTRY, LARGE
from models.memory.giving_back import give_back

ROOM = 10_000  # bytes of a value: entries weigh little beside it


def budget(values: int) -> Budget:
    """Room for so many values."""
    return Budget(values * (ROOM + ENTRY), lambda: None)


def memories(shared: Budget) -> tuple[Memory[str], Memory[str]]:
    return Memory("a", lambda _: ROOM, shared), Memory("b", lambda _: ROOM, shared)


def test_many_threads_make_a_thing_once() -> None:
    made: list[int] = []
    gate = threading.Event()

    def make() -> int:
        gate.wait(5)
        made.append(1)
        return 7

    memory: Memory[int] = Memory("numbers", lambda _: 1, budget(4))
    values: list[int] = []
    threads = [threading.Thread(target=lambda: values.append(memory.get("k", make))) for _ in range(8)]
    for thread in threads:
        thread.start()
    gate.set()
    for thread in threads:
        thread.join()
    assert values == [7] * 8
    assert made == [1]


def test_what_was_used_longest_ago_goes_first_whichever_memory_it_is_in() -> None:
    a, b = memories(budget(3))
    a.get("old", lambda: "old")
    b.get("newer", lambda: "newer")
    b.get("newest", lambda: "newest")
    assert a.get("old", lambda: "made again") == "old"
    a.get("one more", lambda: "one more")
    assert b.peek("newer") is None
    assert (a.peek("old"), b.peek("newest"), a.peek("one more")) == ("old", "newest", "one more")


def test_two_memories_of_one_name_are_kept_apart() -> None:
    shared = budget(4)
    one, other = (Memory("beats", lambda _: ROOM, shared) for _ in range(2))
    assert one.get("k", lambda: "one") == "one"
    assert other.get("k", lambda: "other") == "other"
    one.drop()
    assert (one.peek("k"), other.peek("k")) == (None, "other")


def test_a_failure_is_not_kept() -> None:
    memory: Memory[int] = Memory("numbers", lambda _: 1, budget(2))
    with pytest.raises(ZeroDivisionError):
        memory.get("k", lambda: 1 // 0)
    assert memory.get("k", lambda: 3) == 3


def test_no_more_is_kept_than_the_limit_and_it_is_told_by_memory() -> None:
    shared = budget(5)
    a, b = memories(shared)
    for number in range(4):
        a.put(number, "")
        b.put(number, "")
    use = shared.use()
    assert use.used == sum(use.memories.values()) <= use.limit == 5 * (ROOM + ENTRY)
    assert set(use.memories) == {"a", "b"}
    assert use.memories["a"] + use.memories["b"] == 5 * (ROOM + ENTRY)


def test_a_value_larger_than_the_limit_is_kept_and_leaves_room_for_what_is_made_of_it() -> None:
    shared = budget(4)
    long: Memory[str] = Memory("recordings", lambda _: 9 * ROOM, shared)
    a, _ = memories(shared)
    long.put("day", "day")
    a.put(1, "beats")
    assert (long.peek("day"), a.peek(1)) == ("day", "beats")
    assert shared.use().used > shared.limit


def test_a_smaller_limit_holds_at_once() -> None:
    shared = budget(6)
    a, _ = memories(shared)
    for number in range(6):
        a.put(number, str(number))
    shared.limit = 2 * (ROOM + ENTRY)
    assert [number for number in range(6) if a.peek(number)] == [4, 5]


def test_a_replaced_value_is_counted_once() -> None:
    shared = budget(6)
    a, _ = memories(shared)
    for _ in range(3):
        a.put("k", "v")
    assert shared.use().used == ROOM + ENTRY


def test_what_a_memory_kept_goes_with_it() -> None:
    shared = budget(6)
    a, b = memories(shared)
    a.put("k", "v")
    b.put("k", "v")
    del a
    gc.collect()
    assert set(shared.use().memories) == {"b"}


def test_free_memory_is_given_back_after_much_was_kept_or_dropped() -> None:
    calls: list[int] = []
    shared = Budget(8 * LARGE, lambda: calls.append(1))
    half: Memory[str] = Memory("half", lambda _: LARGE // 2, shared)
    half.put(0, "")
    assert not calls
    half.put(1, "")
    assert calls == [1]
    half.drop()
    assert calls == [1, 1]


def test_giving_back_needs_no_particular_system() -> None:
    give_back()
