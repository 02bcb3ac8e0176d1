"""What goes first where a budget is full: what is cheap to make again for the room that it takes."""

from models.memory import MEGABYTE, Budget
from models.memory.budget import Entry, Key


def key(name: str) -> Key:
    return Key(0, name)


def entry(megabytes: float, seconds: float = 0.0) -> Entry:
    return Entry(object(), round(megabytes * MEGABYTE), "things", seconds)


def held(budget: Budget, names: str) -> str:
    """Which of the names are kept; looking changes nothing."""
    return "".join(name for name in names if key(name) in list(budget._entries))


def test_what_took_long_outlives_what_is_heavy_and_quick() -> None:
    budget = Budget(10 * MEGABYTE)
    budget.put(key("a"), entry(1, seconds=300.0))
    for name in "bcdefg":
        budget.put(key(name), entry(4, seconds=2.0))
    assert held(budget, "abcdefg") == "afg"


def test_of_what_is_quick_the_one_used_longest_ago_goes() -> None:
    budget = Budget(10 * MEGABYTE)
    for name in "abc":
        budget.put(key(name), entry(3, seconds=0.9))
    assert budget.get(key("a")) is not None
    budget.put(key("d"), entry(3))
    assert held(budget, "abcd") == "acd"


def test_what_nobody_uses_any_more_goes_in_the_end_however_long_it_took() -> None:
    budget = Budget(10 * MEGABYTE)
    budget.put(key("a"), entry(4, seconds=40.0))  # ten seconds a megabyte
    for number in range(40):
        budget.put(key(f"{number}"), entry(4, seconds=8.0))  # two
    assert held(budget, "a") == ""


def test_a_budget_holds_no_more_than_its_limit() -> None:
    budget = Budget(10 * MEGABYTE)
    for number in range(50):
        budget.put(key(f"{number}"), entry(number % 7 + 0.5, seconds=number % 5))
        counted = sum(min(one.weight, 5 * MEGABYTE) for one in budget._entries.values())
        assert counted <= 10 * MEGABYTE
