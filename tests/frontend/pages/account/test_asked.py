"""Whatever takes something away is asked about first, on every page; what it will do is said."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from plotly.io.json import to_json_plotly

from frontend.pages.account import page as account
from frontend.pages.links import page as links
from frontend.pages.people import page as people
from frontend.pages.results import page as results
from frontend.pages.worklist import upload

ME = {"id": "1", "name": "Ada", "role": "administrator", "accounts": True}
MOMENT = "2026-11-21T03:22:00Z"
USERS = [{"id": str(i), "name": name, "role": "lead", "disabled": off, "local": True, "created": MOMENT}
         for i, (name, off) in enumerate([("Ada", False), ("Ben", False), ("Cem", True)], start=1)]  # fmt: skip
LINK = {
    "id": 7, "number": "ab12cd34", "title": "Odd", "recording": "mitdb~208", "at": 1378, "time": 3.828,
    "created": MOMENT, "expires": None, "revoked": None, "needs_sign_in": False, "views": 2, "seen": None,
}  # fmt: skip
SESSION = {"id": "5" * 32, "readers": [{"name": "Ben", "items": 4, "decided": 1}]}


class Service:
    """Answers of a house with people, tokens, links and uploads."""

    def me(self) -> Any:
        return ME

    def users(self) -> Any:
        return USERS

    def sign_ins(self) -> Any:
        return {"sign_ins": [{"current": True, "created": MOMENT, "seen": MOMENT}] * 2, "password": True}

    def tokens(self) -> Any:
        return {"tokens": [{"id": "a" * 32, "title": "script", "seen": None, "expires": None}]}

    def links(self) -> Any:
        return [LINK | {"state": "open"}, LINK | {"id": 8, "state": "withdrawn", "revoked": MOMENT}]

    def removed_uploads(self) -> Any:
        return [{"id": "22ff", "names": ["d"], "until": MOMENT}]


def parts(found: Any) -> Iterator[dict[str, Any]]:
    """The properties of every element."""
    for one in found if isinstance(found, list) else [found]:
        if isinstance(one, dict):
            yield one.get("props", {})
            yield from parts(one.get("props", {}).get("children"))


def takes_away(props: dict[str, Any]) -> bool:
    """Whether a click on it ends, closes, withdraws, removes or disables something."""
    id = props.get("id")
    return (
        str(props.get("data-ask", "")).startswith("DELETE ")
        or '"disabled": true' in str(props.get("data-body", ""))
        or "upload-remove" in str(props.get("className", ""))
        or (isinstance(id, dict) and id["type"] in ("close", "reopen", "withdraw"))
    )


@pytest.mark.parametrize(
    ("name", "shown", "many"),
    [
        ("account", lambda api: account.lists(api), 2),
        ("people", lambda api: people.people(api), 3),
        ("links", lambda api: links.table(api), 1),
        ("uploads", lambda api: upload.uploaded(api, [{"id": "uploads~00ff~a", "name": "a"}]), 1),
        ("session", lambda _: results.ending(SESSION | {"closed": None}), 1),
        ("closed session", lambda _: results.ending(SESSION | {"closed": MOMENT}), 1),
    ],
)
def test_what_takes_something_away_asks_first_and_says_what_it_does(name: str, shown: Any, many: int) -> None:
    found = [props for props in parts(json.loads(str(to_json_plotly(shown(Service()))))) if takes_away(props)]
    assert len(found) >= many, name
    for props in found:
        assert len(props["data-sure"]) > 30
        assert props["data-sure-title"].endswith("?")
        assert props["data-sure-yes"] not in ("OK", "Yes", "")


def test_what_was_taken_away_can_be_given_back_where_it_was_taken() -> None:
    texts = [str(to_json_plotly(found)) for found in
             (links.table(Service()), upload.uploaded(Service(), []), people.people(Service()))]  # type: ignore[arg-type]  # fmt: skip
    for words, text in zip(("Restore link", "Restore d", "Enable Cem"), texts, strict=True):
        assert words in text


def test_ones_own_role_is_not_offered_to_be_given_away() -> None:
    labels = [props.get("aria-label") for props in parts(json.loads(str(to_json_plotly(people.people(Service())))))]  # type: ignore[arg-type]
    assert "Role of Ben" in labels
    assert "Role of Ada" not in labels


def test_the_log_names_the_account_and_what_was_done_to_it() -> None:
    assert people.object_words("2 disabled", {"2": "Ben"}) == "Ben disabled"
    assert people.object_words("mitdb~208", {"2": "Ben"}) == "mitdb~208"


def test_a_link_in_the_list_says_its_beats_time_and_every_day_with_its_hour() -> None:
    text = str(to_json_plotly(links.table(Service())))  # type: ignore[arg-type]
    assert "Record 208 at 00:00:03.828" in text
    assert "withdrawn 2026-11-21 03:22 UTC" in text
    assert links.subject(LINK | {"time": None}) == "Record 208"
