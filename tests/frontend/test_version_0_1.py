"""A document that a link of Beatlens 0.1 froze: its page and its sheet are drawn as any other's."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from backend.links import upgrade
from frontend.api import windows
from frontend.pages.desk.page import panels
from frontend.pages.link import page as link
from frontend.sheets import content, files

OLD = Path(__file__).parents[1] / "data" / "version-0.1" / "link.json"
TODAY = {"live": {"differs": False, "notes": []}, "number": "ab12cd34", "needs_sign_in": False, "expires": None}


@pytest.fixture
def old() -> dict[str, Any]:
    """The document as the service reads it today."""
    return upgrade.read(1, OLD.read_text()).model_dump(mode="json") | TODAY


def test_its_page_shows_beat_output_maps_and_judgements(old: dict[str, Any]) -> None:
    visit = SimpleNamespace(rest="t" * 32, api=SimpleNamespace(link=lambda token: old))
    shown = str(link.layout(visit))
    then = json.loads(OLD.read_text())
    for explanation in then["explanations"]:
        assert explanation["title"] in shown
    assert then["prediction"]["name"] in shown
    assert "Mind the T wave." in shown
    assert f"at={then['record']['sample']}" in shown


@pytest.mark.parametrize(("form", "begin"), [("pdf", b"%PDF"), ("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_its_sheet_is_drawn(old: dict[str, Any], form: str, begin: bytes) -> None:
    assert files.made(old, form, panels()).startswith(begin)


def test_its_preview_is_drawn(old: dict[str, Any]) -> None:
    assert files.announced(old).startswith(b"\x89PNG")


def test_its_columns_are_those_that_were_frozen(old: dict[str, Any]) -> None:
    then, columns = json.loads(OLD.read_text())["strip"]["beats"], content.columns(windows.document(old))
    assert columns["time"] == [one["time"] for one in then]
    assert columns["symbol"] == [one["symbol"] for one in then]
    assert columns["prediction"] == [one["prediction"] for one in then]
