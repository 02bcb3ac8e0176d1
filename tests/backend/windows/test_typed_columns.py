"""Columns as typed arrays say what the lists say, in a text for each column instead of an object for each value."""

from base64 import b64decode
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from backend.columns import Numbers, Words

ONE = "/recordings/ward~one"


def unpacked(sent: dict[str, Any]) -> list[Any]:
    """A typed column as a list."""
    values = np.frombuffer(b64decode(sent["bdata"]), f"<{sent['dtype']}")
    if sent["words"] is not None:
        return [sent["words"][code] if code >= 0 else None for code in values]
    rows = values.reshape([int(size) for size in sent["shape"].split(",")]) if sent["shape"] else values[:, None]
    single = sent["shape"] is None
    return [None if np.isnan(row).all() else row[0] if single else row for row in rows]


def assert_same(typed: dict[str, Any], lists: dict[str, Any]) -> None:
    """Every column holds the same; numbers as far as they are rounded in lists."""
    assert set(typed) == set(lists)
    for name in set(lists) - {"beats"}:
        for own, other in zip(unpacked(typed[name]), lists[name], strict=True):
            if other is None or isinstance(other, str):
                assert own == other, name
            else:
                np.testing.assert_allclose(own, other, atol=6e-3 if name == "rr" else 1e-4)


@pytest.mark.parametrize("query", ["", "?model=tiny", "?start=2&seconds=3", "?model=tiny&lead=V5", "?start=9e6"])
def test_windows(client: TestClient, query: str) -> None:
    lists, typed = (client.get(f"{ONE}/windows{query}", params=more) for more in ({}, {"columns": "typed"}))
    if lists.status_code != 200:
        assert typed.status_code == lists.status_code
        return
    one, other = lists.json(), typed.json()
    assert_same(other["windows"], one["windows"])
    assert_same(other["windows"]["beats"], one["windows"]["beats"])
    assert {**one, "windows": None} == {**other, "windows": None}


def test_queues_and_groups(client: TestClient) -> None:
    one, other = (
        client.get(f"{ONE}/queues", params={"model": "tiny"} | more).json() for more in ({}, {"columns": "typed"})
    )
    assert_same(other["beats"], one["beats"])
    for lists, typed in zip(one["queues"], other["queues"], strict=True):
        assert unpacked(typed["at"]) == lists["at"]
        assert typed["count"] == lists["count"] == len(lists["at"])
    one, other = (
        client.get(f"{ONE}/groups", params={"model": "tiny"} | more).json() for more in ({}, {"columns": "typed"})
    )
    for lists, typed in zip(one["groups"], other["groups"], strict=True):
        assert unpacked(typed["at"]) == lists["at"]
        assert {**typed, "at": None} == {**lists, "at": None}


def test_another_form_is_refused_by_name(client: TestClient) -> None:
    answer = client.get(f"{ONE}/windows", params={"columns": "rows"})
    assert answer.status_code == 422
    assert answer.json()["options"] == ["lists", "typed"]


def test_what_is_hidden_is_hidden_in_both_forms() -> None:
    hide = np.array([False, True, False])
    words, numbers = Words.of(["N", "V", None]), Numbers(np.array([[1, 2], [3, 4], [5, 6]]))
    assert words.without(hide).listed() == unpacked(dict(words.without(hide).typed())) == ["N", None, None]
    assert words.without(hide, "sealed").listed() == ["N", "sealed", None]
    assert numbers.without(hide).listed()[1] is None
    assert unpacked(dict(numbers.without(hide).typed()))[1] is None


def test_words_that_are_hidden_everywhere_and_their_order_are_not_sent() -> None:
    words = Words.of(["F", "V", "N", "V", None]).without(np.array([True, True, False, False, False]))
    assert words.typed().words == ["N", "V"]
    assert words.listed() == [None, None, "N", "V", None]
    assert Words.of(["F"]).without(np.array([True]), "sealed").typed().words == ["sealed"]
    assert Words.of([]).without(np.array([], bool)).names == ()


def test_words_may_be_renamed_and_some_lose_their_name() -> None:
    words = Words.of(["L", "+", "N", None])
    assert words.renamed({"L": "N", "N": "N"}.get(name) for name in words.names).listed() == ["N", None, "N", None]


def test_samples_of_more_than_32_bits_stay_whole() -> None:
    far = [0, 2**31 + 7]
    assert unpacked(dict(Numbers(np.array(far)).typed())) == far
